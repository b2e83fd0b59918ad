using System.Collections.Immutable;
using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue;

/// <summary>Whether one statement means the same under two snapshots of a database. When in doubt, it does not.</summary>
internal sealed class SnapshotComparison(CatalogueSnapshot now, CatalogueSnapshot before)
{
    public bool IsSameFor(StatementReading reading)
    {
        if (ReferenceEquals(now, before))
            return true;
        // What a name stands for is another statement.
        if (reading.RunsNamed || now.HasUnreviewedCasts != before.HasUnreviewedCasts || now.ServerVersionNum != before.ServerVersionNum || now.CodeStamp != before.CodeStamp)
            return false;
        foreach (var mention in reading.Relations)
            if (!AreSame(now.Candidates(mention.Name), before.Candidates(mention.Name)))
                return false;
        foreach (var function in reading.Functions)
            if (!IsSameFunction(function))
                return false;
        foreach (var symbol in reading.Operators)
            if (now.IsOperatorReviewed(symbol) != before.IsOperatorReviewed(symbol))
                return false;
        foreach (var type in reading.Types)
            if (now.IsTypeReviewed(type) != before.IsTypeReviewed(type))
                return false;
        foreach (var type in reading.ParameterTypes)
            if (now.IsTypeReviewed(type) != before.IsTypeReviewed(type))
                return false;
        // (value).name can be a function or a type, and row.name a function.
        foreach (var name in reading.Attributes)
            if (!IsSameAttribute(name))
                return false;
        return true;
    }

    private static bool AreSame(ImmutableArray<CatalogueRelation> some, ImmutableArray<CatalogueRelation> others)
    {
        if (some.Length != others.Length)
            return false;
        foreach (var relation in some)
            if (!others.Any(other => other.Oid == relation.Oid && other.Stamp == relation.Stamp))
                return false;
        return true;
    }

    /// <summary>A function of people may read anything, whatever its body was compared with.</summary>
    private bool IsSameFunction(QualifiedName name) =>
        now.FunctionsNamed(name).IsEmpty && before.FunctionsNamed(name).IsEmpty && now.ReviewOf(name) == before.ReviewOf(name)
        && now.HasUnreviewedFunction(name.Name) == before.HasUnreviewedFunction(name.Name);

    private bool IsSameAttribute(string name)
    {
        var unqualified = new QualifiedName(null, name);
        return IsSameFunction(unqualified) && now.IsAttributeFunction(name) == before.IsAttributeFunction(name)
            && now.TakesRow(name) == before.TakesRow(name) && now.IsFunction(name) == before.IsFunction(name)
            && now.IsType(name) == before.IsType(name) && now.IsTypeReviewed(unqualified) == before.IsTypeReviewed(unqualified);
    }
}
