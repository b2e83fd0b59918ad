using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking;

/// <summary>
/// AES-CMAC of one column's values in several rows, under one key: alone each waits for its own encryption, together for one in four
/// (<see cref="AesBlock.EncryptEach"/>). Not for two threads at a time.
/// </summary>
internal sealed class CmacBatch
{
    /// <summary>How many values at a time.</summary>
    public const int CountMax = 16;

    private readonly Vector128<byte>[] _blocks = new Vector128<byte>[CountMax];

    /// <summary>
    /// The 16 bytes for each value, NULL like an empty one; they stay until the next call, and may be written over. Ask afterwards whether the key was still there
    /// (<see cref="KeyDomain.IsDisposed"/>).
    /// </summary>
    public Span<Vector128<byte>> Of(KeyDomain key, ValueTag tag, ReadOnlySpan<byte> memory, ReadOnlySpan<ValueRange> values)
    {
        var blocks = _blocks.AsSpan(0, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var (start, length) = values[i];
            // A value has a byte in front of it, if only the end of its length, which makes room for the tag.
            blocks[i] = length <= Cmac.ShortBytesMax && start > 0 && start - 1 <= memory.Length - Vector128<byte>.Count
                ? Cmac.ShortBlock(key, tag, Vector128.Create(memory[(start - 1)..]), Math.Max(0, length))
                : Cmac.LastBlock(key, tag, values[i].Of(memory));
        }

        key.EncryptEach(blocks);
        return blocks;
    }

    public override string ToString() => nameof(CmacBatch);
}
