namespace Proxy.Protocols.MySql;

/// <summary>One packet of the server, whole, in received memory.</summary>
internal readonly ref struct ReplyFrame(int start, byte sequence, Span<byte> payload)
{
    /// <summary>Where it begins in what was received.</summary>
    public int Start { get; } = start;

    public byte Sequence { get; } = sequence;

    /// <summary>Header included.</summary>
    public int Length => MySqlFraming.HeaderLength + Payload.Length;

    /// <summary>The received memory itself. Never empty.</summary>
    public Span<byte> Payload { get; } = payload;

    public byte First => Payload[0];
}
