using System.Globalization;
using System.Text;
using MySqlConnector;
using Npgsql;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Leaks;

/// <summary>
/// Writes classification.yaml from a corpus's policy and the columns that its schema has. The gateway is to mask exactly the columns that the policy
/// lists: of the tables that it names, the others are no PHI. What it does not name stays unreviewed.
/// </summary>
internal static class CorpusClassification
{
    // Tables only: views, children and copies carry PHI on by themselves, which is what the corpus tests.
    private const string ColumnsQuery =
        """
        SELECT n.nspname, c.relname, a.attname, coalesce(p.relname, '')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
        LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY 1, 2, a.attnum
        """;

    private const string MySqlColumnsQuery =
        """
        SELECT c.table_schema, c.table_name, c.column_name, ''
        FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
        WHERE c.table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
        ORDER BY 1, 2, c.ordinal_position
        """;

    public static async Task<string> WriteAsync(CorpusPolicy policy, string engine, Endpoint administrator, CancellationToken cancellationToken)
    {
        var isMySql = engine == LeaksOptions.MySql;
        // What the corpus means by a table without a schema.
        var defaultSchema = isMySql ? administrator.Database : "public";
        var columns = isMySql ? await ReadMySqlColumnsAsync(administrator, cancellationToken) : await ReadColumnsAsync(administrator, cancellationToken);
        var classes = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        // PHI first: where both tables name a column, it is PHI.
        foreach (var row in policy.Rows.OrderByDescending(static row => row.IsPhi))
            foreach (var column in columns.Where(column => IsMeant(row, column, columns, defaultSchema)))
                Add(column, row.IsPhi ? ClassOf(column.Name) : "not-phi");
        // Children and partitions follow their parents by themselves.
        foreach (var column in columns.Where(static column => column.Parent.Length == 0))
            if (policy.Rows.Any(row => row.Tables.Any(table => IsNamed(table, column.Schema, column.Table, defaultSchema))))
                Add(column, "not-phi");

        var text = new StringBuilder("version: 1\n\ntargets:\n  hospital:\n    tables:\n");
        foreach (var (table, of) in classes)
        {
            text.Append(CultureInfo.InvariantCulture, $"      '{table}':\n");
            foreach (var (column, identifier) in of)
                text.Append(CultureInfo.InvariantCulture, $"        '{column}': {identifier}\n");
        }

        return text.ToString();

        void Add(Column column, string identifier)
        {
            var table = $"{column.Schema}.{column.Table}";
            if (!classes.TryGetValue(table, out var of))
                classes[table] = of = new SortedDictionary<string, string>(StringComparer.Ordinal);
            of.TryAdd(column.Name, identifier);
        }
    }

    private static bool IsMeant(CorpusPolicyRow row, Column column, IReadOnlyList<Column> all, string defaultSchema)
    {
        if (row.Tables.Any(table => IsNamed(table, column.Schema, column.Table, defaultSchema)))
            return row.AllColumns || row.Columns.Contains(column.Name);
        // "patients | id, ... (vip: also security_level)": a column that the table lacks and its child has.
        return row.Noted.Contains(column.Name) && row.Tables.Contains(column.Parent)
            && !all.Any(other => other.Schema == column.Schema && other.Table == column.Parent && other.Name == column.Name);
    }

    private static bool IsNamed(string written, string schema, string table, string defaultSchema)
        => written == table ? schema == defaultSchema : written == $"{schema}.{table}";

    /// <summary>The policy says that it is PHI, not which identifier: that is guessed, and equality is allowed only between equal identifiers.</summary>
    private static string ClassOf(string column)
    {
        var name = column.ToUpperInvariant();
        return name switch
        {
            _ when name.Contains("SSN", StringComparison.Ordinal) => "social-security-number",
            _ when name.Contains("MRN", StringComparison.Ordinal) => "medical-record-number",
            _ when name.Contains("MAIL", StringComparison.Ordinal) => "email",
            _ when name.Contains("PHONE", StringComparison.Ordinal) => "telephone",
            _ when name.Contains("ADDRESS", StringComparison.Ordinal) => "geographic",
            _ when name.Contains("PHOTO", StringComparison.Ordinal) => "photograph",
            _ when name.Contains("MEMBER", StringComparison.Ordinal) => "health-plan-number",
            _ when name.Contains("NAME", StringComparison.Ordinal) || name.Contains("ALIAS", StringComparison.Ordinal) => "name",
            _ when name is "DOB" || name.EndsWith("_ON", StringComparison.Ordinal) || name.Contains("DATE", StringComparison.Ordinal) => "date",
            _ => "free-text",
        };
    }

    private static async Task<List<Column>> ReadColumnsAsync(Endpoint administrator, CancellationToken cancellationToken)
    {
        var settings = administrator.ConnectionString(tls: false);
        settings.Pooling = false;
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(ColumnsQuery, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<Column>();
        while (await reader.ReadAsync(cancellationToken))
            columns.Add(new Column(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        return columns;
    }

    private static async Task<List<Column>> ReadMySqlColumnsAsync(Endpoint administrator, CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = Endpoint.Address,
            Port = (uint)administrator.Port,
            UserID = administrator.User,
            Password = administrator.Password,
            SslMode = MySqlSslMode.None,
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(MySqlColumnsQuery, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<Column>();
        while (await reader.ReadAsync(cancellationToken))
            columns.Add(new Column(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        return columns;
    }

    private sealed record Column(string Schema, string Table, string Name, string Parent);
}
