using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Masking;
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

    public override ErrorTreatment TreatmentOf(in ErrorSummary error)
    {
        if (ShowsEverything) return ErrorTreatment.Verbatim;
        foreach (var assessment in assessments)
            if (ErrorScrubber.Judge(assessment, error) is ErrorTreatment.Scrub)
                return ErrorTreatment.Scrub;
        return ErrorTreatment.Verbatim;
    }
}
