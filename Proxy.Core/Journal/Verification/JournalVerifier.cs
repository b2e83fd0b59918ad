using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Recovery;
using Proxy.Core.Journal.Retention;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Verification;

/// <summary>
/// Reads a whole journal once and says whether it is what its heads, and the anchors, say. Needs public keys only: what is sealed is checked
/// without being opened. Offline: nothing is asked of anybody.
/// </summary>
public sealed class JournalVerifier : IDisposable
{
    private readonly string _directory;
    private readonly IProgress<(long Done, long Total)>? _progress;
    private readonly List<VerificationFinding> _findings = [];
    private readonly HeadCheck _heads;
    private readonly EntryChain _chain = new();
    private readonly OpenStatements _statements = new(keepsUnknown: true);
    private readonly ErasedContents _erased = new();
    private readonly KeptRecords _kept;
    private readonly List<JournalDamage> _damage = [];
    private readonly List<JournalDamage> _explained = [];
    private bool _hasDeparted;
    private bool _isUnderThePen;
    private (long Segment, long Offset) _agreed = (1, 0);
    private JournalHead? _signedTo;
    private JournalHead? _anchoredTo;
    private long _records;
    private long _bytes;
    private long _total;
    private long _lastRecord;

    private JournalVerifier(
        string directory, IReadOnlyCollection<HeadVerificationKey> keys, IEnumerable<string> anchors, IProgress<(long Done, long Total)>? progress)
    {
        _directory = directory;
        _progress = progress;
        _kept = new KeptRecords(keys);
        _heads = new HeadCheck(directory, keys, anchors, _findings);
    }

    /// <param name="directory">The journal, or a copy of it.</param>
    /// <param name="keys">Public keys whose signatures count.</param>
    /// <param name="anchors">Files of heads that anchors kept.</param>
    /// <param name="progress">Told of bytes done and bytes in all.</param>
    /// <param name="cancellation">Breaks off.</param>
    /// <exception cref="IOException">Something cannot be read, or a file of an anchor holds something else than heads.</exception>
    public static VerificationReport Run(
        string directory,
        IReadOnlyCollection<HeadVerificationKey> keys,
        IEnumerable<string> anchors,
        IProgress<(long Done, long Total)>? progress,
        CancellationToken cancellation)
    {
        using var verifier = new JournalVerifier(directory, keys, anchors, progress);
        return verifier.Run(cancellation);
    }

    public void Dispose() => _heads.Dispose();

    private VerificationReport Run(CancellationToken cancellation)
    {
        List<long> segments = SegmentFileName.Numbers(_directory);
        PurgedBeginning? purged = BeginBehindPurged(segments);
        _total = segments.Sum(number => new FileInfo(SegmentFileName.Of(_directory, number)).Length);
        using var tree = new BackgroundTree(_chain.Tree);
        _chain.GrowIn(tree);
        SegmentHeader? before = null;
        long expectedNumber = (purged?.Purge.LastRecord ?? 0) + 1;
        long first = (purged?.Purge.LastSegment ?? 0) + 1;
        Agree();
        for (int i = 0; i < segments.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            long expected = before is { } last ? last.Number + 1 : first;
            if (segments[i] != expected)
                Find(expected, 0, $"segment {expected} is missing");
            before = TakeSegment(segments[i], before, ref expectedNumber, isLast: i == segments.Count - 1, cancellation);
            // Others may have begun the next one before a record here is published. Nobody can have signed anything behind that.
            if (_isUnderThePen)
                break;
        }
        bool isClosed = before is { Ending: SegmentEnding.Clean or SegmentEnding.Recovered };
        CheckEnd(isClosed);
        _kept.Check(_heads, Find);
        _erased.Check(Find, _hasDeparted ? long.MaxValue : _signedTo?.LastRecord ?? 0);
        if (purged is not null && !_hasDeparted && (_signedTo?.LastRecord ?? 0) < purged.Number)
            Find(purged.Purge.LastSegment, 0, $"record {purged.Number} says that everything up to here was purged, and nobody has signed it");
        return new VerificationReport
        {
            JournalId = _heads.JournalId,
            Segments = segments.Count,
            Records = _records,
            Entries = _chain.Size,
            Bytes = _bytes,
            Heads = _heads.Count,
            SignedTo = _signedTo,
            AnchoredTo = _anchoredTo,
            UnsignedRecords = _lastRecord - (_signedTo?.LastRecord ?? 0),
            IsClosed = isClosed,
            Purged = purged?.Purge,
            ErasedContents = [.. _erased.Records],
            KeptRecords = _kept.Count,
            Findings = [.. _findings],
            Explained = [.. _explained],
            UnknownOutcomes = [.. _statements.All],
        };
    }

    /// <summary>
    /// Where the first segments were purged, begins behind them, with the state that the record of it holds. Heads of before can be compared no more;
    /// those behind are right only if the state is.
    /// </summary>
    private PurgedBeginning? BeginBehindPurged(List<long> segments)
    {
        if (PurgedBeginning.Find(_directory, segments) is not { } purged || !purged.TryRestore(_chain))
            return null;
        segments.RemoveAll(number => number <= purged.Purge.LastSegment);
        while (_heads.Next is { } before && before.Head.Size < purged.Purge.Entries)
            _heads.Skip();
        _agreed = (purged.Purge.LastSegment + 1, 0);
        return purged;
    }

    private SegmentHeader? TakeSegment(long number, SegmentHeader? before, ref long expectedNumber, bool isLast, CancellationToken cancellation)
    {
        string path = SegmentFileName.Of(_directory, number);
        SegmentScanner scanner;
        try
        {
            scanner = SegmentScanner.Open(path, isWriterDead: false);
        }
        catch (JournalFormatException damaged)
        {
            Find(number, 0, damaged.Message);
            expectedNumber = 0;
            return before is { } last ? last with { Number = number } : null;
        }
        using (scanner)
        {
            CheckHeader(scanner, number, path);
            scanner.ExpectedNumber = expectedNumber;
            TakeEntries(scanner, cancellation);
            _isUnderThePen = !scanner.IsAtEnd && scanner.Header.Ending == SegmentEnding.Open;
            // One that was listed last may have been followed by another since.
            bool isFollowed = !isLast || File.Exists(SegmentFileName.Of(_directory, number + 1));
            new SegmentEndingCheck(scanner, expectedNumber, before, isFollowed, Find).Run();
            expectedNumber = Math.Max(scanner.ExpectedNumber, scanner.Header.NextRecordNumber);
            _bytes += scanner.Header.SegmentBytes;
            _progress?.Report((_bytes, _total));
            return scanner.Header;
        }
    }

    private void CheckHeader(SegmentScanner scanner, long number, string path)
    {
        SegmentHeader header = scanner.Header;
        if (header.JournalId != _heads.JournalId && _heads.JournalId != Guid.Empty)
            Find(number, 16, "the segment is of another journal");
        if (header.Number != number)
            Find(number, 32, $"the file holds segment {header.Number}");
        if (header.Chaining == 0)
            Find(number, 74, "the segment is not chained");
        if (new FileInfo(path).Length != header.SegmentBytes)
            Find(number, Math.Min(new FileInfo(path).Length, header.SegmentBytes), $"the file has {new FileInfo(path).Length} bytes, not {header.SegmentBytes}");
    }

    private void TakeEntries(SegmentScanner scanner, CancellationToken cancellation)
    {
        const int ReportedEach = 0xFFFF;
        bool hasBegun = false;
        // Before the first record is read: it would be gone from the scanner's window otherwise, before anybody has seen it.
        byte[] header = scanner.Bytes(0, SegmentHeader.Bytes).ToArray();
        while (true)
        {
            long start = scanner.Offset;
            JournalReadResult result = scanner.Read();
            bool hasEnded = result == JournalReadResult.End;
            // The header counts with the first record, as it did when the segment was begun.
            if (!hasBegun && (!hasEnded || scanner.IsAtEnd))
            {
                hasBegun = true;
                _erased.SeeHeader(scanner.Header.Number, header);
                _chain.AddHeader(header);
                Agree(scanner.Header.Number, SegmentHeader.Bytes);
            }
            if (hasEnded)
                break;
            if (result == JournalReadResult.Record)
                See(scanner.Entry);
            else
                _damage.Add(scanner.Damage);
            _chain.Add(scanner.Bytes(start, scanner.Offset));
            Agree(scanner.Header.Number, scanner.Offset);
            if ((_records & ReportedEach) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                _progress?.Report((_bytes + scanner.Offset, _total));
            }
        }
        ReadOnlySpan<byte> trailer = scanner.Trailer();
        if (!scanner.IsAtEnd)
        {
            if (!trailer.IsEmpty && scanner.Header.Ending != SegmentEnding.Open)
                Find(scanner.Header.Number, scanner.Offset, "the records end before the segment does");
            return;
        }
        _chain.AddTrailer(trailer);
        Agree(scanner.Header.Number, scanner.Header.SegmentBytes);
    }

    private void See(in JournalEntry entry)
    {
        _records++;
        _lastRecord = entry.Number;
        try
        {
            _statements.See(entry);
            _erased.See(entry);
            if (_kept.See(entry, _heads.JournalId) is { } wrong)
                Find(entry.Segment, entry.Offset, wrong);
        }
        catch (JournalFormatException malformed)
        {
            Find(entry.Segment, entry.Offset, malformed.Message);
        }
    }

    private void Agree() => Agree(1, 0);

    /// <summary>Compares with every head that is of this many entries.</summary>
    private void Agree(long segment, long offset)
    {
        while (_heads.Next is { } checkpoint && checkpoint.Head.Size <= _chain.Size)
        {
            _heads.Skip();
            if (_hasDeparted)
                continue;
            if (IsHere(checkpoint.Head))
                Accept(checkpoint, segment, offset);
            else
                Depart(checkpoint, segment, offset);
        }
    }

    /// <summary>The last record's number may be that of a record in an entry that only its number is left of, so it is not compared.</summary>
    private bool IsHere(JournalHead head) =>
        head.Size == _chain.Size && _chain.Last.SequenceEqual(head.Chain) && Root().AsSpan().SequenceEqual(head.Root);

    private byte[] Root()
    {
        _chain.Settle();
        return _chain.Tree.Root();
    }

    private void Accept(in Checkpoint checkpoint, long segment, long offset)
    {
        if (checkpoint.IsAnchor)
            _anchoredTo = checkpoint.Head;
        else
            _signedTo = checkpoint.Head;
        _agreed = (segment, offset);
        _explained.AddRange(_damage);
        _damage.Clear();
    }

    private void Depart(in Checkpoint checkpoint, long segment, long offset)
    {
        _hasDeparted = true;
        string source = checkpoint.IsAnchor ? "anchored" : "signed";
        string what = $"not what was {source} on {checkpoint.Head.Time:yyyy-MM-dd HH:mm:ss} UTC, up to record {checkpoint.Head.LastRecord}";
        if (_damage.Count > 0)
            _findings.Add(new VerificationFinding(_damage[0].Segment, _damage[0].Offset, segment, offset, $"{what}; here is {_damage[0]}"));
        else
            _findings.Add(new VerificationFinding(_agreed.Segment, _agreed.Offset, segment, offset, what));
    }

    private void CheckEnd(bool isClosed)
    {
        if (_heads.Drain() is { } furthest && !_hasDeparted)
        {
            Find(
                _agreed.Segment, _agreed.Offset,
                $"the journal has {_chain.Size} entries, and had {furthest.Head.Size} (up to record {furthest.Head.LastRecord}) when it was "
                + $"{(furthest.IsAnchor ? "anchored" : "signed")} on {furthest.Head.Time:yyyy-MM-dd HH:mm:ss} UTC: it was cut, or changed before its end");
        }
        if (!_hasDeparted && isClosed && _chain.Size > (_signedTo?.Size ?? 0))
            Find(_agreed.Segment, _agreed.Offset, "the journal was closed, and nothing signs what follows its last head");
        if (!_hasDeparted)
        {
            foreach (JournalDamage damage in _damage)
                Find(damage.Segment, damage.Offset, $"unsigned, and {damage}");
        }
    }

    private void Find(long segment, long offset, string what) => _findings.Add(VerificationFinding.At(segment, offset, what));
}
