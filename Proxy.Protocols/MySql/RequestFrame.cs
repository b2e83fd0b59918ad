namespace Proxy.Protocols.MySql;

/// <summary>One command, whole: in received memory, or in the form in which it goes to the server instead.</summary>
internal readonly ref struct RequestFrame
{
    /// <param name="start">Where its first packet begins in what was received.</param>
    /// <param name="length">Of its packets, headers included.</param>
    /// <param name="lastSequence">The number of its last packet.</param>
    /// <param name="payload">Without headers; the command byte first.</param>
    public RequestFrame(int start, int length, byte lastSequence, ReadOnlySpan<byte> payload)
    {
        Start = start;
        Length = length;
        LastSequence = ServerSequence = lastSequence;
        Payload = payload;
    }

    private RequestFrame(ReadOnlySpan<byte> packet, byte lastSequence, bool isPart, bool isFollowed)
    {
        Packet = packet;
        Length = packet.Length;
        LastSequence = lastSequence;
        Payload = packet[MySqlFraming.HeaderLength..];
        IsPart = isPart;
        IsFollowed = isFollowed;
    }

    public int Start { get; }

    public int Length { get; }

    /// <summary>What the client's answer goes on from.</summary>
    public byte LastSequence { get; }

    /// <summary>What the server's answer goes on from.</summary>
    public byte ServerSequence { get; }

    /// <summary>Empty only for a command that is empty.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>One of several statements in one text.</summary>
    public bool IsPart { get; }

    /// <summary>The result is to announce another one.</summary>
    public bool IsFollowed { get; }

    /// <summary>What the server gets in the place of the received bytes; empty where it gets these.</summary>
    public ReadOnlySpan<byte> Packet { get; }

    public byte Command => Payload[0];

    public ReadOnlySpan<byte> Body => Payload[1..];

    /// <summary>One statement of a text of several, which goes to the server as a command of its own.</summary>
    /// <param name="packet">Header included, with the number 0.</param>
    /// <param name="lastSequence">The number of the packet that the client has got last, of the results before this one.</param>
    /// <param name="isFollowed">Whether there are more statements behind it.</param>
    public static RequestFrame Part(ReadOnlySpan<byte> packet, byte lastSequence, bool isFollowed) => new(packet, lastSequence, isPart: true, isFollowed);

    /// <summary>The same command in another form.</summary>
    /// <param name="packet">Header included, with the number 0.</param>
    public RequestFrame As(ReadOnlySpan<byte> packet) => new(packet, LastSequence, isPart: false, isFollowed: false);
}
