using System.Buffers;

namespace Proxy.Tests.Support;

/// <summary>The same bytes in every shape in which they can arrive.</summary>
public static class SplitSequence
{
    /// <summary>Segments of the given lengths; the last takes the rest. An empty segment is kept: pipes produce them too.</summary>
    public static ReadOnlySequence<byte> Of(ReadOnlyMemory<byte> bytes, params ReadOnlySpan<int> lengths)
    {
        if (lengths.Length == 0)
            return new ReadOnlySequence<byte>(bytes);
        var first = new Segment(bytes[..lengths[0]], 0);
        var (last, position) = (first, lengths[0]);
        foreach (var length in lengths[1..])
        {
            last = last.Append(bytes.Slice(position, length));
            position += length;
        }
        last = last.Append(bytes[position..]);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>One segment, then two segments cut at every point, then one byte a segment.</summary>
    public static IEnumerable<ReadOnlySequence<byte>> EveryCut(ReadOnlyMemory<byte> bytes)
    {
        yield return new ReadOnlySequence<byte>(bytes);
        for (var cut = 0; cut <= bytes.Length; cut++)
            yield return Of(bytes, cut);
        if (bytes.Length > 1)
            yield return Of(bytes, [.. Enumerable.Repeat(1, bytes.Length - 1)]);
    }

    /// <summary>The two reads in which the bytes arrive, for every cut point: first what is there already, then all of it.</summary>
    public static IEnumerable<(ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Second)> EveryArrival(ReadOnlyMemory<byte> bytes)
    {
        for (var cut = 0; cut <= bytes.Length; cut++)
            yield return (bytes[..cut], bytes[cut..]);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
