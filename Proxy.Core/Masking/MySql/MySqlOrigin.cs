using Proxy.Core.Catalogue;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Sql;

namespace Proxy.Core.Masking.MySql;

/// <summary>
/// What a column definition's org_table and org_name mean in the catalogue. MariaDB names a view itself as the origin of a view's column, a derived
/// table's alias as if it were a table, and the alias of a common table's column as that of the table behind it [ran]: so a name that the catalogue
/// does not have says nothing where the analysis knows the columns, and what it has can only add a mask.
/// </summary>
internal static class MySqlOrigin
{
    /// <summary>Of a relation that no catalogue has.</summary>
    private const uint UnknownRelation = uint.MaxValue;

    /// <param name="column">As the server described it.</param>
    /// <param name="isAnalysed">Whether the statement's analysis knows this answer's columns.</param>
    /// <param name="catalogue">Where to look.</param>
    /// <param name="declared">The column that it names; null when there is none.</param>
    public static ResultColumn Of(in MySqlResultColumn column, bool isAnalysed, CatalogueSnapshot catalogue, out CatalogueColumn? declared)
    {
        declared = null;
        if (!column.HasOrigin)
            return Computed(column);
        // The names of the server's own schema have no case anywhere; those of columns never have.
        var isOfServer = column.Schema.Equals("information_schema", StringComparison.OrdinalIgnoreCase);
        var candidates = catalogue.Candidates(isOfServer
            ? new QualifiedName("information_schema", column.Table.ToLowerInvariant())
            : new QualifiedName(column.Schema.Length == 0 ? null : column.Schema, column.Table));
        if (candidates is not [var relation])
            return isAnalysed ? Computed(column) : new ResultColumn(UnknownRelation, 1, PostgresTypeOid.Text, -1, column.IsBinary);
        declared = relation.Column(column.Name.ToLowerInvariant());
        if (declared is null)
            return isAnalysed ? Computed(column) : new ResultColumn(UnknownRelation, 1, PostgresTypeOid.Text, -1, column.IsBinary);
        return new ResultColumn(relation.Oid, declared.Number, declared.TypeOid, declared.TypeModifier, column.IsBinary);
    }

    private static ResultColumn Computed(in MySqlResultColumn column) => new(0, 0, PostgresTypeOid.Text, -1, column.IsBinary);
}
