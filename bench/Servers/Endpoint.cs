using System.Globalization;
using Npgsql;

namespace Proxy.Bench.Servers;

/// <summary>Where and as whom a client connects. The password is a database password, or a token for the gateway.</summary>
internal sealed record Endpoint(int Port, string Database, string User, string Password, string AuthorityPath)
{
    /// <summary>The name that every certificate is for.</summary>
    public const string Host = "localhost";

    /// <summary>Where everything listens: what a client that connects often should not have to look up.</summary>
    public const string Address = "127.0.0.1";

    public NpgsqlConnectionStringBuilder ConnectionString(bool tls) => new()
    {
        Host = Host,
        Port = Port,
        Database = Database,
        Username = User,
        Password = Password,
        SslMode = tls ? SslMode.VerifyFull : SslMode.Disable,
        RootCertificate = tls ? AuthorityPath : null,
        GssEncryptionMode = GssEncryptionMode.Disable,
        Timeout = 30,
    };

    /// <summary>The same for programs that use libpq.</summary>
    public Dictionary<string, string> Environment(bool tls) => new()
    {
        ["PGHOST"] = Host,
        ["PGHOSTADDR"] = Address,
        ["PGPORT"] = Port.ToString(CultureInfo.InvariantCulture),
        ["PGDATABASE"] = Database,
        ["PGUSER"] = User,
        ["PGPASSWORD"] = Password,
        ["PGSSLMODE"] = tls ? "verify-full" : "disable",
        ["PGSSLROOTCERT"] = AuthorityPath,
        ["PGGSSENCMODE"] = "disable",
        ["PGCONNECT_TIMEOUT"] = "30",
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{User}@{Host}:{Port}/{Database}");
}
