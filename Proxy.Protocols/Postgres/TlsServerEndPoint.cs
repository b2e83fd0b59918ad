using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Proxy.Protocols.Postgres;

/// <summary>Channel binding tls-server-end-point (RFC 5929 §4.1): the hash of the server's certificate, by the hash of its signature, SHA-256 in place of MD5 and SHA-1.</summary>
internal static class TlsServerEndPoint
{
    public const string Name = "tls-server-end-point";

    /// <summary>
    /// Whether both sides would take the same hash. Of a signature without a hash in its name (Ed25519, RSASSA-PSS with parameters) the RFC says
    /// nothing, and libpq then fails where binding is offered.
    /// </summary>
    public static bool IsDefinedFor(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value is
        "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.113549.1.1.11" or "1.2.840.113549.1.1.12" or "1.2.840.113549.1.1.13" // RSA
        or "1.2.840.10045.4.1" or "1.2.840.10045.4.3.2" or "1.2.840.10045.4.3.3" or "1.2.840.10045.4.3.4"; // ECDSA

    public static byte[] HashOf(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value switch
    {
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => certificate.GetCertHash(HashAlgorithmName.SHA384),
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => certificate.GetCertHash(HashAlgorithmName.SHA512),
        _ => certificate.GetCertHash(HashAlgorithmName.SHA256),
    };
}
