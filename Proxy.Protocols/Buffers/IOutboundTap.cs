namespace Proxy.Protocols.Buffers;

/// <summary>Is shown what an <see cref="Outbound"/> sends.</summary>
public interface IOutboundTap
{
    /// <summary>The next bytes; valid during the call.</summary>
    void Take(ReadOnlySpan<byte> bytes);
}
