using System.Text.Json.Serialization;

namespace Proxy.Host.Identity.Credentials;

/// <summary>A call of the HTTPS endpoint, as it goes over the local socket. Holds the token: do not print.</summary>
public sealed record DeskCall
{
    /// <summary>As it was sent. Whoever made the call, or read it, clears it.</summary>
    [JsonConverter(typeof(SecretBytesConverter))]
    public required byte[] Token { get; init; }

    /// <summary>Where the caller is.</summary>
    public string ClientAddress { get; init; } = "";

    /// <summary>Of the certificate that the caller showed, as <c>x5t#S256</c>.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>For a new credential.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CredentialRequest? Request { get; init; }

    /// <summary>For giving one back: its user name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Grant { get; init; }

    public override string ToString() => nameof(DeskCall);
}
