using MySqlConnector;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Host.Catalogue.MySql;

/// <summary>What the server demands of rows: keys, foreign keys, checks, and by what tables are partitioned.</summary>
internal sealed class MySqlConstraintReader(MySqlNames names, List<MySqlColumnFact> columns)
{
    /// <summary>Of a column that is none: an expression.</summary>
    private const short AnyColumn = 0;

    private readonly ILookup<uint, MySqlColumnFact> _columns = columns.ToLookup(static column => column.Fact.RelationOid);

    public async Task<List<ConstraintFact>> ReadAsync(MySqlRows rows)
    {
        var facts = new List<ConstraintFact>();
        var keys = await rows.ReadAsync(MySqlCatalogueQueries.UniqueKeys, row => (Relation: Relation(row), Key: row.GetString(2), Column: MySqlRows.TextOrNull(row, 3), IsPart: !row.IsDBNull(4)));
        foreach (var key in keys.GroupBy(static part => (part.Relation, part.Key)))
            facts.Add(Key(key.Key.Relation, key.Key.Key == "PRIMARY", [.. key.Select(static part => (part.Column, part.IsPart))]));
        var references = await rows.ReadAsync(MySqlCatalogueQueries.References, row => (
            Relation: Relation(row), Name: row.GetString(2), Column: row.GetString(3), Other: names.NumberOf(names.Relation(row.GetString(4), row.GetString(5))), OtherColumn: row.GetString(6)));
        foreach (var reference in references.GroupBy(static part => (part.Relation, part.Name, part.Other)))
            facts.Add(new ConstraintFact(reference.Key.Relation, ConstraintKind.References, [.. reference.Select(part => Number(reference.Key.Relation, part.Column))], [], [])
            {
                ReferencedOid = reference.Key.Other,
                Referenced = [.. reference.Select(part => Number(reference.Key.Other, part.OtherColumn))],
            });
        // What is JSON is checked by its type: only JSON is copied to it.
        var checks = await rows.ReadOrNothingAsync(MySqlCatalogueQueries.Checks, Expression);
        if (checks.Count == 0)
            checks = await rows.ReadOrNothingAsync(MySqlCatalogueQueries.NamedChecks, Expression);
        foreach (var (relation, text) in checks)
            if (!text.StartsWith("json_valid(", StringComparison.OrdinalIgnoreCase))
                facts.Add(new ConstraintFact(relation, ConstraintKind.Check, [], [.. Mentioned(relation, text)], []));
        foreach (var (relation, text) in await rows.ReadAsync(MySqlCatalogueQueries.PartitionKeys, Expression))
            facts.Add(new ConstraintFact(relation, ConstraintKind.Bound, [], [.. Mentioned(relation, text)], []));
        return facts;
    }

    private ConstraintFact Key(uint relation, bool isPrimary, List<(string? Column, bool IsPart)> parts)
    {
        var whole = new List<short>();
        var computed = new List<short>();
        foreach (var (name, isPart) in parts)
        {
            var column = _columns[relation].FirstOrDefault(column => Is(column, name));
            if (name is null || column.Fact.Name is null)
                computed.Add(AnyColumn);
            else if (column.Generation is { Length: > 0 } expression)
                // Who writes what it is made of writes the key.
                computed.AddRange([column.Fact.Number, .. Mentioned(relation, expression)]);
            else
                (isPart ? computed : whole).Add(column.Fact.Number);
        }
        return new ConstraintFact(relation, ConstraintKind.Unique, [.. whole], [.. computed], [])
        {
            IsPrimary = isPrimary,
            // A column that is left out and takes no NULL gets a value of its type where sql_mode is not strict: then the others decide.
            IsNullUnique = whole.Exists(number => _columns[relation].First(column => column.Fact.Number == number).Fact.IsNotNull),
        };
    }

    /// <summary>The server prints names in backticks; a name that stands in a literal is a column too many. Where none is found it may be any.</summary>
    private IEnumerable<short> Mentioned(uint relation, string text)
    {
        var found = _columns[relation].Where(column => text.Contains($"`{column.Fact.Name.Replace("`", "``", StringComparison.Ordinal)}`", StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count == 0 ? [AnyColumn] : found.Select(static column => column.Fact.Number);
    }

    private (uint Relation, string Text) Expression(MySqlDataReader row) => (Relation(row), MySqlRows.TextOrNull(row, 2) ?? "");

    private uint Relation(MySqlDataReader row) => names.NumberOf(names.Relation(row.GetString(0), row.GetString(1)));

    private short Number(uint relation, string name)
    {
        var column = _columns[relation].FirstOrDefault(column => Is(column, name));
        return column.Fact.Name is null ? AnyColumn : column.Fact.Number;
    }

    private bool Is(MySqlColumnFact column, string? name) => name is not null && string.Equals(column.Fact.Name, names.Column(name), StringComparison.Ordinal);
}
