namespace Proxy.Core.Journal.Sealing;

/// <summary>The key of one segment, plain for the process and wrapped for the segment's header.</summary>
public sealed class DataKey(byte[] plain, byte[] wrapped)
{
    public const int Bytes = 32;

    public byte[] Plain { get; } = plain;

    public byte[] Wrapped { get; } = wrapped;

    public override string ToString() => nameof(DataKey);
}
