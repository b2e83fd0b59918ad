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
            if (!relations.Any(relation => relation.Column(matcher.Column!.Text) is not null))
                yield return matcher;
        }
    }
}
