namespace Proxy.Core.Catalogue;

/// <summary>
/// What a classification names and the database does not have: a mistake of the DBA, or a column that was renamed and is now unreviewed.
/// Patterns may match nothing; exact names may not.
/// </summary>
public static class MissingColumns
{
    public static IEnumerable<ColumnMatcher> Of(ColumnClassification classification, CatalogueSnapshot catalogue)
    {
        foreach (var matcher in classification.Matchers)
        {
            if (!matcher.IsExact)
                continue;
            var relations = catalogue.Candidates(new Sql.QualifiedName(matcher.Schema!.Text, matcher.Relation!.Text));
            var name = catalogue.Dialect is Sql.SqlDialect.MySql ? matcher.Column!.Text.ToLowerInvariant() : matcher.Column!.Text;
            if (!relations.Any(relation => relation.Column(name) is not null))
                yield return matcher;
        }
    }
}
