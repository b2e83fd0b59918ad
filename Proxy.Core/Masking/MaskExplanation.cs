using Proxy.Core.Catalogue;
using Proxy.Core.Policy;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Masking;

/// <summary>How a column is shown and why, in words for people: names of columns and classes, never a value.</summary>
/// <param name="Shown">For example <c>as it is</c>, <c>token</c>, <c>redacted</c>.</param>
/// <param name="Why">For example <c>copy of public.patients.ssn (social-security-number)</c>.</param>
public readonly record struct MaskExplanation(string Shown, string Why)
{
    /// <summary>More columns than these say no more.</summary>
    private const int SourcesMax = 6;

    /// <summary>Of a column of an answer that the server has described.</summary>
    /// <param name="index">Which column.</param>
    /// <param name="columns">All of the answer.</param>
    /// <param name="mask">What was planned for it.</param>
    /// <param name="judgement">By which it was planned.</param>
    /// <param name="statement">Which statement of the text the answer is of.</param>
    public static MaskExplanation Of(int index, ReadOnlySpan<ResultColumn> columns, in ColumnMask mask, Judgement judgement, int statement)
    {
        var assessment = judgement.AssessmentOf(statement);
        if (judgement.Decision is { Verdict: Verdict.Allow, Profile: MaskProfile.Unmasked })
            return new MaskExplanation(Words(mask), $"rule {judgement.Decision.Rule} shows PHI as it is");
        ref readonly var column = ref columns[index];
        if (assessment.Lineage?.Outputs is { IsOpen: false } outputs)
        {
            if (outputs.Columns.Length != columns.Length)
                return new MaskExplanation(Words(mask), "the answer has other columns than the analysis");
            var flow = outputs.Columns[index].Flow;
            if (flow.IsPhi || mask.Kind is MaskKind.Show)
                return new MaskExplanation(Words(mask), Reason(flow));
        }
        return new MaskExplanation(Words(mask), ByOrigin(column, assessment, judgement.Catalogue));
    }

    /// <summary>Of a column of a statement that nobody has described: as it would be shown where its type has a mask.</summary>
    public static MaskExplanation Of(Flow flow, Decision decision, MaskPlanner planner)
    {
        if (!flow.IsPhi || decision is { Verdict: Verdict.Allow, Profile: MaskProfile.Unmasked })
            return new MaskExplanation(Words(ColumnMask.Shown), Reason(flow));
        if (flow.TellsByNull)
            return new MaskExplanation("NULL", Reason(flow));
        var (kind, domain) = flow.IsWholePhi
            ? planner.MaskOf(decision.Profile, flow.Sources.PhiClass() ?? IdentifierClass.Unreviewed)
            : (MaskKind.Redact, null);
        return new MaskExplanation(Words(kind, domain is not null), Reason(flow));
    }

    private static string Words(in ColumnMask mask) =>
        mask.Kind is not MaskKind.Show && mask.Type is MaskType.Unknown ? "NULL" : Words(mask.Kind, mask.Domain is not null);

    private static string Words(MaskKind kind, bool hasKey) => kind switch
    {
        MaskKind.Show => "as it is",
        MaskKind.Pseudonym when hasKey => "token",
        MaskKind.Year => "year",
        MaskKind.Age => "age up to 90",
        MaskKind.ZipPrefix or MaskKind.ZipArea => "first three digits",
        MaskKind.YearNumber => "year",
        MaskKind.Plan => "as it is, without widths",
        _ => "redacted",
    };

    private static string Reason(Flow flow)
    {
        if (flow.Derivation is Derivation.Opaque)
            return "not understood";
        if (!flow.IsPhi)
            return flow.Counted.IsEmpty ? "no PHI flows into it" : $"only counts {Names(flow.Counted)}";
        return $"{(flow.Derivation is Derivation.Copy && !flow.TellsByNull ? "copy of" : "computed from")} {Names(flow.Sources)}";
    }

    private static string Names(SourceSet sources)
    {
        var phi = sources.CarriesPhi ? [.. sources.Columns.Where(static source => source.IsPhi)] : sources.Columns;
        var names = string.Join(", ", phi.Take(SourcesMax).Select(static source => $"{source} ({IdentifierClassNames.Format(source.Column.Class)})"));
        return phi.Length > SourcesMax ? $"{names} and {phi.Length - SourcesMax} more" : names;
    }

    private static string ByOrigin(in ResultColumn column, RiskAssessment assessment, CatalogueSnapshot catalogue)
    {
        if (!column.HasOrigin)
            return assessment.OriginlessIsClean ? "the statement names no PHI" : "computed in a statement that names PHI or is not understood";
        if (catalogue.Find(column.RelationOid) is not { } relation || relation.Column(column.AttributeNumber) is not { } attribute)
            return "a column that the catalogue does not know";
        var name = $"{relation}.{attribute.Name}";
        return attribute.Class is IdentifierClass.NotPhi
            ? assessment.OriginsAreTrusted ? $"{name} is not PHI" : $"{name}, in a statement that may put other values there"
            : $"{name} ({IdentifierClassNames.Format(attribute.Class)})";
    }
}
