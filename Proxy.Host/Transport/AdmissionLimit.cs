namespace Proxy.Host.Transport;

/// <summary>Which limit a connection met on arrival.</summary>
public enum AdmissionLimit
{
    Connections,
    ConnectionsPerAddress,
    Handshakes,
}
