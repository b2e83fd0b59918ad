namespace Proxy.Host.Transport;

/// <summary>
/// A stream that can be asked without waiting. That something can be received is no promise: .NET's sockets complete a zero-byte read by an event of epoll, which may be
/// of bytes that were received before it was handled. Whoever then waits for a read with a buffer holds the buffer until the peer says something, hours perhaps.
/// </summary>
public interface INonBlockingReads
{
    /// <summary>As many bytes as there are and have room.</summary>
    /// <param name="buffer">Not empty.</param>
    /// <param name="count">0: the peer has closed.</param>
    /// <returns>False when there is nothing now.</returns>
    bool TryRead(Span<byte> buffer, out int count);
}
