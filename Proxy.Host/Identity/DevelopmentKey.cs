using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Proxy.Host.Identity;

/// <summary>
/// A signing key in a file, for development: whoever can read the file can be anybody. Production tokens come from an identity provider.
/// </summary>
public sealed class DevelopmentKey : IDisposable
{
    public const string KeyFileName = "development-key.pem";
    public const string KeySetFileName = "development.jwks.json";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ECDsa _key;

    private DevelopmentKey(ECDsa key)
    {
        _key = key;
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(key));
        KeyId = Base64UrlEncoder.Encode(jwk.ComputeJwkThumbprint());
        KeySet = JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = jwk.Kty, crv = jwk.Crv, x = jwk.X, y = jwk.Y, kid = KeyId, use = "sig", alg = SecurityAlgorithms.EcdsaSha256 } },
        });
    }

    /// <summary>The key's thumbprint (RFC 7638).</summary>
    public string KeyId { get; }

    /// <summary>The public part as a JWKS document.</summary>
    public string KeySet { get; }

    /// <summary>Opens the key of a directory, or creates both files. The key file is readable by its owner alone.</summary>
    /// <exception cref="IOException">The key file is readable by others, or is no such key.</exception>
    public static DevelopmentKey OpenOrCreate(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, KeyFileName);
        var key = File.Exists(path) ? Open(path) : Create(path);
        var development = new DevelopmentKey(key);
        File.WriteAllText(Path.Combine(directory, KeySetFileName), development.KeySet);
        return development;
    }

    public string Sign(DevelopmentTokenRequest request, DateTimeOffset now)
    {
        var claims = new Dictionary<string, object>(request.Claims.Select(claim => KeyValuePair.Create(claim.Key, (object)claim.Value)))
        {
            ["sub"] = request.Human ?? request.Subject,
            ["jti"] = Guid.NewGuid().ToString("N"),
        };
        if (request.Groups.Length > 0)
            claims["groups"] = request.Groups.ToArray();
        if (request.Human is not null)
            claims["act"] = new Dictionary<string, object> { ["sub"] = request.Agent ?? request.Subject };
        else if (request.Agent is not null)
            claims["azp"] = request.Agent;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = request.Issuer,
            Audience = request.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.UtcDateTime.AddSeconds(request.LifetimeSeconds),
            Claims = claims,
            TokenType = "at+jwt",
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = KeyId }, SecurityAlgorithms.EcdsaSha256),
        });
    }

    public void Dispose() => _key.Dispose();

    private static ECDsa Create(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var writer = new StreamWriter(path, options);
        writer.WriteLine(key.ExportPkcs8PrivateKeyPem());
        return key;
    }

    private static ECDsa Open(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
            throw new IOException($"{path} can be read by others than its owner: change its mode to 0600, or delete it");
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new IOException($"{path} is not a private key in PEM", exception);
        }
    }
}
