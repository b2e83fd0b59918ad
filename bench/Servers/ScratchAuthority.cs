using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Proxy.Bench.Servers;

/// <summary>A certificate authority for one run, and certificates for servers on the loopback interface, as PEM files.</summary>
internal sealed class ScratchAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly DateTimeOffset _notBefore;

    public ScratchAuthority(string directory, TimeProvider time)
    {
        _notBefore = time.GetUtcNow().AddMinutes(-5);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Scratch authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(_notBefore, _notBefore.AddDays(2));
        CertificatePath = Path.Combine(directory, "authority.crt");
        File.WriteAllText(CertificatePath, _certificate.ExportCertificatePem());
    }

    public string CertificatePath { get; }

    /// <summary>The authority's own, without its key.</summary>
    public X509Certificate2 Certificate => _certificate;

    /// <summary>Writes NAME.crt and NAME.key (owner only) for localhost and 127.0.0.1.</summary>
    public (string Certificate, string Key) Issue(string directory, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        using var certificate = request.Create(_certificate, _notBefore, _notBefore.AddDays(1), RandomNumberGenerator.GetBytes(12));

        var paths = (Certificate: Path.Combine(directory, name + ".crt"), Key: Path.Combine(directory, name + ".key"));
        File.WriteAllText(paths.Certificate, certificate.ExportCertificatePem());
        using (var file = new FileStream(paths.Key, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        using (var writer = new StreamWriter(file))
            writer.Write(key.ExportPkcs8PrivateKeyPem());
        return paths;
    }

    public void Dispose() => _certificate.Dispose();
}
