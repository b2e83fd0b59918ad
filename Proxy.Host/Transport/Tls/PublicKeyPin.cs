using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Proxy.Host.Transport.Tls;

/// <summary>
/// <c>sha256/</c> and the SHA-256 of a certificate's SubjectPublicKeyInfo in base64, as curl's --pinnedpubkey and others write it (RFC 7469 §2.4 names the
/// same digest). The key, not the certificate: a renewed certificate may keep it.
/// </summary>
public static class PublicKeyPin
{
    public const string Prefix = "sha256/";

    public static string Of(X509Certificate2 certificate) =>
        Prefix + Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
}
