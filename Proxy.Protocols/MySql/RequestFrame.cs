namespace Proxy.Protocols.MySql;

/// <summary>One command, whole, in received memory.</summary>
internal readonly ref struct RequestFrame(int start, int length, byte lastSequence, ReadOnlySpan<byte> payload)
{
    /// <summary>Where its first packet begins in what was received.</summary>
    public int Start { get; } = start;

    /// <summary>Of its packets, headers included.</summary>
    public int Length { get; } = length;

    /// <summary>The number of its last packet: the answer goes on from there.</summary>
    public byte LastSequence { get; } = lastSequence;

    /// <summary>Without headers; the command byte first. Never empty.</summary>
    public ReadOnlySpan<byte> Payload { get; } = payload;

    public byte Command => Payload[0];

    public ReadOnlySpan<byte> Body => Payload[1..];
}
