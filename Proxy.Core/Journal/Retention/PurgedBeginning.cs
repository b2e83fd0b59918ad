using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Retention;

/// <summary>
/// What was purged of a journal whose first segments are not there, as the newest record about it says. It proves itself: only with the state that it
/// holds do the segments behind give the roots that were signed, and it is in them.
/// </summary>
/// <param name="Number">Of the record.</param>
/// <param name="Purge">What it says.</param>
internal sealed record PurgedBeginning(long Number, DecodedPurged Purge)
{
    /// <summary>Looks for it from the end of the journal backwards: purges are younger than what they purge. Null when nothing says that anything was purged.</summary>
    /// <param name="directory">Of the journal.</param>
    /// <param name="segments">All that are there, ascending.</param>
    public static PurgedBeginning? Find(string directory, IReadOnlyList<long> segments)
    {
        if (segments.Count == 0 || segments[0] == 1)
            return null;
        for (int i = segments.Count - 1; i >= 0; i--)
        {
            if (FindIn(SegmentFileName.Of(directory, segments[i]), segments[0]) is { } found)
                return found;
        }
        return null;
    }

    /// <summary>Puts the chain where it was behind what was purged; false when what the record says cannot be.</summary>
    public bool TryRestore(EntryChain chain)
    {
        if (Purge.Chain.Length != MerkleTree.HashBytes || !chain.Tree.Restore(Purge.Entries, Purge.Edge))
            return false;
        chain.Restore(Purge.Chain);
        return true;
    }

    private static PurgedBeginning? FindIn(string path, long oldest)
    {
        PurgedBeginning? newest = null;
        try
        {
            using SegmentScanner scanner = SegmentScanner.Open(path, isWriterDead: false);
            for (JournalReadResult result = scanner.Read(); result != JournalReadResult.End; result = scanner.Read())
            {
                // Segments that it names and that are still there: the deleting was interrupted.
                if (result == JournalReadResult.Record && scanner.Entry.Kind == RecordKind.Purged
                    && RecordDecoder.Decode(scanner.Entry) is DecodedPurged purge && purge.LastSegment >= oldest - 1)
                {
                    newest = new PurgedBeginning(scanner.Entry.Number, purge);
                }
            }
        }
        catch (JournalFormatException)
        {
            // Whoever reads the segment for what is in it says what is wrong with it.
        }
        return newest;
    }
}
