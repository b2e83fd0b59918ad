using Proxy.Core.Masking;
using Proxy.Core.Masking.Copy;
using Proxy.Core.Masking.Errors;

namespace Proxy.Core.Policy;

/// <summary>
/// The judgement of a text that was not read: it never runs. The server may still be asked to parse one that our grammar rejects; then what parse
/// analysis says about the client's own text may be shown, and nothing else.
/// </summary>
internal sealed class UnreadJudgement : Judgement
{
    public override RiskAssessment AssessmentOf(int statement) => RiskAssessment.Unreadable;

    public override MaskPlan PlanFor(int statement, ReadOnlySpan<ResultColumn> columns) => MaskPlan.Everything;

    public override CopyPlan? CopyPlanFor(int statement) => null;

    public override ErrorTreatment TreatmentOf(in ErrorSummary error) => ErrorScrubber.Judge(RiskAssessment.Unreadable, error);
}
