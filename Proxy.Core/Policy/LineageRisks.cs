using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Policy;

/// <summary>What a statement may do with PHI, by where its values come from and go.</summary>
internal static class LineageRisks
{
    public static RiskClasses Of(StatementLineage lineage)
    {
        var risks = lineage.ShowsPhi ? RiskClasses.PhiRead : RiskClasses.None;
        foreach (var condition in lineage.Conditions)
            risks |= RiskClasses.PhiRead | Of(condition.Form);
        foreach (var write in lineage.Writes)
            if (write.Value.IsPhi)
                risks |= RiskClasses.PhiRead | (IsClassified(write) ? RiskClasses.None : RiskClasses.Export);
        return lineage.Exports ? risks | RiskClasses.Export : risks;
    }

    /// <summary>For people: which columns decide in a way that is no lookup, and where PHI would go.</summary>
    public static IEnumerable<string> Findings(StatementLineage lineage)
    {
        foreach (var condition in lineage.Conditions)
            if (condition.Form is ConditionForm.Other)
                yield return condition.Sources.IsEmpty
                    ? "something that is not understood decides which rows there are"
                    : $"{Phi(condition.Sources)} decides which rows there are, or whether the statement fails";
        foreach (var write in lineage.Writes)
            if (write.Value.IsPhi && !IsClassified(write))
                yield return $"PHI would be stored in {write.Relation}{(write.Column is { } column ? $".{column.Name}" : "")}";
        foreach (var finding in lineage.Findings)
            yield return finding;
    }

    private static bool IsClassified(ColumnWrite write) => write.Column is { IsPhi: true };

    private static RiskClasses Of(ConditionForm form) => form switch
    {
        ConditionForm.NullTest => RiskClasses.None,
        ConditionForm.Equality => RiskClasses.PhiEquality,
        ConditionForm.Ordering => RiskClasses.PhiOrdering,
        ConditionForm.Grouping => RiskClasses.PhiGrouping,
        _ => RiskClasses.Inference,
    };

    private static string Phi(SourceSet sources)
    {
        foreach (var source in sources.Columns)
            if (source.IsPhi)
                return source.ToString();
        return "PHI";
    }
}
