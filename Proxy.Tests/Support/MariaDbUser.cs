namespace Proxy.Tests.Support;

/// <summary>An account that every MariaDB test server has, for connections from anywhere, and the plugin that it authenticates by.</summary>
public sealed record MariaDbUser(string Name, string Password, string Plugin)
{
    /// <summary>May do everything.</summary>
    public static readonly MariaDbUser Admin = new("admin", "admin-secret", "mysql_native_password");

    public static readonly MariaDbUser Native = new("native_user", "native-secret", "mysql_native_password");
    public static readonly MariaDbUser Ed25519 = new("ed25519_user", "ed25519-secret", "ed25519");

    public static readonly IReadOnlyList<MariaDbUser> All = [Admin, Native, Ed25519];
}
