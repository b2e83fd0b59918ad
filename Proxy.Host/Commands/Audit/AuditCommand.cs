using System.CommandLine;

namespace Proxy.Host.Commands.Audit;

/// <summary><c>phigate audit</c>: everything that an auditor asks of the journal.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Verify, search, replay and export the record of statements")
    {
        ReadCommand.Create(),
        VerifyCommand.Create(),
        SearchCommand.Create(),
        ShowCommand.Create(),
        ReplayCommand.Create(),
        ProveCommand.Create(),
        ExportCommand.Create(),
        ReportCommand.Create(),
        ReviewCommand.Create(),
        ReconcileCommand.Create(),
        SubjectCommand.Create(),
    };
}
