using System.Security.Cryptography;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Verification;

/// <summary>
/// Segments whose data key is gone, and the records that say so. Where a key was erased the chain takes the hash of the header from the header itself, so the
/// rest of that header must be what a record that was signed says.
/// </summary>
internal sealed class ErasedContents
{
    private const int KeyOffset = 680;

    private readonly Dictionary<long, byte[]> _found = [];
    private readonly Dictionary<long, (long Record, byte[] Digest)> _recorded = [];
    private readonly List<DecodedContentErased> _records = [];

    public IReadOnlyList<DecodedContentErased> Records => _records;

    public void SeeHeader(long number, ReadOnlySpan<byte> header)
    {
        if (SegmentHeader.EntryHashOf(header).IsEmpty)
            return;
        Span<byte> page = stackalloc byte[SegmentHeader.Bytes];
        header[..SegmentHeader.Bytes].CopyTo(page);
        SegmentHeader.ClearLate(page);
        _found[number] = SHA256.HashData(page);
    }

    /// <exception cref="JournalFormatException">The record is malformed.</exception>
    public void See(in JournalEntry entry)
    {
        if (entry.Kind != RecordKind.ContentErased || RecordDecoder.Decode(entry) is not DecodedContentErased erased)
            return;
        // Divided, not multiplied: a product could overflow to what is there.
        (int segments, int rest) = Math.DivRem(erased.Headers.Length, SHA256.HashSizeInBytes);
        if (rest != 0 || erased.LastSegment - erased.FirstSegment + 1 != segments)
            throw new JournalFormatException("The body of a journal record is malformed.");
        _records.Add(erased);
        for (long number = erased.FirstSegment; number <= erased.LastSegment; number++)
        {
            int at = (int)(number - erased.FirstSegment) * SHA256.HashSizeInBytes;
            _recorded[number] = (entry.Number, erased.Headers.AsSpan(at, SHA256.HashSizeInBytes).ToArray());
        }
    }

    /// <param name="find">Told what is wrong: segment, offset, what.</param>
    /// <param name="signedTo">The last record that a head covers.</param>
    public void Check(Action<long, long, string> find, long signedTo)
    {
        foreach ((long number, byte[] digest) in _found)
        {
            if (!_recorded.TryGetValue(number, out (long Record, byte[] Digest) erased))
                find(number, KeyOffset, "the key of what is sealed in the segment is gone, and no record says that it was erased");
            else if (erased.Record > signedTo)
                find(number, KeyOffset, $"record {erased.Record} says that the key of what is sealed in the segment was erased, and nobody has signed it");
            else if (!digest.AsSpan().SequenceEqual(erased.Digest))
                find(number, 0, "the header is not what the record about the erased content says: it was changed, or the erasing is not finished, which the next start does");
        }
    }
}
