namespace Proxy.Host.Identity.Credentials;

/// <summary>A new credential, and how to use it. The only time that the password is anywhere; do not print.</summary>
public sealed record CredentialReply
{
    public const string PostgreSql = "postgresql";
    public const string MySql = "mysql";

    public required string User { get; init; }
    public required string Password { get; init; }
    public required string Host { get; init; }
    public required int Port { get; init; }
    public required string Database { get; init; }

    /// <summary><see cref="PostgreSql"/> or <see cref="MySql"/>.</summary>
    public required string Protocol { get; init; }

    public required int Connections { get; init; }
    public required string Scope { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required DateTimeOffset SessionsEndAt { get; init; }

    public override string ToString() => $"{nameof(CredentialReply)} {User}";
}
