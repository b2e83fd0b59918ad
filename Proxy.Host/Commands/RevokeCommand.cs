using System.CommandLine;
using Proxy.Host.Identity.Revocation;

namespace Proxy.Host.Commands;

/// <summary><c>phigate revoke</c>: ends access at once, and says how many live sessions that was.</summary>
internal static class RevokeCommand
{
    private static readonly Option<string?> Token = new("--token-id") { Description = "One token, by its jti", HelpName = "ID" };
    private static readonly Option<string?> Agent = new("--agent") { Description = "An agent, whoever is behind it", HelpName = "NAME" };
    private static readonly Option<string?> Human = new("--human") { Description = "Whatever is done on a human's behalf", HelpName = "NAME" };
    private static readonly Option<string?> Grant = new("--grant") { Description = "A one-time credential, by its user name", HelpName = "NAME" };
    private static readonly Option<string?> Session = new("--session") { Description = "One session, by its id", HelpName = "ID" };
    private static readonly Option<string?> Issuer = new("--issuer") { Description = "Only of this issuer (a name of gateway.yaml, or a URL)" };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; recorded", DefaultValueFactory = _ => "" };
    private static readonly Option<int?> Hours = new("--hours") { Description = "For so long; otherwise until --lift" };
    private static readonly Option<bool> Lift = new("--lift") { Description = "Take it back" };
    private static readonly Option<bool> List = new("--list") { Description = "Show what is revoked" };

    private static readonly (Option<string?> Option, RevokedSubject Subject)[] Subjects =
    [
        (Token, RevokedSubject.Token), (Agent, RevokedSubject.Agent), (Human, RevokedSubject.Human), (Grant, RevokedSubject.Grant), (Session, RevokedSubject.Session),
    ];

    public static Command Create()
    {
        var command = new Command("revoke", "End access: no new sessions, and live ones are cut within two seconds")
        {
            Token, Agent, Human, Grant, Session, Issuer, Reason, Hours, Lift, List, OperatorOptions.Configuration, OperatorOptions.Socket,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Hours) is < 1)
                result.AddError("--hours: at least one");
            if (Subjects.Count(subject => result.GetValue(subject.Option) is not null) != (result.GetValue(List) ? 0 : 1))
                result.AddError("exactly one of --token-id, --agent, --human, --grant, --session and --list is needed");
        });
        command.SetAction(ToolOptions.Guarded(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var console = arguments.InvocationConfiguration;
        using var gateway = await OperatorOptions.ClientAsync(arguments, cancellationToken);
        if (arguments.GetValue(List))
        {
            foreach (var standing in await gateway.RevocationsAsync(cancellationToken))
                await console.Output.WriteLineAsync($"{AccessRevocation.NameOf(standing.Subject)} {standing.Value}{(standing.Issuer is null ? "" : $" of {standing.Issuer}")}"
                    + $" at {standing.At:u} by {standing.RevokedBy}{(standing.Until == DateTimeOffset.MaxValue ? "" : $" until {standing.Until:u}")} {standing.Reason}");
            return ExitCode.Success;
        }
        var (option, subject) = Subjects.Single(subject => arguments.GetValue(subject.Option) is not null);
        var reply = await gateway.RevokeAsync(
            new RevokeCall
            {
                Subject = subject,
                Value = arguments.GetRequiredValue(option)!,
                Issuer = arguments.GetValue(Issuer),
                Reason = arguments.GetRequiredValue(Reason),
                Seconds = arguments.GetValue(Hours) is { } hours ? hours * 3600L : null,
                Lifts = arguments.GetValue(Lift),
            },
            cancellationToken);
        if (reply.HasTakenEffect)
            await console.Output.WriteLineAsync(arguments.GetValue(Lift) ? "lifted" : $"revoked; {reply.SessionsEnded} live sessions ended");
        if (reply.Problem is null)
            return ExitCode.Success;
        await console.Error.WriteLineAsync(reply.Problem);
        return ExitCode.Failure;
    }
}
