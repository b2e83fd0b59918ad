namespace Proxy.Host.Catalogue.MySql;

/// <summary>
/// What is asked of MariaDB 10.6 to 11 and MySQL 8. information_schema shows what the user that asks has a privilege for; what it does not show
/// cannot be read through PhiGate either.
/// </summary>
internal static class MySqlCatalogueQueries
{
    public const string Server = "select version(), @@lower_case_table_names, @@sql_mode";

    /// <summary>
    /// How many statements of each kind of DDL the server has begun since it started, by any session, in procedures and from a replication source, too
    /// (status_var_increment in mysql_execute_command), and since when it runs.
    /// </summary>
    public const string Counters = """
        select variable_name, variable_value from {0}.global_status
        where variable_name in ('Com_alter_db', 'Com_alter_function', 'Com_alter_procedure', 'Com_alter_sequence', 'Com_alter_table', 'Com_create_db', 'Com_create_function',
            'Com_create_index', 'Com_create_procedure', 'Com_create_role', 'Com_create_sequence', 'Com_create_table', 'Com_create_trigger',
            'Com_create_udf', 'Com_create_view', 'Com_drop_db', 'Com_drop_function', 'Com_drop_index', 'Com_drop_procedure', 'Com_drop_sequence',
            'Com_drop_table', 'Com_drop_trigger', 'Com_drop_view', 'Com_grant', 'Com_rename_table', 'Com_revoke', 'Com_revoke_all')
        order by variable_name
        """;

    public const string Started = "select unix_timestamp() - variable_value from {0}.global_status where variable_name = 'Uptime'";

    public const string Tables = "select table_schema, table_name, table_type, engine from information_schema.tables";

    public const string Columns = """
        select table_schema, table_name, ordinal_position, column_name, data_type, column_type, is_nullable, extra, generation_expression, column_default,
               character_maximum_length, numeric_precision, numeric_scale
        from information_schema.columns
        """;

    /// <summary>The text names every table and column with its database.</summary>
    public const string Views = "select table_schema, table_name, view_definition from information_schema.views where table_schema not in ('mysql', 'performance_schema', 'sys')";

    public const string ForeignKeys = """
        select constraint_schema, table_name, unique_constraint_schema, referenced_table_name, constraint_name
        from information_schema.referential_constraints
        """;

    public const string Indexes = "select distinct index_name from information_schema.statistics where table_schema not in ('mysql', 'performance_schema', 'sys')";

    /// <summary>The parts of each index in turn. Those that only ever find rows are left out by name, so that a kind that nobody knows counts as sorted.</summary>
    public const string IndexParts = """
        select table_schema, table_name, index_name, column_name from information_schema.statistics
        where index_type not in ('FULLTEXT', 'SPATIAL', 'RTREE', 'HASH') and table_schema not in ('mysql', 'performance_schema', 'sys')
        order by table_schema, table_name, index_name, seq_in_index
        """;

    /// <summary>The columns of each primary and unique key; of a column whose beginning alone is compared, how much.</summary>
    public const string UniqueKeys = """
        select table_schema, table_name, index_name, column_name, sub_part from information_schema.statistics
        where non_unique = 0 and table_schema not in ('mysql', 'performance_schema', 'sys')
        order by table_schema, table_name, index_name, seq_in_index
        """;

    public const string References = """
        select table_schema, table_name, constraint_name, column_name, referenced_table_schema, referenced_table_name, referenced_column_name
        from information_schema.key_column_usage where referenced_table_name is not null
        order by table_schema, table_name, constraint_name, ordinal_position
        """;

    /// <summary>In MariaDB a check of a column has its name, which others have, too; in MySQL checks have names of their own.</summary>
    public const string Checks = "select constraint_schema, table_name, check_clause from information_schema.check_constraints";

    public const string NamedChecks = """
        select t.table_schema, t.table_name, c.check_clause
        from information_schema.check_constraints c join information_schema.table_constraints t using (constraint_schema, constraint_name)
        where t.constraint_type = 'CHECK'
        """;

    public const string PartitionKeys = """
        select distinct table_schema, table_name, concat_ws(', ', partition_expression, subpartition_expression) from information_schema.partitions
        where partition_expression is not null
        """;

    public const string Triggers = "select distinct event_object_schema, event_object_table from information_schema.triggers";

    /// <summary>In MariaDB JSON is LONGTEXT with this check.</summary>
    public const string JsonChecks = """
        select constraint_schema, table_name, check_clause from information_schema.check_constraints where check_clause like 'json\_valid(%'
        """;

    public const string Routines = """
        select routine_schema, routine_name, routine_type, routine_definition, is_deterministic, sql_data_access, security_type, sql_mode, dtd_identifier
        from information_schema.routines
        """;

    public const string Parameters = """
        select specific_schema, specific_name, ordinal_position, parameter_mode, parameter_name, dtd_identifier, routine_type
        from information_schema.parameters order by specific_schema, specific_name, routine_type, ordinal_position
        """;

    public const string Rights = """
        select privilege_type from information_schema.user_privileges
        where grantee = concat('''', replace(current_user(), '@', '''@'''), '''')
        """;

    public const string User = "select current_user()";
}
