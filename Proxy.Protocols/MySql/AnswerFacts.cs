using Proxy.Core.Masking;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Policy;

namespace Proxy.Protocols.MySql;

/// <summary>What can be said of the answer that is owed next.</summary>
internal static class AnswerFacts
{
    /// <summary>Of its rows, and by which plan they are masked.</summary>
    public static MySqlRowShape ShapeOf(PendingReply head) => (head.Kind is PendingKind.Fetch ? head.Statement?.Cursor?.Shape : head.Shape) ?? MySqlRowShape.None;

    /// <summary>Whether what runs can have touched PHI, and the rules do not show everything.</summary>
    public static bool TouchesPhi(PendingReply head)
    {
        if (head.Judgement is not { } judgement || judgement.Decision is { Verdict: Verdict.Allow, Profile: MaskProfile.Unmasked }) return false;
        for (var i = 0; i < judgement.Analysis.Statements.Length; i++)
            if (judgement.AssessmentOf(i).TouchesPhi)
                return true;
        return false;
    }

    /// <summary>For the record.</summary>
    public static AnsweredStatement Answered(PendingReply head, long rows) =>
        new(head.Record, head.StartedAt, head.Rows, rows, head.Bytes, MaskedColumns(head));

    private static int MaskedColumns(PendingReply head)
    {
        if (head.Rows == 0 && head.Shape is null) return 0;
        var plan = ShapeOf(head).Plan;
        if (plan.ShowsEverything || plan.ColumnCount == MySqlMaskPlan.AnyColumnCount) return plan.ShowsEverything ? 0 : MySqlMaskPlan.AnyColumnCount;
        var masked = 0;
        for (var i = 0; i < plan.ColumnCount; i++)
            if (plan[i].Kind is not MaskKind.Show)
                masked++;
        return masked;
    }
}
