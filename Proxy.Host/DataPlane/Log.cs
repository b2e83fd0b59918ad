using Microsoft.Extensions.Logging;

namespace Proxy.Host.DataPlane;

/// <summary>Events 1200–1249.</summary>
internal static partial class Log
{
    [LoggerMessage(1200, LogLevel.Error, "The control plane is gone; draining")]
    public static partial void ControlPlaneLost(ILogger logger);

    [LoggerMessage(1201, LogLevel.Information, "The data plane is running; {Threads} socket threads are watched, {BatchThreads} are scheduled as SCHED_BATCH")]
    public static partial void Running(ILogger logger, int threads, int batchThreads);

    [LoggerMessage(1202, LogLevel.Information, "Draining")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(1203, LogLevel.Warning, "Sessions were still open after the drain's deadline and are cut off")]
    public static partial void DrainOverdue(ILogger logger);

    [LoggerMessage(1204, LogLevel.Information, "The data plane has ended")]
    public static partial void Ended(ILogger logger);

    [LoggerMessage(1205, LogLevel.Information,
        "Journal in {Directory} goes on at record {Next}; closed cleanly: {WasClean}, torn records: {Torn}, statements of unknown outcome: {Unknown}")]
    public static partial void JournalOpened(ILogger logger, string directory, long next, bool wasClean, long torn, int unknown);

    [LoggerMessage(1206, LogLevel.Information, "Listener {Name} on {EndPoint}")]
    public static partial void Listening(ILogger logger, string name, string endPoint);

    [LoggerMessage(1207, LogLevel.Warning, "Target {Target} is not checked yet, and its sessions are refused until it is: {Reason}")]
    public static partial void TargetNotChecked(ILogger logger, string target, string reason);

    [LoggerMessage(1208, LogLevel.Error, "Target {Target} failed its check, and its sessions are refused: {Error}")]
    public static partial void TargetRejected(ILogger logger, string target, string error);

    [LoggerMessage(1209, LogLevel.Warning, "Target {Target}: {Warning}")]
    public static partial void TargetWarning(ILogger logger, string target, string warning);

    [LoggerMessage(1210, LogLevel.Information, "Target {Target} passed its check")]
    public static partial void TargetPassed(ILogger logger, string target);

    [LoggerMessage(1211, LogLevel.Information, "The certificate of listener {Name} was read again")]
    public static partial void CertificateReloaded(ILogger logger, string name);

    [LoggerMessage(1212, LogLevel.Error, "The new certificate of listener {Name} cannot be used, the old one stays: {Reason}")]
    public static partial void CertificateRejected(ILogger logger, string name, string reason);

    [LoggerMessage(1213, LogLevel.Error, "What budgets have been used up cannot be saved; a restart would forget it: {Reason}")]
    public static partial void BudgetsNotSaved(ILogger logger, string reason);

    [LoggerMessage(1215, LogLevel.Information, "The authorities of target {Target} were read again")]
    public static partial void AuthoritiesReloaded(ILogger logger, string target);

    [LoggerMessage(1216, LogLevel.Error, "The new file of authorities of target {Target} cannot be used, the old ones stay: {Reason}")]
    public static partial void AuthoritiesRejected(ILogger logger, string target, string reason);
}
