using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Proxy.Core.Masking;
using Proxy.Host.Configuration;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Configuration.Yaml;

namespace Proxy.Host.Checks;

/// <summary>Opens the files that gateway.yaml names: certificates with their keys, authorities, the masking key, and who can read the secrets and write what decides who comes in.</summary>
public sealed class FileChecker(ConfigurationSnapshot snapshot, YamlDocument document, TimeProvider time)
{
    private readonly List<ConfigurationError> _errors = [];
    private readonly List<ConfigurationError> _warnings = [];

    public async Task<CheckFindings> CheckAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < snapshot.Listeners.Length; i++)
            if (snapshot.Listeners[i].Tls is { } tls)
                CheckCertificate(YamlDocument.PathOf("listeners", $"{i}", "tls", "certificate-file"), tls);
        if (snapshot.Gateway.Credentials is { } desk)
            CheckCertificate(YamlDocument.PathOf("credentials", "tls", "certificate-file"), desk.Tls);
        foreach (var (name, target) in snapshot.Targets)
        {
            CheckAuthorities(YamlDocument.PathOf("targets", name, "tls", "ca-file"), target.Tls.CaFile);
            CheckSecrecy(YamlDocument.PathOf("targets", name, "credential", "file"), target.Credential.File);
            foreach (var (user, credential) in target.DatabaseUsers)
                CheckSecrecy(YamlDocument.PathOf("targets", name, "database-users", user, "file"), credential.File);
        }
        for (var i = 0; i < snapshot.Issuers.Length; i++)
        {
            CheckAuthorities(YamlDocument.PathOf("identity", "issuers", $"{i}", "ca-file"), snapshot.Issuers[i].CaFile);
            CheckAuthorship(YamlDocument.PathOf("identity", "issuers", $"{i}", "jwks-file"), snapshot.Issuers[i].JwksFile);
        }
        if (snapshot.Gateway.Masking.Key is { } key)
        {
            CheckSecrecy("/masking/key/file", key.File);
            await CheckMaskingKeyAsync(key, cancellationToken);
        }
        return new CheckFindings([.. _errors], [.. _warnings]);
    }

    private void CheckCertificate(string path, ListenerTlsOptions tls)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile);
            var now = time.GetUtcNow();
            if (certificate.NotAfter.ToUniversalTime() <= now)
                _errors.Add(document.ErrorAt(path, $"the certificate expired at {certificate.NotAfter.ToUniversalTime():u}"));
            else if (certificate.NotBefore.ToUniversalTime() > now)
                _errors.Add(document.ErrorAt(path, $"the certificate is not valid before {certificate.NotBefore.ToUniversalTime():u}"));
            else if (certificate.NotAfter.ToUniversalTime() <= now.AddDays(14))
                _warnings.Add(document.ErrorAt(path, $"the certificate expires at {certificate.NotAfter.ToUniversalTime():u}"));
            CheckSecrecy(path[..path.LastIndexOf('/')] + "/key-file", tls.KeyFile);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            _errors.Add(document.ErrorAt(path, "certificate and key are not readable as PEM, or do not belong together"));
        }
    }

    private void CheckAuthorities(string path, string? file)
    {
        if (file is null)
            return;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            _errors.Add(document.ErrorAt(path, "the file is not readable as PEM certificates"));
            return;
        }
        if (authorities.Count == 0)
            _errors.Add(document.ErrorAt(path, "the file holds no certificate"));
        foreach (var authority in authorities)
            authority.Dispose();
    }

    private async Task CheckMaskingKeyAsync(CredentialOptions key, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = Convert.FromBase64String((await CredentialReader.ReadAsync(key, cancellationToken)).Reveal());
            if (bytes.Length < MaskingKeys.MasterKeyBytesMin)
                _errors.Add(document.ErrorAt("/masking/key", $"the key has {bytes.Length} bytes; at least {MaskingKeys.MasterKeyBytesMin} are needed"));
            CryptographicOperations.ZeroMemory(bytes);
        }
        catch (FormatException)
        {
            _errors.Add(document.ErrorAt("/masking/key", "the key is not base64"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _errors.Add(document.ErrorAt("/masking/key", exception.Message));
        }
    }

    private void CheckSecrecy(string path, string? file)
    {
        if (IsOpenTo(file, UnixFileMode.OtherRead))
            _warnings.Add(document.ErrorAt(path, $"{file} can be read by every user of this machine"));
    }

    /// <summary>Whoever can write an issuer's keys can be anybody.</summary>
    private void CheckAuthorship(string path, string? file)
    {
        if (IsOpenTo(file, UnixFileMode.OtherWrite))
            _errors.Add(document.ErrorAt(path, $"{file} can be written by every user of this machine"));
    }

    private static bool IsOpenTo(string? file, UnixFileMode mode) =>
        file is not null && !OperatingSystem.IsWindows() && File.Exists(file) && (File.GetUnixFileMode(file) & mode) != 0;
}
