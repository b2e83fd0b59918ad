using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Policy;

/// <summary>What a statement may do with PHI, by where its values come from and go.</summary>
internal static class LineageRisks
{
    /// <summary>By what it shows and stores.</summary>
    public static RiskClasses Of(StatementLineage lineage)
    {
        var risks = lineage.ShowsPhi || !lineage.Conditions.IsEmpty ? RiskClasses.PhiRead : RiskClasses.None;
        foreach (var write in lineage.Writes)
            if (write.Value.IsPhi)
                risks |= RiskClasses.PhiRead | (IsClassified(write) ? RiskClasses.None : RiskClasses.Export);
        return lineage.Exports ? risks | RiskClasses.Export : risks;
    }

    /// <summary>By what decides about its rows, as far as that tells more than the profile shows.</summary>
    public static RiskClasses Of(ImmutableArray<ConditionFlow> conditions, MaskProfile profile, CatalogueTypes types)
    {
        var risks = RiskClasses.None;
        foreach (var condition in conditions)
            risks |= Of(condition, profile, types);
        return risks;
    }

    private static RiskClasses Of(ConditionFlow condition, MaskProfile profile, CatalogueTypes types)
    {
        var risk = Of(condition.Form);
        if (profile is MaskProfile.Unmasked || risk is RiskClasses.None)
            return risk;
        var (areShown, haveTokens) = (!condition.IsOpaque, !condition.IsOpaque);
        foreach (var source in condition.Sources.Columns)
            if (source.IsPhi)
            {
                var mask = ProfileMasks.Of(profile, source.Column.Class);
                areShown &= mask is MaskKind.Show;
                haveTokens &= mask is MaskKind.Show || (mask is MaskKind.Pseudonym && HasToken(source.Column, types));
            }
        return areShown ? RiskClasses.None
            : risk is RiskClasses.PhiOrdering or RiskClasses.PhiGrouping && !haveTokens ? RiskClasses.Inference
            : risk;
    }

    /// <summary>Whether equal values show as equal, and others as others. What a session has copied has the type of what it copied, which had one.</summary>
    private static bool HasToken(CatalogueColumn column, CatalogueTypes types) =>
        column.TypeOid == 0 || PostgresType.HasTokens(column.TypeOid, column.TypeModifier, types);

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
