using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Proxy.Protocols.Postgres;

namespace Proxy.Bench.Micro;

/// <summary>Finding the frames of one receive: what every byte in both directions pays before anything else.</summary>
[MemoryDiagnoser]
public class FramingBenchmarks
{
    /// <summary>The most that one read under TLS gives.</summary>
    private const int ReceivedBytes = 16 * 1024;

    private byte[] _received = [];

    /// <summary>Bytes of one frame, header included: a row of the benchmark's hospital, and a large one.</summary>
    [Params(100, 1000)]
    public int FrameBytes { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _received = new byte[ReceivedBytes / FrameBytes * FrameBytes];
        for (var start = 0; start < _received.Length; start += FrameBytes)
        {
            _received[start] = (byte)'D';
            BinaryPrimitives.WriteInt32BigEndian(_received.AsSpan(start + 1), FrameBytes - 1);
        }
    }

    /// <returns>The number of frames, so that the loop is not optimised away.</returns>
    [Benchmark]
    public int FramesOfOneReceive()
    {
        var frames = 0;
        var rest = _received.AsSpan();
        while (PostgresFraming.TryReadHeader(rest, out _, out var length) is FrameStatus.Complete)
        {
            frames++;
            rest = rest[length..];
        }

        return frames;
    }
}
