using System.Buffers.Binary;
using Proxy.Core.Masking;
using Proxy.Core.Policy.Budgets;

namespace Proxy.Protocols.Postgres;

/// <summary>Counts the rows of answers against the session's budget, before they are masked. Owned by the reply relay; allocates nothing.</summary>
internal sealed class RowBudget(SessionBudget? budget)
{
    /// <summary>Whether rows under this plan have to be looked at.</summary>
    public bool Counts(MaskPlan plan) => plan.HoldsPhi && budget is { LimitsRows: true };

    /// <summary>
    /// Whether the row may be shown. One without PHI, or with NULL only where PHI would be, always may. Rows are told apart by what of them shows, if only by a
    /// token: otherwise the count would say whether two hidden values are equal.
    /// </summary>
    /// <param name="plan">How it will be shown.</param>
    /// <param name="body">Of the DataRow, as the server sent it. What is malformed is found by whoever masks it.</param>
    public bool TryShow(MaskPlan plan, ReadOnlySpan<byte> body)
    {
        var code = budget!.Codes.BeginRow();
        if (body.Length < sizeof(short) || BinaryPrimitives.ReadInt16BigEndian(body) != plan.ColumnCount)
            return true;
        body = body[sizeof(short)..];
        var hasHidden = false;
        for (var column = 0; column < plan.ColumnCount; column++)
        {
            if (!BinaryPrimitives.TryReadInt32BigEndian(body, out var length) || length > body.Length - sizeof(int))
                return true;
            body = body[sizeof(int)..];
            if (length < 0)
                continue;
            if (plan.IsPhi(column))
            {
                if (plan[column].Kind is MaskKind.Pseudonym or MaskKind.Show)
                    code.Add(column, body[..length]);
                else
                    hasHidden = true;
            }
            body = body[length..];
        }

        return code.HasValues ? budget.TryShow(code.Finish()) : !hasHidden || budget.TryShowUnknown();
    }

    /// <summary>Whether a row may be shown that is not looked at: of COPY, or over the limit.</summary>
    public bool TryShowUnknown() => budget is null || budget.TryShowUnknown();

    /// <summary>Counts bytes that are shown; false when that was too much.</summary>
    public bool TrySend(long bytes) => budget is null || budget.TrySend(bytes);
}
