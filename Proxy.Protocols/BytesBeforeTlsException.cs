namespace Proxy.Protocols;

/// <summary>
/// Plaintext bytes stood in front of a TLS handshake. They may have been injected by a man in the middle and would later be taken for
/// authenticated ones (CVE-2021-23214 towards servers, CVE-2021-23222 towards clients): the connection must be closed.
/// </summary>
public sealed class BytesBeforeTlsException : Exception
{
    public BytesBeforeTlsException(int count)
        : base($"{count} unencrypted bytes arrived ahead of the TLS handshake")
    {
    }
}
