namespace Proxy.Core.Journal.Retention;

/// <summary>What is to go.</summary>
/// <param name="FirstSegment">The oldest that there is.</param>
/// <param name="LastSegment">The last that goes.</param>
/// <param name="FirstRecord">Of the first segment.</param>
/// <param name="LastRecord">Of the last segment.</param>
/// <param name="Newest">Of all these records; their clock may have been set.</param>
internal sealed record PurgedExtent(long FirstSegment, long LastSegment, long FirstRecord, long LastRecord, DateTimeOffset Newest);
