using Proxy.Core.Catalogue.Facts;

namespace Proxy.Core.Catalogue;

/// <summary>Which columns have a default or generation expression, and which of those run code that nobody reviewed.</summary>
internal sealed class ColumnDefaults
{
    private readonly Dictionary<(uint Relation, short Number), bool> _runsCode = [];

    public ColumnDefaults(CatalogueFacts facts)
    {
        foreach (var fact in facts.Defaults)
            _runsCode[(fact.RelationOid, fact.Number)] = _runsCode.GetValueOrDefault((fact.RelationOid, fact.Number)) || !IsReviewed(fact);
    }

    public bool Contains(in ColumnFact column) => column.IsGenerated || _runsCode.ContainsKey((column.RelationOid, column.Number));

    public bool RunsCode(in ColumnFact column) => _runsCode.GetValueOrDefault((column.RelationOid, column.Number));

    private static bool IsReviewed(in DefaultFact fact) => fact.Name is null || fact.Schema switch
    {
        "pg_catalog" => ReviewedFunctions.Shipped[fact.Name] is FunctionReview.Clean or FunctionReview.Prints or FunctionReview.Signals,
        "information_schema" => ReviewedFunctions.Shipped.IsCleanInInformationSchema(fact.Name),
        _ => ReviewedExtensions.Contains(fact.Extension),
    };
}
