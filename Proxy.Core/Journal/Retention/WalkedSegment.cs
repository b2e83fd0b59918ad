namespace Proxy.Core.Journal.Retention;

/// <summary>A segment that was read and compared with the heads in it.</summary>
/// <param name="Number">Of the segment.</param>
/// <param name="FirstRecord">Its first record.</param>
/// <param name="LastRecord">Its last record.</param>
/// <param name="Newest">Of all its records; their clock may have been set.</param>
/// <param name="HeaderHash">Of its header's entry.</param>
/// <param name="HeaderDigestWithoutKey">SHA-256 of what its header is when the key has been erased, with the bytes that are written late as zeros.</param>
internal sealed record WalkedSegment(
    long Number, long FirstRecord, long LastRecord, DateTimeOffset Newest, byte[] HeaderHash, byte[] HeaderDigestWithoutKey);
