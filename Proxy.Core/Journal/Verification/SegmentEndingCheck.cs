using System.Buffers.Binary;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Verification;

/// <summary>
/// Checks what is written into a segment's header after its first record, which the chain cannot cover: it must be what the records say.
/// </summary>
internal sealed class SegmentEndingCheck(
    SegmentScanner scanner, long expectedNumber, SegmentHeader? before, bool isFollowed, Action<long, long, string> find)
{
    public void Run()
    {
        // As they are now: the journal may be in use.
        ReadOnlySpan<byte> late = scanner.Bytes(SegmentHeader.FirstNumberOffset, SegmentHeader.EndingOffset + SegmentHeader.EndingBytes);
        ReadOnlySpan<byte> ending = late[sizeof(long)..];
        SegmentHeader header = scanner.Header.WithEnding(ending) with { FirstRecordNumber = BinaryPrimitives.ReadInt64LittleEndian(late) };
        if (header.Ending == SegmentEnding.Open)
        {
            if (ending.ContainsAnyExcept((byte)0))
                Find(SegmentHeader.EndingOffset, "the ending in the header is damaged");
        }
        else if (header.Ending is not (SegmentEnding.Full or SegmentEnding.Clean or SegmentEnding.Recovered) || ending[20..].ContainsAnyExcept((byte)0))
        {
            Find(SegmentHeader.EndingOffset, "the ending in the header is none that is written");
        }
        else if (header.EndOffset != scanner.Offset || (expectedNumber != 0 && header.NextRecordNumber != scanner.ExpectedNumber))
        {
            Find(SegmentHeader.EndingOffset, "the ending in the header is not where the records end");
        }
        bool mayBeUnknown = header.Ending is SegmentEnding.Open;
        if (expectedNumber != 0 && header.FirstRecordNumber != expectedNumber && !(mayBeUnknown && header.FirstRecordNumber == 0))
            Find(SegmentHeader.FirstNumberOffset, "the number of the first record in the header is not the record's");
        CheckRun(header);
    }

    private void CheckRun(in SegmentHeader header)
    {
        if (header.Ending == SegmentEnding.Full && !isFollowed)
            Find(SegmentHeader.EndingOffset, "the segment was full, and the next one is missing");
        if (before is not { } previous)
            return;
        bool beginsRun = header.RunNumber == header.Number;
        if (beginsRun && previous.Ending is SegmentEnding.Full or SegmentEnding.Open)
            find(previous.Number, SegmentHeader.EndingOffset, "the next segment is of another run, so that this one cannot have ended as it says");
        if (!beginsRun && (header.RunNumber != previous.RunNumber || previous.Ending == SegmentEnding.Clean))
            Find(56, "the segment does not go on from the one before it");
    }

    private void Find(long offset, string what) => find(scanner.Header.Number, offset, what);
}
