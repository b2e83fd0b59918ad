using Proxy.Core.Masking;
using Proxy.Core.Masking.Errors;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Policy;

namespace Proxy.Tests.Support.MySql;

/// <summary>Shows all of an answer, or nothing.</summary>
internal sealed class LenientJudgement(bool masks) : Judgement
{
    public override RiskAssessment AssessmentOf(int statement) => RiskAssessment.Unreadable;

    public override MaskPlan PlanFor(int statement, ReadOnlySpan<ResultColumn> columns) => MaskPlan.Everything;

    public override MySqlMaskPlan PlanFor(int statement, ReadOnlySpan<MySqlResultColumn> columns)
    {
        if (masks) return MySqlMaskPlan.Everything;
        var shown = new MySqlColumnMask[columns.Length];
        Array.Fill(shown, MySqlColumnMask.Shown);
        return new MySqlMaskPlan(shown);
    }

    public override ErrorTreatment TreatmentOf(ushort errorCode) => masks ? ErrorTreatment.Scrub : ErrorTreatment.Verbatim;

    public override ErrorTreatment TreatmentOf(in ErrorSummary error) => ErrorTreatment.Scrub;
}
