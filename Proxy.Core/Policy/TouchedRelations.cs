using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>
/// Which relations of the catalogue a text names, and which identifiers are in them: for the record's readable part. A name that the catalogue does
/// not know is not among them, because it is the client's own word and could be anything.
/// </summary>
public sealed class TouchedRelations
{
    private TouchedRelations(ImmutableArray<string> names, ulong classes)
    {
        Names = names;
        Classes = classes;
    }

    /// <summary><c>schema.relation</c>, sorted.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>One bit for each <see cref="IdentifierClass"/> of their columns.</summary>
    public ulong Classes { get; }

    public static TouchedRelations Of(StatementAnalysis analysis, CatalogueSnapshot catalogue)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var classes = 0UL;
        foreach (var reading in analysis.Statements)
            foreach (var mention in reading.Relations)
                foreach (var relation in catalogue.Candidates(mention.Name))
                {
                    if (!names.Add(relation.ToString())) continue;
                    foreach (var column in relation.Columns)
                        classes |= 1UL << (int)column.Class;
                }
        return new TouchedRelations([.. names], classes);
    }
}
