using System.CommandLine;
using Proxy.Host.Tools;

namespace Proxy.Host.Commands;

/// <summary><c>phigate login</c>: a person's token by the device flow.</summary>
internal static class LoginCommand
{
    private static readonly Option<string> Issuer = new("--issuer") { Description = "The OpenID provider's URL, as its discovery document states it", HelpName = "URL", Required = true };
    private static readonly Option<string> Client = new("--client-id") { Description = "A public client of the provider that may use the device flow", Required = true };
    private static readonly Option<string> Scope = new("--scope") { Description = "What to ask for", DefaultValueFactory = _ => "openid" };
    private static readonly Option<string?> Audience = new("--audience") { Description = "The gateway's audience, where the provider has to be told" };

    public static Command Create()
    {
        var command = new Command("login", "Log in at an OpenID provider, on whatever device has a browser") { Issuer, Client, Scope, Audience, ToolOptions.Authorities };
        command.SetAction(ToolOptions.Guarded(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var console = arguments.InvocationConfiguration;
        var authorities = arguments.GetValue(ToolOptions.Authorities);
        using var http = ToolHttp.Create(authorities);
        var provider = new OpenIdClient(http, arguments.GetRequiredValue(Issuer), arguments.GetRequiredValue(Client), TimeProvider.System);
        var login = await provider.LogInAsync(
            arguments.GetRequiredValue(Scope), arguments.GetValue(Audience), (address, code) => console.Error.WriteLine($"Open {address} and enter the code {code}"), cancellationToken);
        await (login with { AuthorityFile = authorities is null ? null : Path.GetFullPath(authorities) }).WriteAsync(StoredLogin.DefaultPath, cancellationToken);
        await console.Error.WriteLineAsync($"Logged in until {login.ExpiresAt:u}{(login.RefreshToken is null ? "" : ", and renewed after that")}");
        return ExitCode.Success;
    }
}
