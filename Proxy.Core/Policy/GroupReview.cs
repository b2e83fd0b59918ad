using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Policy;

/// <summary>
/// Where a rule has a minimum group size: refuses what makes one value of many rows with PHI and does not say in the same row of how many. Rows that do
/// are judged one by one as they come.
/// </summary>
internal static class GroupReview
{
    public static Decision Of(StatementReading reading, RiskAssessment assessment, Decision decision)
    {
        if (decision is not { MinimumGroupSize: > 0, IsForwarded: true } || Refusal(reading, assessment) is not { } why)
            return decision;
        return decision with { Verdict = Verdict.Refuse, Refusal = Refusals.GroupSizeUnknown.Because(why) };
    }

    private static string? Refusal(StatementReading reading, RiskAssessment assessment)
    {
        if (assessment.Lineage is not { } lineage)
            return assessment.MentionsPhi && reading.Functions.Any(AggregateCalls.Is) ? "nobody knows what its aggregates are made of" : null;
        if (!assessment.MentionsPhi || lineage.Groups is not { } groups)
            return null;
        if (groups.CountColumn is null)
            return groups.Because;
        // What is stored or copied out is not looked at row by row.
        return reading.Kind is StatementKind.Select or StatementKind.Execute or StatementKind.Fetch or StatementKind.DeclareCursor or StatementKind.Prepare
            ? null : "only the rows of an answer can be looked at";
    }
}
