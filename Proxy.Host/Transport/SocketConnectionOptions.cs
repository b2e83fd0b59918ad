using Proxy.Host.Transport.Tls;

namespace Proxy.Host.Transport;

/// <summary>Limits of one leg and what it needs to become TLS. One object is shared by all connections of a listener or a target.</summary>
public sealed record SocketConnectionOptions
{
    public static SocketConnectionOptions Default { get; } = new();

    /// <summary>The most that may be received and not consumed: a frame that must be seen whole.</summary>
    public int FrameBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>The most that may be written and not flushed.</summary>
    public int UnsentBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Idle time before the kernel probes the peer, and a sixth of it between probes; null: no keepalive.</summary>
    public TimeSpan? KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one send may take before a peer that does not read is given up; null: for ever.</summary>
    public TimeSpan? SendTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The TLS handshake's deadline.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long closing politely may take: close_notify, and reading away what the peer still sends so that it sees our last message.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For the leg on which we are the TLS server.</summary>
    public ServerTls? ServerTls { get; init; }

    /// <summary>For the leg on which we are the TLS client.</summary>
    public ClientTls? ClientTls { get; init; }
}
