using System.CommandLine;
using Proxy.Host.Commands.Audit;

namespace Proxy.Host.Commands;

/// <summary>The command line of phigate.</summary>
internal static class CommandTree
{
    public static RootCommand Create() => new(
        """
        PhiGate: a gateway that lets AI agents use production databases without seeing protected health information.

        Exit codes: 0 success; 1 failure; 2 the configuration has errors; 3 the journal is damaged; 64 the command line is wrong.
        """)
    {
        RunCommand.Create(),
        DataPlaneCommand.Create(),
        CheckCommand.Create(),
        ExplainCommand.Create(),
        LoginCommand.Create(),
        WhoamiCommand.Create(),
        ConnectCommand.Create(),
        RevokeCommand.Create(),
        SessionsCommand.Create(),
        TokenCommand.Create(),
        AuditCommand.Create(),
        JournalReplicaCommand.Create(),
        VersionCommand.Create(),
    };

    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments);
        // Signals are the business of the processes themselves: by default the library would end them two seconds into a drain, with code 143.
        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }
}
