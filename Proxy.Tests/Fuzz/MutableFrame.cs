using System.Buffers.Binary;

namespace Proxy.Tests.Fuzz;

/// <summary>A frame under mutation. Its length is what it should be unless a mutation says otherwise.</summary>
public sealed class MutableFrame(int burst, byte type, byte[] body)
{
    /// <summary>In which of the bursts of the conversation it is sent.</summary>
    public int Burst { get; set; } = burst;

    public byte Type { get; set; } = type;

    public byte[] Body { get; set; } = body;

    public int? ClaimedLength { get; set; }

    /// <summary>How much of it is sent; all of it unless cut.</summary>
    public int? CutAt { get; set; }

    public MutableFrame Copy() => new(Burst, Type, [.. Body]) { ClaimedLength = ClaimedLength, CutAt = CutAt };

    public byte[] ToBytes()
    {
        var bytes = new byte[5 + Body.Length];
        bytes[0] = Type;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), ClaimedLength ?? (4 + Body.Length));
        Body.CopyTo(bytes, 5);
        return CutAt is { } cut ? bytes[..Math.Min(cut, bytes.Length)] : bytes;
    }
}
