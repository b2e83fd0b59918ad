using System.CommandLine;
using Proxy.Host.Tools;

namespace Proxy.Host.Commands;

/// <summary>What the commands of people and agents have in common: which gateway, whose token. Each has an environment variable.</summary>
internal static class ToolOptions
{
    public const string TokenVariable = "PHIGATE_TOKEN";

    public static readonly Option<string?> Gateway = new("--gateway")
    {
        Description = "The gateway's https address (or PHIGATE_GATEWAY)",
        HelpName = "URL",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("PHIGATE_GATEWAY"),
    };

    public static readonly Option<string?> Authorities = new("--ca-file")
    {
        Description = "PEM of the authorities to trust (or PHIGATE_CA_FILE); without it, the machine's",
        HelpName = "FILE",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("PHIGATE_CA_FILE"),
    };

    public static Uri GatewayOf(ParseResult arguments)
    {
        var text = arguments.GetValue(Gateway) ?? throw new ToolException("which gateway? Give --gateway or PHIGATE_GATEWAY");
        return ToolHttp.Address(text.EndsWith('/') ? text : text + "/");
    }

    /// <summary>From the environment, which agents and CI have; otherwise of the person who logged in, renewed when it is about to expire.</summary>
    public static async Task<string> TokenAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
            return token.Trim();
        var path = StoredLogin.DefaultPath;
        var login = await StoredLogin.ReadAsync(path, cancellationToken) ?? throw new ToolException($"nobody is logged in: run phigate login, or set {TokenVariable}");
        if (login.ExpiresAt > time.GetUtcNow().AddSeconds(30))
            return login.AccessToken;
        if (login.RefreshToken is null)
            throw new ToolException("the login has expired: run phigate login");
        using var http = ToolHttp.Create(login.AuthorityFile);
        login = await new OpenIdClient(http, login.Issuer, login.ClientId, time).RefreshAsync(login, cancellationToken);
        await login.WriteAsync(path, cancellationToken);
        return login.AccessToken;
    }

    /// <summary>Runs a command; what it could not do is one line on standard error.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Guarded(Func<ParseResult, CancellationToken, Task<int>> run) => async (arguments, cancellationToken) =>
    {
        try
        {
            return await run(arguments, cancellationToken);
        }
        catch (Exception exception) when (exception is ToolException or IOException or UnauthorizedAccessException)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync(exception.Message);
            return ExitCode.Failure;
        }
    };
}
