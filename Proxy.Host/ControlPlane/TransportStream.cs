using System.Buffers;
using System.IO.Pipelines;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;

namespace Proxy.Host.ControlPlane;

/// <summary>
/// The two pipes of a connection of Kestrel's as the stream below TLS. A read of zero bytes waits until something has come, so that nobody holds a buffer for a
/// client that says nothing.
/// </summary>
internal sealed class TransportStream(IDuplexPipe transport) : AsyncStream
{
    /// <summary>What of TLS's buffers has to be cleared; null while nothing secret is received.</summary>
    public TlsPlaintext? Plaintext { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await transport.Input.ReadAsync(cancellationToken);
        if (result.IsCanceled)
            throw new OperationCanceledException("the connection is being closed");
        var count = (int)Math.Min(result.Buffer.Length, buffer.Length);
        var taken = result.Buffer.Slice(0, count);
        taken.CopyTo(buffer.Span);
        transport.Input.AdvanceTo(taken.End); // What is left is there for the next read at once.
        if (count > 0)
            Plaintext?.Received(buffer, count);
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var flushed = await transport.Output.WriteAsync(buffer, cancellationToken);
        if (flushed.IsCompleted)
            throw new IOException("the client is gone");
    }
}
