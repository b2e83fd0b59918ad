using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Reading;

/// <summary>
/// Reads a journal directory in record order, live or closed, without owning it and in memory bounded by the longest record. Follows a live
/// journal: after <see cref="JournalReadResult.End"/>, reading again goes on where it stopped. Not thread-safe.
/// </summary>
public sealed class JournalReader : IDisposable
{
    private readonly string _directory;
    private readonly bool _isWriterDead;
    private readonly SegmentKeyRing? _keys;
    private SegmentScanner? _scanner;
    private long _nextSegment;
    private long _expectedNumber;

    /// <param name="directory">The journal's directory.</param>
    /// <param name="isWriterDead">
    /// Reads past unpublished places even where no new owner has recovered the journal yet. For copies of a crashed journal; on a live one it
    /// would call records torn that are only being written.
    /// </param>
    /// <param name="keys">Opens what is sealed; without, entries end before that.</param>
    /// <param name="firstSegment">Where to begin; 0 is the beginning of the journal.</param>
    public JournalReader(string directory, bool isWriterDead = false, SegmentKeyRing? keys = null, long firstSegment = 0)
    {
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no journal directory {directory}.");
        _directory = directory;
        _isWriterDead = isWriterDead;
        _keys = keys;
        _nextSegment = firstSegment;
    }

    /// <summary>After <see cref="JournalReadResult.Record"/>; its body is valid until the next step.</summary>
    public JournalEntry Entry { get; private set; }

    /// <summary>After <see cref="JournalReadResult.Damage"/>.</summary>
    public JournalDamage Damage { get; private set; }

    /// <summary>Identity of the journal; empty until a segment was opened.</summary>
    public Guid JournalId { get; private set; }

    /// <summary>The segment that a record is in, or the last one that could hold it; 0 when there are no segments.</summary>
    /// <exception cref="JournalFormatException">A file is not a segment.</exception>
    public static long SegmentOf(string directory, long record)
    {
        List<long> segments = SegmentFileName.Numbers(directory);
        for (int i = segments.Count - 1; i >= 0; i--)
        {
            using SegmentScanner scanner = SegmentScanner.Open(SegmentFileName.Of(directory, segments[i]), isWriterDead: false);
            if (scanner.Header.FirstRecordNumber != 0 && scanner.Header.FirstRecordNumber <= record)
                return segments[i];
        }
        return segments.Count > 0 ? segments[0] : 0;
    }

    /// <summary>Number of the first record that has not been purged; 0 while it is not known.</summary>
    /// <exception cref="JournalFormatException">A file is not a segment.</exception>
    public static long FirstRecordOf(string directory)
    {
        List<long> segments = SegmentFileName.Numbers(directory);
        if (segments.Count == 0)
            return 0;
        using SegmentScanner scanner = SegmentScanner.Open(SegmentFileName.Of(directory, segments[0]), isWriterDead: false);
        return scanner.Header.FirstRecordNumber;
    }

    /// <exception cref="JournalFormatException">A file is not a segment, or of another journal.</exception>
    public JournalReadResult Read()
    {
        while (true)
        {
            if (_scanner is null && !TryOpenNext(out JournalReadResult opened))
                return opened;
            SegmentScanner scanner = _scanner!;
            JournalReadResult result = scanner.Read();
            if (result != JournalReadResult.End)
            {
                Entry = scanner.Entry;
                Damage = scanner.Damage;
                return result;
            }
            if (!scanner.IsAtEnd)
            {
                LetGoOfUnused(scanner);
                return JournalReadResult.End;
            }
            // An ending counts spent numbers that left no trace, too.
            _expectedNumber = Math.Max(scanner.ExpectedNumber, scanner.Header.NextRecordNumber);
            _scanner = null;
            scanner.Dispose();
        }
    }

    public void Dispose() => _scanner?.Dispose();

    /// <summary>
    /// A segment without a record may only stand by: closing or recovering the journal deletes it, and another file gets its number. So it is
    /// opened anew at the next step.
    /// </summary>
    private void LetGoOfUnused(SegmentScanner scanner)
    {
        if (scanner.Offset != SegmentHeader.Bytes)
            return;
        _nextSegment = scanner.Header.Number;
        _scanner = null;
        scanner.Dispose();
    }

    private bool TryOpenNext(out JournalReadResult result)
    {
        result = JournalReadResult.End;
        List<long> numbers = SegmentFileName.Numbers(_directory);
        int index = numbers.FindIndex(number => number >= _nextSegment);
        if (index < 0)
            return false;
        long found = numbers[index];
        if (_nextSegment != 0 && found != _nextSegment)
        {
            Damage = new JournalDamage(_nextSegment, 0, DamageKind.SegmentMissing, _expectedNumber, RecordKind.None);
            _nextSegment = found;
            _expectedNumber = 0;
            result = JournalReadResult.Damage;
            return false;
        }
        SegmentScanner scanner = SegmentScanner.Open(SegmentFileName.Of(_directory, found), _isWriterDead);
        if (JournalId != Guid.Empty && scanner.Header.JournalId != JournalId)
        {
            scanner.Dispose();
            throw new JournalFormatException($"Segment {found} in {_directory} belongs to another journal.");
        }
        JournalId = scanner.Header.JournalId;
        scanner.ExpectedNumber = _expectedNumber != 0 ? _expectedNumber : scanner.Header.FirstRecordNumber;
        scanner.Sealer = _keys?.For(found);
        _scanner = scanner;
        _nextSegment = found + 1;
        return true;
    }
}
