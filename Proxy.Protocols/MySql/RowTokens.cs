using Proxy.Core.Masking.MySql;

namespace Proxy.Protocols.MySql;

/// <summary>The tokens that were made for one row beforehand; the default has none.</summary>
internal readonly struct RowTokens(TokenRun run, MySqlMaskPlan plan, int row)
{
    /// <summary>The token of a value, which lies where it was found.</summary>
    /// <param name="column">Of the row.</param>
    /// <param name="start">Where the value begins in what was received, behind its length.</param>
    /// <param name="length">Of the value.</param>
    /// <param name="token">The token, until the next row.</param>
    public bool TryTake(int column, int start, int length, out ReadOnlySpan<byte> token)
    {
        token = default;
        return run is not null && plan.TokenPlaceOf(column) is >= 0 and var place && run.TryTake(place, row, start, length, out token);
    }
}
