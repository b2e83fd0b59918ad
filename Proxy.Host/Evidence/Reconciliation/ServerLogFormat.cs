namespace Proxy.Host.Evidence.Reconciliation;

/// <summary>How a server writes its log of statements.</summary>
public enum ServerLogFormat
{
    /// <summary>PostgreSQL's log_destination = csvlog, with log_statement = all, or pgaudit's lines in it.</summary>
    Csvlog = 0,

    /// <summary>PostgreSQL's stderr under RDS's prefix, <c>%t:%r:%u@%d:[%p]:</c>.</summary>
    Rds,

    /// <summary>Database Activity Streams of Aurora PostgreSQL: JSON, an event a line.</summary>
    ActivityStream,

    /// <summary>MariaDB's and MySQL's general log, in a file.</summary>
    General,

    /// <summary>MariaDB's server_audit plugin and Aurora MySQL's audit log.</summary>
    ServerAudit,
}
