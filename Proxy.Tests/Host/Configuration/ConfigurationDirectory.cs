using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using Proxy.Host.Configuration;

namespace Proxy.Tests.Host.Configuration;

/// <summary>A temporary configuration directory that starts as the shipped sample, with every file that the sample names.</summary>
internal sealed class ConfigurationDirectory : IDisposable
{
    public ConfigurationDirectory()
    {
        Path = Directory.CreateTempSubdirectory("phigate-configuration-").FullName;
        foreach (var file in new[] { "gateway.yaml", "classification.yaml", "rules.yaml" })
            File.Copy(System.IO.Path.Combine(RepositoryRoot, "config", "sample", file), System.IO.Path.Combine(Path, file));
        foreach (var file in new[] { "secrets/hospital.password", "secrets/masking.key" })
            Write(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        WriteCertificate("tls/server");
        WriteCertificate("tls/desk");
        File.Copy(System.IO.Path.Combine(Path, "tls/server.crt"), System.IO.Path.Combine(Path, "tls/database-ca.crt"));
    }

    public string Path { get; }

    public static string RepositoryRoot
    {
        get
        {
            for (var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); directory is not null; directory = directory.Parent)
                if (File.Exists(System.IO.Path.Combine(directory.FullName, "proxy.sln")))
                    return directory.FullName;
            throw new DirectoryNotFoundException("proxy.sln is not above the tests");
        }
    }

    public void Write(string file, string text)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public string Read(string file) => File.ReadAllText(System.IO.Path.Combine(Path, file));

    /// <summary>Replaces the one place where the text occurs, and gives its line.</summary>
    public int Replace(string file, string text, string with)
    {
        var before = Read(file);
        var at = before.IndexOf(text, StringComparison.Ordinal);
        Assert.That(at, Is.GreaterThanOrEqualTo(0), $"{file} does not hold {text}");
        Assert.That(before.IndexOf(text, at + 1, StringComparison.Ordinal), Is.LessThan(0), $"{file} holds {text} twice");
        Write(file, before.Replace(text, with, StringComparison.Ordinal));
        return before[..at].Count(character => character == '\n') + 1;
    }

    public Task<ConfigurationReading> ReadAsync() => ConfigurationLoader.ReadAsync(Path, CancellationToken.None);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void WriteCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        Write(name + ".crt", certificate.ExportCertificatePem());
        Write(name + ".key", key.ExportPkcs8PrivateKeyPem());
    }
}
