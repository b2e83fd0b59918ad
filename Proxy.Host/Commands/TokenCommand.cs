using System.Collections.Immutable;
using System.CommandLine;
using Proxy.Host.Identity;

namespace Proxy.Host.Commands;

/// <summary><c>phigate token</c>: a token for development, signed by a local key.</summary>
internal static class TokenCommand
{
    private const string Warning = """
        ***********************************************************************
        *  DEVELOPMENT ONLY. This token is signed by a key in a local file:   *
        *  whoever can read that file can be anybody. Never configure this    *
        *  issuer where there is real data; use an identity provider there.   *
        ***********************************************************************
        """;

    private static readonly Option<string> Directory = new("--directory")
    {
        Description = "Where the key and its key set are, or will be created",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".phigate-development",
    };

    private static readonly Option<string> Subject = new("--subject") { Description = "Who the agent is", DefaultValueFactory = _ => "development-agent" };
    private static readonly Option<string?> Agent = new("--agent") { Description = "The client, as azp; with --human, as act.sub" };
    private static readonly Option<string?> Human = new("--human") { Description = "On whose behalf: makes a token of delegation (RFC 8693)" };
    private static readonly Option<string[]> Group = new("--group") { Description = "A group; may be given several times", DefaultValueFactory = _ => [] };
    private static readonly Option<string[]> Claim = new("--claim")
    {
        Description = "A further claim; may be given several times",
        HelpName = "NAME=VALUE",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string> Issuer = new("--issuer") { DefaultValueFactory = _ => DevelopmentTokenRequest.DefaultIssuer };
    private static readonly Option<string> Audience = new("--audience") { DefaultValueFactory = _ => DevelopmentTokenRequest.DefaultAudience };
    private static readonly Option<int> Lifetime = new("--lifetime-seconds") { DefaultValueFactory = _ => 3600 };

    public static Command Create()
    {
        var command = new Command("token", "Sign a token for development with a local key; prints it on standard output")
        {
            Directory, Subject, Agent, Human, Group, Claim, Issuer, Audience, Lifetime,
        };
        Claim.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (token.Value.IndexOf('=', StringComparison.Ordinal) <= 0)
                    result.AddError($"--claim {token.Value}: NAME=VALUE is expected");
        });
        Lifetime.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 86400)
                result.AddError("--lifetime-seconds must be between 1 and 86400");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var console = arguments.InvocationConfiguration;
        await console.Error.WriteLineAsync(Warning);
        var directory = arguments.GetRequiredValue(Directory);
        try
        {
            using var key = DevelopmentKey.OpenOrCreate(directory);
            await console.Error.WriteLineAsync($"Trust it with jwks-file: {Path.GetFullPath(Path.Combine(directory, DevelopmentKey.KeySetFileName))}");
            await console.Output.WriteLineAsync(key.Sign(Request(arguments), TimeProvider.System.GetUtcNow()).AsMemory(), cancellationToken);
            return ExitCode.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await console.Error.WriteLineAsync(exception.Message);
            return ExitCode.Failure;
        }
    }

    private static DevelopmentTokenRequest Request(ParseResult arguments) => new()
    {
        Subject = arguments.GetRequiredValue(Subject),
        Agent = arguments.GetValue(Agent),
        Human = arguments.GetValue(Human),
        Groups = [.. arguments.GetValue(Group) ?? []],
        Claims = (arguments.GetValue(Claim) ?? [])
            .Select(claim => claim.Split('=', 2))
            .ToImmutableDictionary(pair => pair[0], pair => pair[1]),
        Issuer = arguments.GetRequiredValue(Issuer),
        Audience = arguments.GetRequiredValue(Audience),
        LifetimeSeconds = arguments.GetRequiredValue(Lifetime),
    };
}
