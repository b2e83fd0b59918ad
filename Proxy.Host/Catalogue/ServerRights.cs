using System.Collections.Immutable;

namespace Proxy.Host.Catalogue;

/// <summary>What the database user that PhiGate connects as may do, by its attributes and the predefined roles that it has.</summary>
public sealed record ServerRights
{
    public required string User { get; init; }
    public bool IsSuperuser { get; init; }
    public bool CanReplicate { get; init; }
    public bool BypassesRowSecurity { get; init; }
    public bool CanCreateRoles { get; init; }
    public bool CanCreateDatabases { get; init; }

    /// <summary>Names beginning with pg_, of MySQL and MariaDB those of global privileges; empty for a superuser, who needs none.</summary>
    public ImmutableArray<string> PredefinedRoles { get; init; } = [];

    /// <summary>The rights with which SQL can get around masking: refused at start-up unless the operator insists in writing.</summary>
    public IEnumerable<string> BeyondMasking()
    {
        if (IsSuperuser)
            yield return "SUPERUSER";
        if (CanReplicate)
            yield return "REPLICATION";
        if (CanCreateRoles)
            yield return "CREATEROLE";
        foreach (var role in PredefinedRoles)
            if (role is "pg_read_server_files" or "pg_write_server_files" or "pg_execute_server_program" or "FILE" or "SET USER" or "BINLOG ADMIN" or "BINLOG REPLAY"
                or "REPLICATION SLAVE ADMIN" or "REPLICATION MASTER ADMIN" or "FEDERATED ADMIN" or "SYSTEM_VARIABLES_ADMIN")
                yield return role;
    }

    /// <summary>Rights that show more than an agent needs, though masking holds.</summary>
    public IEnumerable<string> WorthAWarning()
    {
        if (BypassesRowSecurity)
            yield return "BYPASSRLS";
        if (CanCreateDatabases)
            yield return "CREATEDB";
        foreach (var role in PredefinedRoles)
            if (role is "pg_monitor" or "pg_read_all_stats" or "pg_read_all_settings" or "pg_stat_scan_tables" or "pg_read_all_data" or "pg_write_all_data"
                or "pg_signal_backend" or "pg_create_subscription" or "pg_maintain" or "pg_checkpoint" or "pg_use_reserved_connections" or "PROCESS" or "RELOAD" or "SHUTDOWN" or "EVENT" or "CONNECTION ADMIN" or "READ_ONLY ADMIN")
                yield return role;
    }
}
