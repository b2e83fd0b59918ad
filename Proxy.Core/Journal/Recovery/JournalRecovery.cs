using System.Buffers.Binary;
using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Recovery;

/// <summary>
/// Finds the end of a journal whose owner is gone, ends its segments, and says what is missing. Only the last run is read: every opening starts a
/// segment of its own, so whatever an earlier crash left was dealt with by the opening after it.
/// </summary>
internal sealed class JournalRecovery
{
    private readonly JournalOptions _options;
    private readonly OpenStatements _statements = new();
    private readonly ImmutableArray<JournalDamage>.Builder _torn = ImmutableArray.CreateBuilder<JournalDamage>();
    private Guid _journalId;
    private long _records;
    private long _tornCount;
    private long _nextRecord;

    private JournalRecovery(JournalOptions options) => _options = options;

    /// <summary>Call as the owner of the directory.</summary>
    public static RecoveryReport Run(JournalOptions options, CancellationToken cancellation) => new JournalRecovery(options).Run(cancellation);

    private RecoveryReport Run(CancellationToken cancellation)
    {
        foreach (string preparing in SegmentFileName.AllPreparing(_options.Directory))
            File.Delete(preparing);
        List<long> segments = SegmentFileName.Numbers(_options.Directory);
        DropUnused(segments);
        if (segments.Count == 0)
            return Fresh();

        SegmentHeader last = ReadHeader(segments[^1]);
        RequireSameProtection(last);
        if (last.Ending is SegmentEnding.Clean or SegmentEnding.Recovered)
        {
            return new RecoveryReport
            {
                JournalId = last.JournalId,
                WasClean = last.Ending == SegmentEnding.Clean,
                NextSegment = last.Number + 1,
                NextRecord = last.NextRecordNumber,
            };
        }
        int first = Math.Max(segments.FindIndex(number => number >= last.RunNumber), segments.Count - _options.RecoverySegmentsMax);
        if (first > 0)
            _nextRecord = ReadHeader(segments[first - 1]).NextRecordNumber;
        for (int index = first; index < segments.Count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            Recover(segments[index]);
        }
        return new RecoveryReport
        {
            JournalId = last.JournalId,
            WasClean = false,
            NextSegment = last.Number + 1,
            NextRecord = Math.Max(_nextRecord, 1),
            SegmentsRead = segments.Count - first,
            RecordsRead = _records,
            Torn = _torn.ToImmutable(),
            TornCount = _tornCount,
            UnknownOutcomes = [.. _statements.All],
            StatementsNotTracked = _statements.NotTracked,
            PairedFromSegment = segments[first],
        };
    }

    /// <summary>A journal is evidence from its first record to its last, or not at all.</summary>
    private void RequireSameProtection(in SegmentHeader last)
    {
        if (last.Chaining == 0 && _options.Evidence is not null)
            throw new JournalFormatException($"The journal in {_options.Directory} was begun without keys. Begin a new one in another directory.");
        if (last.Chaining != 0 && _options.Evidence is null)
            throw new Sealing.JournalKeyException($"The journal in {_options.Directory} is sealed and signed: it cannot go on without its keys.");
    }

    private RecoveryReport Fresh() => new()
    {
        JournalId = _journalId == Guid.Empty ? Guid.NewGuid() : _journalId,
        WasClean = true,
        NextSegment = 1,
        NextRecord = 1,
    };

    /// <summary>Deletes the segments at the end that were prepared and never written to, so that the last one that was is the last.</summary>
    private void DropUnused(List<long> segments)
    {
        while (segments.Count > 0)
        {
            string path = SegmentFileName.Of(_options.Directory, segments[^1]);
            using SegmentScanner scanner = SegmentScanner.Open(path, isWriterDead: true);
            _journalId = scanner.Header.JournalId;
            if (scanner.Header.Ending != SegmentEnding.Open || scanner.Read() != JournalReadResult.End || scanner.ExpectedNumber != 0)
                return;
            File.Delete(path);
            segments.RemoveAt(segments.Count - 1);
        }
    }

    private SegmentHeader ReadHeader(long number)
    {
        using SegmentScanner scanner = SegmentScanner.Open(SegmentFileName.Of(_options.Directory, number), isWriterDead: true);
        return scanner.Header;
    }

    private void Recover(long number)
    {
        string path = SegmentFileName.Of(_options.Directory, number);
        using SegmentScanner scanner = SegmentScanner.Open(path, isWriterDead: true);
        scanner.ExpectedNumber = _nextRecord != 0 ? _nextRecord : scanner.Header.FirstRecordNumber;
        long firstNumber = scanner.ExpectedNumber;
        for (JournalReadResult result = scanner.Read(); result != JournalReadResult.End; result = scanner.Read())
        {
            if (firstNumber == 0)
                firstNumber = scanner.ExpectedNumber - 1;
            if (result == JournalReadResult.Record)
            {
                _records++;
                _statements.See(scanner.Entry);
            }
            else
            {
                NoteTorn(scanner.Damage);
            }
        }
        _nextRecord = Math.Max(scanner.ExpectedNumber, scanner.Header.NextRecordNumber);
        if (scanner.Header.Ending == SegmentEnding.Open)
            End(path, scanner.Header.FirstRecordNumber != 0 ? scanner.Header.FirstRecordNumber : firstNumber, (int)scanner.Offset);
    }

    private void NoteTorn(in JournalDamage damage)
    {
        _tornCount++;
        if (_torn.Count < RecoveryReport.ListedMax)
            _torn.Add(damage);
    }

    private void End(string path, long firstNumber, int endOffset)
    {
        Span<byte> ending = stackalloc byte[sizeof(long) + SegmentHeader.EndingBytes];
        BinaryPrimitives.WriteInt64LittleEndian(ending, firstNumber);
        SegmentHeader.WriteEnding(ending[sizeof(long)..], SegmentEnding.Recovered, endOffset, _nextRecord);
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(file, ending, SegmentHeader.FirstNumberOffset);
        RandomAccess.FlushToDisk(file);
    }
}
