using System.Security.Cryptography;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Retention;

/// <summary>
/// Writes records of documentation into the journal anew, before their segments go. With what is sealed in one goes the key of its segment, sealed in turn: it
/// can be read as long as the rest of its new segment.
/// </summary>
/// <param name="directory">Of the journal.</param>
/// <param name="journal">The same, open.</param>
/// <param name="sealing">Unwraps the keys of segments; null keeps none.</param>
/// <param name="contentSince">With what is older no key goes along: its content is to be read no more.</param>
internal sealed class DocumentationKeeper(string directory, IJournal journal, IKeyEncryptionKey? sealing, DateTimeOffset contentSince)
{
    private long _segment;
    private byte[] _dataKey = [];

    /// <exception cref="IOException">One cannot be written, or a key is not to be had: nothing is lost, since nothing goes then.</exception>
    public async Task KeepAsync(IEnumerable<DocumentationEntry> entries, CancellationToken cancellation)
    {
        try
        {
            foreach (DocumentationEntry entry in entries)
            {
                RecordHeader header = RecordHeader.Read(entry.Record);
                // One that was kept before is opened in any case: what it holds has a time of its own.
                bool isOpened = header.Flags == RecordHeader.IsSealedFlag && (entry.IsKept || header.Ticks >= contentSince.UtcTicks);
                byte[] dataKey = isOpened ? await DataKeyAsync(entry.Segment, cancellation) : [];
                if (!TryKeep(entry, dataKey))
                    throw new IOException("Nothing is purged: the journal takes no record of what is to be kept.");
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(_dataKey);
        }
    }

    private bool TryKeep(DocumentationEntry entry, byte[] dataKey)
    {
        if (!entry.IsKept)
            return TryAppend(entry.Segment, entry.Index, entry.Before, entry.Record, entry.Path, entry.Head!.ToString(), dataKey);
        var kept = (DecodedKept)RecordDecoder.Decode(DetachedRecord.Open(entry.Record, entry.Segment, dataKey));
        return TryAppend(kept.Segment, kept.Index, kept.Before, kept.Entry, kept.Path, kept.Head, kept.Time < contentSince ? [] : kept.DataKey);
    }

    private bool TryAppend(
        long segment, long index, byte[] before, byte[] entry, byte[][] path, string head, ReadOnlySpan<byte> dataKey)
    {
        var record = new KeptRecord
        {
            Segment = segment,
            Index = index,
            Before = before,
            Entry = entry,
            Path = path.SelectMany(static hash => hash).ToArray(),
            Head = head,
            DataKey = dataKey,
        };
        return journal.TryAppend(in record, out _);
    }

    /// <summary>Empty where the content of the segment was erased: then nobody reads it any more.</summary>
    private async ValueTask<byte[]> DataKeyAsync(long segment, CancellationToken cancellation)
    {
        if (segment == _segment)
            return _dataKey;
        string path = SegmentFileName.Of(directory, segment);
        SegmentHeader header = SegmentHeader.Read(SegmentHeader.PageOf(path), path);
        CryptographicOperations.ZeroMemory(_dataKey);
        _dataKey = header.IsContentErased || sealing is null
            ? []
            : await sealing.UnwrapAsync(header.KeyId, header.WrappedKey, new SegmentIdentity(header.JournalId, segment), cancellation);
        _segment = segment;
        return _dataKey;
    }
}
