using System.Collections.Frozen;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>
/// Which system and user variables of MySQL and MariaDB a client may change, and to what, and which it may read. Allow lists: what is not here could
/// change how the server reads a statement that was analysed, or holds what others said.
/// </summary>
public static class MySqlSettingRules
{
    private static readonly FrozenSet<string> AnyValue = Set(
        // When to give up.
        "idle_readonly_transaction_timeout", "idle_transaction_timeout", "idle_write_transaction_timeout", "innodb_lock_wait_timeout", "interactive_timeout", "lock_wait_timeout",
        "max_execution_time", "max_statement_time", "net_read_timeout", "net_retry_count", "net_write_timeout", "wait_timeout", "max_join_size", "sql_select_limit",
        "sql_big_selects",
        // Transactions.
        "autocommit", "completion_type", "transaction_isolation", "transaction_read_only", "tx_isolation", "tx_read_only", "foreign_key_checks", "unique_checks",
        // How values are computed and written; masks know them.
        "auto_increment_increment", "auto_increment_offset", "default_week_format", "div_precision_increment", "group_concat_max_len",
        "lc_time_names", "time_zone", "timestamp", "sql_quote_show_create", "sql_safe_updates", "sql_notes", "sql_warnings",
        // Planning: another way to the same rows.
        "big_tables", "eq_range_index_dive_limit", "join_buffer_size", "join_cache_level", "low_priority_updates", "max_heap_table_size", "optimizer_prune_level",
        "optimizer_search_depth", "optimizer_switch", "optimizer_use_condition_selectivity", "query_cache_type", "query_cache_strip_comments", "range_alloc_block_size",
        "read_buffer_size", "read_rnd_buffer_size", "sort_buffer_size", "tmp_table_size", "tmp_memory_table_size", "query_prealloc_size", "query_alloc_block_size",
        "default_storage_engine", "storage_engine", "net_buffer_length", "max_length_for_sort_data", "max_seeks_for_key");

    private static readonly FrozenDictionary<string, string[]> OnlyValues = new Dictionary<string, string[]>
    {
        // Other character sets have quotes and backslashes within characters.
        ["names"] = ["utf8mb4", "utf8", "utf8mb3"],
        // Sets character_set_connection to whatever the database has.
        ["character set"] = [],
        ["character_set_client"] = ["utf8mb4", "utf8", "utf8mb3"],
        ["character_set_connection"] = ["utf8mb4", "utf8", "utf8mb3"],
        ["character_set_results"] = ["utf8mb4", "utf8", "utf8mb3", "null"],
        // `id IS NULL` would find the row that was inserted last.
        ["sql_auto_is_null"] = ["0", "off"],
        ["profiling"] = ["0", "off"],
        // Says more of the session in replies, as drivers ask when they connect.
        ["session_track_schema"] = ["0", "1", "off", "on"],
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Members of sql_mode that change values and failures, not how a text is read. The analysis holds under every one of them.</summary>
    private static readonly FrozenSet<string> Modes = Set(
        "", "ALLOW_INVALID_DATES", "ERROR_FOR_DIVISION_BY_ZERO", "NO_AUTO_CREATE_USER", "NO_AUTO_VALUE_ON_ZERO", "NO_ENGINE_SUBSTITUTION", "NO_UNSIGNED_SUBTRACTION",
        "NO_ZERO_DATE", "NO_ZERO_IN_DATE", "ONLY_FULL_GROUP_BY", "STRICT_ALL_TABLES", "STRICT_TRANS_TABLES", "TRADITIONAL", "TIME_ROUND_FRACTIONAL");

    /// <summary>What drivers ask for when they connect, and what says nothing but how the server is set up.</summary>
    private static readonly FrozenSet<string> Shown = Set(
        "character_set_client", "character_set_connection", "character_set_database", "character_set_filesystem", "character_set_results", "character_set_server",
        "character_set_system", "collation_connection", "collation_database", "collation_server", "connect_timeout", "default_tmp_storage_engine", "have_ssl", "have_openssl", "hostname",
        "identity", "in_transaction", "init_connect", "innodb_version", "last_insert_id", "license", "lower_case_file_system", "lower_case_table_names", "max_allowed_packet",
        "max_connections", "max_user_connections", "names", "performance_schema", "port", "protocol_version", "pseudo_thread_id", "query_cache_size", "read_only", "server_id",
        "session_track_schema", "session_track_state_change", "session_track_system_variables", "session_track_transaction_info", "skip_networking",
        "sql_auto_is_null", "sql_mode", "system_time_zone", "super_read_only", "tls_version", "version", "version_comment", "version_compile_machine",
        "version_compile_os", "version_malloc_library", "version_ssl_library", "character set", "have_query_cache", "ssl_cipher", "thread_handling", "log_bin", "gtid_domain_id");

    /// <summary>Whether a change to this is harmless. A value computed at run time never is; DEFAULT is what the server was set up with.</summary>
    public static bool IsAllowed(in SettingMention change)
    {
        var name = Bare(change.Name);
        if (!change.IsLiteral)
            return false;
        if (name.Equals("sql_mode", StringComparison.OrdinalIgnoreCase))
            return change.Value is { } modes && AreHarmlessModes(modes);
        if (OnlyValues.TryGetValue(name, out var values))
            return values.Contains(change.Value ?? "null", StringComparer.OrdinalIgnoreCase);
        // PREPARE … FROM 'text' converts the text to it, and reads that: in GBK the second byte of a character would be a backslash.
        if (IsCollation(name))
            return change.Value is { } collation && collation.StartsWith("utf8", StringComparison.OrdinalIgnoreCase);
        return AnyValue.Contains(name);
    }

    /// <summary>Whether the server reads statements by it.</summary>
    public static bool IsReadBy(string name) => IsCharacterSet(name) || Bare(name).Equals("sql_mode", StringComparison.OrdinalIgnoreCase);

    public static bool IsCharacterSet(string name) =>
        Bare(name) is var bare
        && (bare.Equals("names", StringComparison.OrdinalIgnoreCase) || bare.StartsWith("character", StringComparison.OrdinalIgnoreCase) || IsCollation(bare));

    private static bool IsCollation(string bare) => bare.Equals("collation_connection", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the value may be shown: the server or the client itself has set it.</summary>
    public static bool IsShown(string name)
    {
        var bare = Bare(name);
        return AnyValue.Contains(bare) || Shown.Contains(bare);
    }

    /// <summary>Whether a text means the same under these members of sql_mode as under none.</summary>
    public static bool AreHarmlessModes(string modes)
    {
        foreach (var mode in modes.Split(',', StringSplitOptions.TrimEntries))
            if (!Modes.Contains(mode))
                return false;
        return true;
    }

    /// <summary>The name without the scope that may be written before it.</summary>
    private static string Bare(string name) =>
        name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && name[..dot].ToUpperInvariant() is "SESSION" or "LOCAL" or "GLOBAL" ? name[(dot + 1)..] : name;

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
