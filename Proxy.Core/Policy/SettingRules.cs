using System.Collections.Frozen;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>
/// Which session settings a client may change, and to what. An allow list: what is not here could change how the server reads the statement
/// that was analysed, whose rights it runs under, or what it writes to logs and notices.
/// </summary>
public static class SettingRules
{
    private static readonly FrozenSet<string> AnyValue = new[]
    {
        // How values are written; masks know every style.
        "application_name", "bytea_output", "datestyle", "extra_float_digits", "intervalstyle", "lc_monetary", "lc_numeric", "lc_time", "timezone",
        "xmlbinary", "xmloption", "default_text_search_config",
        // Names are resolved in all schemas at once, so the path decides nothing here.
        "search_path",
        // When to give up.
        "deadlock_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout", "lock_timeout", "statement_timeout",
        "transaction_timeout", "tcp_keepalives_count", "tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_user_timeout",
        // Transactions.
        "default_transaction_deferrable", "default_transaction_isolation", "default_transaction_read_only", "transaction_deferrable",
        "transaction_isolation", "transaction_read_only",
        // Planning: another way to the same rows.
        "constraint_exclusion", "cursor_tuple_fraction", "effective_cache_size", "enable_bitmapscan", "enable_gathermerge", "enable_hashagg",
        "enable_hashjoin", "enable_incremental_sort", "enable_indexonlyscan", "enable_indexscan", "enable_material", "enable_memoize",
        "enable_mergejoin", "enable_nestloop", "enable_parallel_append", "enable_parallel_hash", "enable_partition_pruning",
        "enable_partitionwise_aggregate", "enable_partitionwise_join", "enable_seqscan", "enable_sort", "enable_tidscan",
        "from_collapse_limit", "geqo", "hash_mem_multiplier", "jit", "join_collapse_limit", "max_parallel_workers_per_gather",
        "plan_cache_mode", "random_page_cost", "seq_page_cost", "work_mem",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string[]> OnlyValues = new Dictionary<string, string[]>
    {
        ["client_encoding"] = ["utf8", "utf-8", "unicode"],
        ["names"] = ["utf8", "utf-8", "unicode"],
        ["standard_conforming_strings"] = ["on", "true", "yes", "1"],
        ["backslash_quote"] = ["safe_encoding", "off"],
        ["escape_string_warning"] = ["on", "off"],
        // Lower levels print what the server thinks about rows.
        ["client_min_messages"] = ["notice", "warning", "error", "fatal", "panic"],
        ["row_security"] = ["on"],
        ["synchronous_commit"] = ["on", "remote_apply"],
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // Commands and connection strings of the server, which may hold passwords.
    private static readonly FrozenSet<string> Hidden = new[]
    {
        "archive_cleanup_command", "archive_command", "primary_conninfo", "recovery_end_command", "restore_command", "ssl_passphrase_command",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a change to this is harmless. RESET and DEFAULT always are: they go back to what the session started with, and start-up has
    /// judged that. A value computed at run time never is.
    /// </summary>
    public static bool IsAllowed(in SettingMention change)
    {
        if (!change.IsLiteral)
            return false;
        if (change.Value is not { } value)
            return true;
        return OnlyValues.TryGetValue(change.Name, out var values)
            ? values.Contains(value, StringComparer.OrdinalIgnoreCase)
            : AnyValue.Contains(change.Name);
    }

    /// <summary>Whether the server reads statements by it: a value that is not allowed would make every later analysis one of another text.</summary>
    public static bool IsReadBy(string name) =>
        name.Equals("client_encoding", StringComparison.OrdinalIgnoreCase) || name.Equals("names", StringComparison.OrdinalIgnoreCase)
        || name.Equals("standard_conforming_strings", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the value of a setting may be shown: the server defines it, so nobody can keep a value of their own in it.</summary>
    public static bool IsShown(string name) =>
        !name.Contains('.', StringComparison.Ordinal) && !name.Equals("all", StringComparison.OrdinalIgnoreCase) && !Hidden.Contains(name);
}
