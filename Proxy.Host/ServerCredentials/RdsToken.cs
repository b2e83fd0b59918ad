using System.Globalization;
using System.Security.Cryptography;
using System.Text;

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

    public static string Create(
        string host, int port, string region, string user, string accessKey, string secretKey, string? sessionToken, DateTimeOffset at)
    {
        var time = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{region}/{Service}/aws4_request";
        var start = new StringBuilder("Action=connect&DBUser=").Append(Encoded(user))
            .Append("&X-Amz-Algorithm=").Append(Algorithm)
            .Append("&X-Amz-Credential=").Append(Encoded($"{accessKey}/{scope}"))
            .Append("&X-Amz-Date=").Append(time)
            .Append("&X-Amz-Expires=").Append(((int)Lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        // What is signed is in the order of the names; what is sent is in the order in which awscli sends it.
        const string SignedHeaders = "&X-Amz-SignedHeaders=host";
        var security = sessionToken is { Length: > 0 } ? "&X-Amz-Security-Token=" + Encoded(sessionToken) : "";
        // Names of hosts are the same in any case, and a signer of URLs writes them small.
        var authority = string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        var signedHost = port == 443 ? host.ToLowerInvariant() : authority.ToLowerInvariant();
        var request = $"GET\n/\n{start}{security}{SignedHeaders}\nhost:{signedHost}\n\nhost\n{EmptyHash}";
        var toSign = $"{Algorithm}\n{time}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request)))}";
        return $"{authority}/?{start}{SignedHeaders}{security}&X-Amz-Signature={Convert.ToHexStringLower(HMACSHA256.HashData(SigningKey(secretKey, time[..8], region), Encoding.UTF8.GetBytes(toSign)))}";
    }

    private static byte[] SigningKey(string secretKey, string date, string region)
    {
        var key = HMACSHA256.HashData(Encoding.UTF8.GetBytes("AWS4" + secretKey), Encoding.UTF8.GetBytes(date));
        key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(region));
        key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(Service));
        return HMACSHA256.HashData(key, "aws4_request"u8);
    }

    /// <summary>RFC 3986: everything but unreserved characters, by bytes of UTF-8, in upper-case hexadecimal; as Uri.EscapeDataString has it.</summary>
    private static string Encoded(string text) => Uri.EscapeDataString(text);
}
