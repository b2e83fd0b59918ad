using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.ServerCredentials;

/// <summary>
/// An RDS IAM authentication token: a presigned GET (Signature Version 4, "Authenticating requests: using query parameters") of service
/// <c>rds-db</c>, without its scheme. Computed here; nobody is asked.
/// </summary>
internal static class RdsToken
{
    /// <summary>The server accepts no other.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(900);

    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string Service = "rds-db";

    /// <summary>SHA-256 of nothing, in hexadecimal: a GET has no body.</summary>
    private static readonly string EmptyHash = Convert.ToHexStringLower(SHA256.HashData([]));

    /// <returns>ASCII, in an array that the caller clears, as everything is that was made of the secret key and of the session token.</returns>
    public static byte[] Create(
        string host, int port, string region, string user, string accessKey, string secretKey, string? sessionToken, DateTimeOffset at)
    {
        var time = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{region}/{Service}/aws4_request";
        var start = new StringBuilder("Action=connect&DBUser=").Append(Encoded(user))
            .Append("&X-Amz-Algorithm=").Append(Algorithm)
            .Append("&X-Amz-Credential=").Append(Encoded($"{accessKey}/{scope}"))
            .Append("&X-Amz-Date=").Append(time)
            .Append("&X-Amz-Expires=").Append(((int)Lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture)).ToString();
        // What is signed is in the order of the names; what is sent is in the order in which awscli sends it.
        const string SignedHeaders = "&X-Amz-SignedHeaders=host";
        using var security = SecurityOf(sessionToken);
        // Names of hosts are the same in any case, and a signer of URLs writes them small.
        var authority = string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        var signedHost = port == 443 ? host.ToLowerInvariant() : authority.ToLowerInvariant();
        using var request = new SecretWriter();
        Write(request, $"GET\n/\n{start}");
        request.Write(security.Written.Span);
        Write(request, $"{SignedHeaders}\nhost:{signedHost}\n\nhost\n{EmptyHash}");
        var toSign = $"{Algorithm}\n{time}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(request.Written.Span))}";
        using var token = new SecretWriter();
        Write(token, $"{authority}/?{start}{SignedHeaders}");
        token.Write(security.Written.Span);
        Write(token, "&X-Amz-Signature=");
        WriteSignature(token, secretKey, time[..8], region, toSign);
        return SecretBytes.CopyOf(token.Written.Span);
    }

    private static SecretWriter SecurityOf(string? sessionToken)
    {
        var security = new SecretWriter();
        if (sessionToken is not { Length: > 0 })
            return security;
        Write(security, "&X-Amz-Security-Token=");
        var bytes = SecretBytes.Of(sessionToken);
        foreach (var one in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)one) || one is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
                security.Write([one]);
            else
                Write(security, string.Create(CultureInfo.InvariantCulture, $"%{one:X2}"));
        }
        SecretBytes.Clear(bytes);
        return security;
    }

    private static void WriteSignature(SecretWriter token, string secretKey, string date, string region, string toSign)
    {
        using var secret = new SecretWriter();
        Write(secret, "AWS4");
        Encoding.UTF8.GetBytes(secretKey, secret);
        Span<byte> key = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret.Written.Span, Encoding.UTF8.GetBytes(date), key);
        foreach (var part in (ReadOnlySpan<string>)[region, Service, "aws4_request", toSign])
            HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part), key);
        Convert.TryToHexStringLower(key, token.GetSpan(2 * key.Length), out var written);
        token.Advance(written);
        CryptographicOperations.ZeroMemory(key);
    }

    private static void Write(SecretWriter to, string text) => Encoding.UTF8.GetBytes(text, to);

    /// <summary>RFC 3986: everything but unreserved characters, by bytes of UTF-8, in upper-case hexadecimal; as Uri.EscapeDataString has it.</summary>
    private static string Encoded(string text) => Uri.EscapeDataString(text);
}
