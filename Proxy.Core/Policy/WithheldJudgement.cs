using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Errors;

namespace Proxy.Core.Policy;

/// <summary>
/// The judgement of a text that has run, while its names may have come to mean something else: what it does to the session stays, and nothing of its
/// answer is shown.
/// </summary>
internal sealed class WithheldJudgement(Judgement judgement) : Judgement
{
    public override RiskAssessment AssessmentOf(int statement) => judgement.AssessmentOf(statement);

    public override OverlayEffect EffectOf(int statement) => judgement.EffectOf(statement);

    public override MaskPlan PlanFor(int statement, ReadOnlySpan<ResultColumn> columns) => MaskPlan.Everything;

    public override ErrorTreatment TreatmentOf(in ErrorSummary error) => ErrorScrubber.Judge(RiskAssessment.Unreadable, error);
}
