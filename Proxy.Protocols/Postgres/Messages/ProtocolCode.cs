namespace Proxy.Protocols.Postgres.Messages;

/// <summary>The codes that stand where a StartupMessage has its version (pqcomm.h).</summary>
public static class ProtocolCode
{
    public const int CancelRequest = (1234 << 16) | 5678;
    public const int SslRequest = (1234 << 16) | 5679;
    public const int GssEncRequest = (1234 << 16) | 5680;
    public const int Version30 = 3 << 16;

    /// <summary>The newest minor version that the gateway speaks: 3.2 differs from 3.0 in the length of cancel keys only.</summary>
    public const int NewestMinor = 2;

    /// <summary>The first byte of a TLS ClientHello record: direct TLS.</summary>
    public const byte TlsHandshakeRecord = 0x16;
}
