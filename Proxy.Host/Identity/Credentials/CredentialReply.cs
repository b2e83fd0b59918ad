using System.Text;
using System.Text.Json.Serialization;

namespace Proxy.Host.Identity.Credentials;

/// <summary>A new credential, and how to use it. The only time that the password is anywhere; do not print.</summary>
public sealed record CredentialReply
{
    public const string PostgreSql = "postgresql";
    public const string MySql = "mysql";

    public required string User { get; init; }

    /// <summary>ASCII. Whoever made the reply, or read it, clears it.</summary>
    [JsonConverter(typeof(SecretBytesConverter))]
    public required byte[] Password { get; init; }

    public required string Host { get; init; }
    public required int Port { get; init; }
    public required string Database { get; init; }

    /// <summary><see cref="PostgreSql"/> or <see cref="MySql"/>.</summary>
    public required string Protocol { get; init; }

    public required int Connections { get; init; }
    public required string Scope { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required DateTimeOffset SessionsEndAt { get; init; }

    /// <summary>The password as a text, which stays in memory: for a client, which needs it so.</summary>
    public string RevealPassword() => Encoding.ASCII.GetString(Password);

    public override string ToString() => $"{nameof(CredentialReply)} {User}";
}
