using System.Net;

namespace Proxy.Protocols;

/// <summary>What a client asks for before it has proven anything.</summary>
/// <param name="User">The user name it gave; self-declared.</param>
/// <param name="Database">The database it named: <c>target</c> or <c>target/database</c>.</param>
/// <param name="ServerName">The name it used in TLS (SNI), or null.</param>
/// <param name="RemoteEndPoint">Where it comes from.</param>
public sealed record SignInRequest(string User, string Database, string? ServerName, EndPoint? RemoteEndPoint)
{
    /// <summary>
    /// SHA-256 of the certificate that the client showed in TLS, in base64url without padding, as <c>cnf.x5t#S256</c> of a token states it
    /// (RFC 8705 §3.1); null when it showed none. TLS has proven that the client holds its key; nobody has looked at who issued it.
    /// </summary>
    public string? CertificateThumbprint { get; init; }
}
