using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Copy;
using Proxy.Core.Masking.Errors;

namespace Proxy.Core.Policy;

/// <summary>The judgement of a text that was read: each statement has its assessment.</summary>
internal sealed class ReviewedJudgement(ImmutableArray<RiskAssessment> assessments, MaskPlanner planner, ICatalogueSource source) : Judgement
{
    private bool ShowsEverything => Decision is { Verdict: Verdict.Allow, Profile: MaskProfile.Unmasked };

    public override RiskAssessment AssessmentOf(int statement) => statement < assessments.Length ? assessments[statement] : RiskAssessment.Unreadable;

    public override OverlayEffect EffectOf(int statement) => statement < assessments.Length ? assessments[statement].Effect : OverlayEffect.None;

    public override MaskPlan PlanFor(int statement, ReadOnlySpan<ResultColumn> columns)
    {
        if (statement >= assessments.Length) return MaskPlan.Everything;
        var plan = planner.Plan(columns, assessments[statement], Catalogue, Decision, DateStyle.Iso, out var knowsEveryOrigin);
        if (!knowsEveryOrigin) source.RequestRefresh();
        return plan;
    }

    public override CopyPlan? CopyPlanFor(int statement)
    {
        if (statement >= assessments.Length || MaskedCopy(statement) is not { } plan) return null;
        var reading = Analysis.Statements[statement];
        return reading.Copy?.Options is { } options && CopiedSubjects.Of(reading, assessments[statement], Catalogue, Overlay) is { } subjects
            ? plan.With(subjects, options)
            : plan;
    }

    private CopyPlan? MaskedCopy(int statement)
    {
        if (ShowsEverything || assessments[statement] is { OriginlessIsClean: true } or { CannotBeMasked: false, Lineage: { ShowsPhi: false, Outputs.IsOpen: false } }) return CopyPlan.Shown;
        var reading = Analysis.Statements[statement];
        if (assessments[statement].CannotBeMasked || !CopiedTable.TryFind(reading, Catalogue, Overlay, out var table)) return null;
        var columns = new CopyColumn[table.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            // What is no PHI is the column's own: COPY of a table reads that table alone.
            var (kind, domain) = planner.MaskOf(Decision.Profile, table[i].Class);
            columns[i] = new CopyColumn(table[i].TypeOid, table[i].TypeModifier, kind, domain);
        }

        return planner.PlanCopy(columns, reading.Copy!.Options!, Catalogue);
    }

    public override ErrorTreatment TreatmentOf(in ErrorSummary error)
    {
        if (ShowsEverything) return ErrorTreatment.Verbatim;
        foreach (var assessment in assessments)
            if (ErrorScrubber.Judge(assessment, error) is ErrorTreatment.Scrub)
                return ErrorTreatment.Scrub;
        return ErrorTreatment.Verbatim;
    }
}
