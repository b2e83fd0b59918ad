namespace Proxy.Protocols.Postgres;

/// <summary>A whole message from the client: where it lies in the received memory, and its body.</summary>
internal readonly ref struct RequestFrame(byte type, int start, int length, ReadOnlySpan<byte> body)
{
    public byte Type { get; } = type;

    public int Start { get; } = start;

    public int Length { get; } = length;

    public ReadOnlySpan<byte> Body { get; } = body;
}
