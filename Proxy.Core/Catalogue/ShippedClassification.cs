using System.Collections.Frozen;
using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue;

/// <summary>Which columns of pg_catalog and information_schema are shown as they are: the embedded SystemCatalogues.txt, which also says why.</summary>
public sealed class ShippedClassification
{
    private readonly FrozenDictionary<string, FrozenSet<string>> _columns;

    private ShippedClassification(TextReader list)
    {
        var columns = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var schema = "";
        HashSet<string>? current = null;
        while (list.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line.Length == 0)
                continue;
            if (line[0] == '[')
            {
                schema = line.Trim('[', ']');
                continue;
            }
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).AsSpan();
            if (words[0].EndsWith(':'))
            {
                columns.Add($"{schema}.{words[0][..^1]}", current = new HashSet<string>(StringComparer.Ordinal));
                words = words[1..];
            }
            foreach (var column in words)
                (current ?? throw new InvalidDataException("a column before any relation")).Add(column);
        }
        _columns = columns.ToFrozenDictionary(entry => entry.Key, entry => entry.Value.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    public static ShippedClassification Shipped { get; } = Read("SystemCatalogues.txt");

    /// <summary>That of MySQL and MariaDB.</summary>
    public static ShippedClassification MySql { get; } = Read("MySqlSystemCatalogues.txt");

    public static ShippedClassification Of(SqlDialect dialect) => dialect is SqlDialect.MySql ? MySql : Shipped;

    /// <summary>Whether a schema belongs to the server. Toast tables hold pieces of values and have no column on the list.</summary>
    public static bool IsSystemSchema(string schema) => schema is "pg_catalog" or "information_schema" or "pg_toast";

    /// <inheritdoc cref="IsSystemSchema(string)"/>
    public static bool IsSystemSchema(string schema, SqlDialect dialect) =>
        dialect is SqlDialect.MySql ? schema is "information_schema" or "mysql" or "performance_schema" or "sys" : IsSystemSchema(schema);

    public IdentifierClass Classify(string schema, string relation, string column) =>
        _columns.TryGetValue($"{schema}.{relation}", out var columns) && columns.Contains(column) ? IdentifierClass.NotPhi : IdentifierClass.Unreviewed;

    private static ShippedClassification Read(string name)
    {
        using var reader = EmbeddedText.Open(name);
        return new ShippedClassification(reader);
    }
}
