using System.Buffers;

namespace Proxy.Host.Transport;

/// <summary>The one segment that a <see cref="ConnectionReader"/> ever gives out, pointed at its present buffer.</summary>
internal sealed class ReceiveSegment : ReadOnlySequenceSegment<byte>
{
    public ReadOnlySequence<byte> Slice(byte[]? buffer, int start, int end)
    {
        Memory = buffer;
        return new ReadOnlySequence<byte>(this, start, this, end);
    }
}
