using System.CommandLine;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Polly.Timeout;
using Proxy.Core.Explaining;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Sql.Postgres;
using Proxy.Host.Catalogue;
using Proxy.Host.Configuration;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Identity;
using Proxy.Host.ServerCredentials;
using Proxy.Protocols;

namespace Proxy.Host.Commands;

/// <summary><c>phigate explain</c>: what PhiGate would make of a statement, and why. Reads the target's catalogue and runs nothing of the statement.</summary>
internal static class ExplainCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Option<string> Configuration = ConfigurationOption.Create();
    private static readonly Argument<string> Target = new("target") { Description = "As clients name it: a target, or target/database", HelpName = "TARGET" };
    private static readonly Argument<string?> Statement = new("statement")
    {
        Description = "The text; without it, standard input",
        HelpName = "STATEMENT",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Token = new("--token") { Description = "For whoever this token admits; @FILE reads it from a file" };
    private static readonly Option<string?> As = new("--as")
    {
        Description = "For whoever has these claims, for example '{\"iss\":\"company\",\"sub\":\"agent-1\",\"groups\":[\"agents\"]}'; iss may be an issuer's name",
        HelpName = "CLAIMS",
    };

    private static readonly Option<bool> AsJson = new("--json") { Description = "In the form of schemas/explanation.schema.json" };

    public static Command Create()
    {
        var command = new Command("explain", "Say how a statement would be understood, decided and masked, without running it")
        {
            Target, Statement, Configuration, Token, As, AsJson,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Token) is null == result.GetResult(As) is null)
                result.AddError("exactly one of --token and --as is needed: rules are about somebody");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var console = arguments.InvocationConfiguration;
        if (await ConfigurationOption.LoadAsync(arguments.GetRequiredValue(Configuration), console, showsWarnings: false, cancellationToken) is not { Snapshot: { } configuration })
            return ExitCode.ConfigurationInvalid;
        try
        {
            var (target, database) = TargetOf(arguments.GetRequiredValue(Target), configuration);
            var principal = await PrincipalAsync(arguments, configuration, cancellationToken);
            var text = arguments.GetValue(Statement) ?? await Console.In.ReadToEndAsync(cancellationToken);
            var explanation = await ExplainAsync(configuration, target, database, principal, text, cancellationToken);
            await console.Output.WriteLineAsync(
                (arguments.GetValue(AsJson) ? JsonSerializer.Serialize(explanation, Json) : ExplanationText.Write(explanation).TrimEnd()).AsMemory(), cancellationToken);
            return ExitCode.Success;
        }
        catch (ArgumentException exception)
        {
            await console.Error.WriteLineAsync(exception.Message);
            return ExitCode.Failure;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutRejectedException or TimeoutException or IOException or UnauthorizedAccessException or ServerCredentialException)
        {
            await console.Error.WriteLineAsync($"the target's catalogue cannot be read: {exception.Message}");
            return ExitCode.Failure;
        }
    }

    private static async Task<Explanation> ExplainAsync(
        ConfigurationSnapshot configuration, TargetOptions target, string database, Principal principal, string text, CancellationToken cancellationToken)
    {
        var limits = configuration.Limits;
        using var frontEnd = new PostgresFrontEnd(new PostgresFrontEndOptions
        {
            TextBytesMax = limits.StatementBytesMax,
            Deadline = TimeSpan.FromMilliseconds(limits.ParserDeadlineMs),
            InstanceMemoryBytesMax = limits.ParserMemoryBytesMax,
        });
        var loader = new CatalogueLoader(
            TargetConnection.For(target, database), TimeProvider.System, TargetConnection.TlsOf(target),
            CredentialSources.For(target, target.DatabaseUser, TimeProvider.System, NullLogger.Instance));
        await using var catalogue = new CatalogueSource(loader, configuration.Classification[target.Name], frontEnd, TimeProvider.System);
        var analysis = await frontEnd.AnalyseAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await catalogue.LoadAsync(cancellationToken);
        using var keys = configuration.Gateway.Masking.Key is { } key
            ? new MaskingKeys(Convert.FromBase64String((await CredentialReader.ReadAsync(key, cancellationToken)).Reveal()))
            : null;
        return new StatementExplainer(new FixedPolicy(configuration.Policy), catalogue, new MaskPlanner(keys), TimeProvider.System)
            .Explain(principal, target.Name, database, analysis);
    }

    private static (TargetOptions Target, string Database) TargetOf(string named, ConfigurationSnapshot configuration)
    {
        var slash = named.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? named : named[..slash];
        if (!configuration.Targets.TryGetValue(name, out var target))
            throw new ArgumentException($"there is no target {name} in gateway.yaml");
        var database = slash < 0 ? target.Databases[0] : named[(slash + 1)..];
        return target.Databases.Contains(database, StringComparer.Ordinal)
            ? (target, database)
            : throw new ArgumentException($"target {name} has no database {database} in gateway.yaml");
    }

    private static async Task<Principal> PrincipalAsync(ParseResult arguments, ConfigurationSnapshot configuration, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(As) is { } claims)
            return ClaimedPrincipal.Read(claims, configuration.Issuers);
        var token = arguments.GetValue(Token)!;
        if (token is ['@', .. var file])
            token = (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
        using var validator = new TokenValidator(configuration.Issuers, TimeProvider.System, NullLogger.Instance);
        var outcome = await validator.ValidateAsync(token, cancellationToken);
        return outcome.Principal ?? throw new ArgumentException($"the token does not admit: {outcome.Detail}");
    }

    private sealed class FixedPolicy(AccessPolicy policy) : IPolicySource
    {
        public AccessPolicy Current => policy;
    }
}
