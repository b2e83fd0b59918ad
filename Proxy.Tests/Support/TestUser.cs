namespace Proxy.Tests.Support;

/// <summary>A role that every test server has, and how pg_hba.conf makes it authenticate.</summary>
public sealed record TestUser(string Name, string Password, string Method)
{
    /// <summary>Superuser, no password.</summary>
    public static readonly TestUser Postgres = new("postgres", "", "trust");

    public static readonly TestUser Scram = new("scram_user", "scram-secret", "scram-sha-256");
    public static readonly TestUser Md5 = new("md5_user", "md5-secret", "md5");

    /// <summary>Sends its password in clear text.</summary>
    public static readonly TestUser Cleartext = new("cleartext_user", "cleartext-secret", "password");

    public static readonly TestUser Trust = new("trust_user", "", "trust");

    public static readonly IReadOnlyList<TestUser> All = [Postgres, Scram, Md5, Cleartext, Trust];
}
