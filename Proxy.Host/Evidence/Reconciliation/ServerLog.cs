namespace Proxy.Host.Evidence.Reconciliation;

/// <summary>Reads a server's log, statement by statement.</summary>
public static class ServerLog
{
    public static IAsyncEnumerable<ServerStatement> ReadAsync(TextReader log, ServerLogFormat format, CancellationToken cancellationToken) => format switch
    {
        ServerLogFormat.Rds => RdsLog.ReadAsync(log, cancellationToken),
        ServerLogFormat.ActivityStream => ActivityStreamLog.ReadAsync(log, cancellationToken),
        ServerLogFormat.General => GeneralLog.ReadAsync(log, cancellationToken),
        ServerLogFormat.ServerAudit => ServerAuditLog.ReadAsync(log, cancellationToken),
        _ => CsvLog.ReadAsync(log, cancellationToken),
    };
}
