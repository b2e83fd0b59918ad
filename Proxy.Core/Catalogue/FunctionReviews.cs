using System.Collections.Frozen;
using System.Collections.Immutable;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue;

/// <summary>The functions that people made, by name, each with its review: there is no overload resolution, so a name is worth its worst candidate.</summary>
internal sealed class FunctionReviews
{
    private readonly FrozenDictionary<string, ImmutableArray<CatalogueFunction>> _byName;
    private readonly FrozenSet<uint> _reviewed;

    public FunctionReviews(CatalogueFacts facts, IColumnClassifier classifier)
    {
        _byName = facts.Functions.Select(function => function with { Review = Review(function, classifier) })
            .GroupBy(function => function.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal);
        _reviewed = _byName.Values.SelectMany(functions => functions).Where(function => function.Review != FunctionReview.None)
            .Select(function => function.Oid).ToFrozenSet();
    }

    public static FunctionReviews None { get; } =
        new(new CatalogueFacts { ServerVersionNum = 0, Relations = [], Columns = [] }, ColumnClassification.Nothing);

    /// <summary>Every function that the name can mean, whatever the search path and the types of arguments.</summary>
    public ImmutableArray<CatalogueFunction> Named(QualifiedName name)
    {
        if (!_byName.TryGetValue(name.Name, out var candidates))
            return [];
        return name.Schema is not { } schema
            ? candidates
            : candidates.RemoveAll(function => !string.Equals(function.Schema, schema, StringComparison.Ordinal));
    }

    /// <summary>The worst review of those that the name can mean; null when there are none.</summary>
    public FunctionReview? Of(QualifiedName name)
    {
        FunctionReview? worst = null;
        foreach (var function in Named(name))
            worst = worst is { } other ? Worse(other, function.Review) : function.Review;
        return worst;
    }

    /// <summary>What a call is worth that can mean either.</summary>
    public static FunctionReview Worse(FunctionReview one, FunctionReview other)
    {
        if (one == other)
            return one;
        if (one is FunctionReview.Shown)
            return other;
        if (other is FunctionReview.Shown)
            return one;
        return (one, other) switch
        {
            (FunctionReview.Clean or FunctionReview.Masked, FunctionReview.Clean or FunctionReview.Masked) => FunctionReview.Masked,
            // The others are rules of their own that one name cannot follow together.
            _ => FunctionReview.None,
        };
    }

    /// <summary>Whether the code is a function that somebody reviewed.</summary>
    public bool IsReviewed(in CodeFact code) =>
        code.Kind == CodeKind.Function && Of(new QualifiedName(code.Schema, code.Name)) is { } review && review != FunctionReview.None;

    /// <summary>Whether somebody reviewed the function with this OID.</summary>
    public bool IsReviewed(uint functionOid) => _reviewed.Contains(functionOid);

    private static FunctionReview Review(CatalogueFunction function, IColumnClassifier classifier)
    {
        if (ReviewedExtensions.Contains(function.Extension))
            return FunctionReview.Clean;
        return function.BodyHash is { } hash ? classifier.ReviewOf(function.Schema, function.Name, hash) : FunctionReview.None;
    }
}
