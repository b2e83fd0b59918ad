namespace Proxy.Core.Masking;

/// <summary>Where a value lies in memory that was received.</summary>
/// <param name="Start">Of its first byte.</param>
/// <param name="Length">In bytes; -1: it is NULL.</param>
public readonly record struct ValueRange(int Start, int Length)
{
    public bool IsNull => Length < 0;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> memory) => memory.Slice(Start, Math.Max(0, Length));
}
