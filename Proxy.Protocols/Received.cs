using System.Buffers;
using System.Runtime.InteropServices;

namespace Proxy.Protocols;

/// <summary>
/// Received bytes as one writable piece of memory. Our transport always gives one segment, which is used as it lies; a pipe of several segments
/// (tests, other transports) is copied once.
/// </summary>
internal readonly struct Received
{
    private readonly byte[]? _copy;

    private Received(Memory<byte> memory, byte[]? copy)
    {
        Memory = memory;
        _copy = copy;
    }

    public Memory<byte> Memory { get; }

    public static Received From(in ReadOnlySequence<byte> buffer)
    {
        // The transport's contract (IConnection) lets the one who reads rewrite the memory until AdvanceTo.
        if (buffer.IsSingleSegment) return new Received(MemoryMarshal.AsMemory(buffer.First), copy: null);
        var length = checked((int)buffer.Length);
        var copy = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(copy);
        return new Received(copy.AsMemory(0, length), copy);
    }

    /// <summary>Gives the copy back, cleared: it held rows.</summary>
    public void Return()
    {
        if (_copy is not null) ArrayPool<byte>.Shared.Return(_copy, clearArray: true);
    }
}
