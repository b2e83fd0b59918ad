using System.Collections.Immutable;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Host.Catalogue.MySql;

/// <summary>
/// In what order rows can be read. In InnoDB the primary key is the table itself, with every column, and each other index ends in it; of other engines the
/// same is said, which is more than they do.
/// </summary>
internal sealed class MySqlIndexReader(MySqlNames names, List<MySqlColumnFact> columns)
{
    /// <summary>Of a part that is an expression: it may be computed from any column.</summary>
    private const short AnyColumn = 0;

    private const string PrimaryKey = "PRIMARY";

    private readonly ILookup<uint, MySqlColumnFact> _columns = columns.ToLookup(static column => column.Fact.RelationOid);

    public async Task<List<IndexFact>> ReadAsync(MySqlRows rows)
    {
        var parts = await rows.ReadAsync(MySqlCatalogueQueries.IndexParts, row => (
            Relation: names.NumberOf(names.Relation(row.GetString(0), row.GetString(1))), Index: row.GetString(2), Column: MySqlRows.TextOrNull(row, 3)));
        var facts = new List<IndexFact>();
        foreach (var relation in parts.GroupBy(static part => part.Relation))
        {
            var indexes = relation.GroupBy(static part => part.Index).ToDictionary(
                static index => index.Key, index => index.Select(part => Number(relation.Key, part.Column)).ToImmutableArray(), StringComparer.Ordinal);
            var primary = indexes.GetValueOrDefault(PrimaryKey, []);
            foreach (var (name, keys) in indexes)
                facts.Add(new IndexFact(relation.Key, keys, name == PrimaryKey ? [AnyColumn] : primary, []));
        }
        return facts;
    }

    private short Number(uint relation, string? name)
    {
        var column = name is null ? default : _columns[relation].FirstOrDefault(column => string.Equals(column.Fact.Name, names.Column(name), StringComparison.Ordinal));
        return column.Fact.Name is null ? AnyColumn : column.Fact.Number;
    }
}
