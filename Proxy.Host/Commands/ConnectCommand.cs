using System.CommandLine;
using Proxy.Host.Identity.Credentials;
using Proxy.Host.Tools;

namespace Proxy.Host.Commands;

/// <summary><c>phigate connect TARGET -- COMMAND…</c>: the command with a one-time credential, which ends when the command does.</summary>
internal static class ConnectCommand
{
    private static readonly Argument<string> Target = new("target") { Description = "target or target/database", HelpName = "TARGET" };
    private static readonly Argument<string[]> Command = new("command") { Description = "What to run, behind --", HelpName = "COMMAND", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> OneRequest = new("--one-request") { Description = "One transaction, or one statement outside of one" };
    private static readonly Option<int> Connections = new("--connections") { Description = "How many connections the command opens", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; recorded as your own words", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Task = new("--task") { Description = "What for; recorded as your own words", DefaultValueFactory = _ => "" };

    public static Command Create()
    {
        var command = new Command("connect", "Run a command with a one-time credential in PGHOST, PGUSER, PGPASSWORD and their like, or for MySQL in MYSQL_HOME/my.cnf; returns its exit code")
        {
            Target, Command, OneRequest, Connections, Reason, Task, ToolOptions.Gateway, ToolOptions.Authorities,
        };
        command.SetAction(ToolOptions.Guarded(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var authorities = arguments.GetValue(ToolOptions.Authorities);
        using var http = ToolHttp.Create(authorities);
        var gateway = new GatewayClient(http, ToolOptions.GatewayOf(arguments), await ToolOptions.TokenAsync(TimeProvider.System, cancellationToken));
        var credential = await gateway.IssueAsync(
            new CredentialRequest
            {
                Target = arguments.GetRequiredValue(Target),
                Connections = arguments.GetValue(Connections),
                Scope = arguments.GetValue(OneRequest) ? "request" : "session",
                Reason = arguments.GetRequiredValue(Reason),
                Task = arguments.GetRequiredValue(Task),
            },
            cancellationToken);
        try
        {
            return await ConnectedCommand.RunAsync(arguments.GetRequiredValue(Command), credential, authorities);
        }
        finally
        {
            await ReturnAsync(gateway, credential, arguments.InvocationConfiguration);
        }
    }

    /// <summary>A credential that cannot be given back ends by itself within minutes: no reason to hide how the command ended.</summary>
    private static async Task ReturnAsync(GatewayClient gateway, CredentialReply credential, InvocationConfiguration console)
    {
        try
        {
            await gateway.ReturnAsync(credential.User, CancellationToken.None);
        }
        catch (ToolException exception)
        {
            await console.Error.WriteLineAsync($"the credential was not given back, and ends by itself at {credential.SessionsEndAt:u}: {exception.Message}");
        }
    }
}
