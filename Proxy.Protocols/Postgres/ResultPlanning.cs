using Proxy.Core.Masking;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>From a RowDescription to the plan by which its rows are masked.</summary>
internal static class ResultPlanning
{
    // 33 KB, needed for a moment: one for each thread, not for each session.
    [ThreadStatic]
    private static ResultColumn[]? _columns;

    public static bool TryPlan(Portal portal, ReadOnlySpan<byte> body)
    {
        // The usual re-execution is described as the last one was, under the same judgement: its plan still holds.
        if (portal.Statement is { } statement && statement.DescribedUnder == portal.Judgement
            && body.SequenceEqual(statement.DescribedAs))
        {
            portal.Plan = statement.DescribedPlan;
            return true;
        }

        if (!TryDecode(body, out var described)) return false;
        portal.Plan = portal.Judgement!.PlanFor(portal.StatementIndex, described);
        if (portal.Statement is { } prepared)
        {
            prepared.DescribedAs = body.ToArray();
            prepared.DescribedPlan = portal.Plan;
            prepared.DescribedUnder = portal.Judgement;
        }

        return true;
    }

    public static bool TryDecode(ReadOnlySpan<byte> body, out ReadOnlySpan<ResultColumn> columns)
    {
        var all = _columns ??= new ResultColumn[RowDescription.ColumnsMax];
        var isDecoded = RowDescription.TryDecode(body, all, out var count);
        columns = isDecoded ? all.AsSpan(0, count) : default;
        return isDecoded;
    }

    public static bool TryPlan(PendingReply query, ReadOnlySpan<byte> body)
    {
        if (!TryDecode(body, out var described)) return false;
        query.Plan = query.Judgement!.PlanFor(query.StatementIndex, described);
        return true;
    }
}
