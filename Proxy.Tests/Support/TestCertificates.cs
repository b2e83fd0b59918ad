using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Proxy.Tests.Support;

/// <summary>An authority of our own, and what it signs. ECDSA P-256 throughout.</summary>
public sealed class TestCertificates : IDisposable
{
    private static readonly Lazy<TestCertificates> Lazy = new(() => new TestCertificates());
    private readonly string _directory = RunDirectory.Create("certificates");
    private int _issued;

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=PhiGate test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(30));
        AuthorityPath = Path.Combine(_directory, "authority.pem");
        File.WriteAllText(AuthorityPath, Authority.ExportCertificatePem());
        Server = Issue("localhost");
        (ServerCertificatePath, ServerKeyPath) = Write(Server, _directory, "server");
    }

    /// <summary>One set for the whole run: every shared server presents its certificate.</summary>
    public static TestCertificates Shared => Lazy.Value;

    public X509Certificate2 Authority { get; }

    public string AuthorityPath { get; }

    /// <summary>For localhost, 127.0.0.1 and ::1; with its private key.</summary>
    public X509Certificate2 Server { get; }

    public string ServerCertificatePath { get; }

    public string ServerKeyPath { get; }

    /// <summary>A certificate for the given DNS name; loopback addresses are added for localhost only.</summary>
    public X509Certificate2 Issue(string name, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "localhost")
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
        }
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Authority, true, false));
        using var certificate = request.Create(Authority, DateTimeOffset.UtcNow.AddDays(-1), notAfter ?? DateTimeOffset.UtcNow.AddDays(20),
            BitConverter.GetBytes(Interlocked.Increment(ref _issued)));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Writes NAME.pem and NAME.key (readable by the owner only) and returns their paths.</summary>
    public static (string Certificate, string Key) Write(X509Certificate2 certificate, string directory, string name)
    {
        var certificatePath = Path.Combine(directory, $"{name}.pem");
        var keyPath = Path.Combine(directory, $"{name}.key");
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        using (File.Create(keyPath))
            File.SetUnixFileMode(keyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        return (certificatePath, keyPath);
    }

    public void Dispose()
    {
        Authority.Dispose();
        Server.Dispose();
    }
}
