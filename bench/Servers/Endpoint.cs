using System.Globalization;
using MySqlConnector;
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

    /// <summary>For MySqlConnector, over verified TLS and without a pool.</summary>
    public MySqlConnectionStringBuilder MySqlConnectionString() => new()
    {
        Server = Host,
        Port = (uint)Port,
        Database = Database,
        UserID = User,
        Password = Password,
        SslMode = MySqlSslMode.VerifyFull,
        SslCa = AuthorityPath,
        Pooling = false,
        ConnectionTimeout = 30,
    };

    /// <summary>For the mariadb command line client, over verified TLS; the password goes in the environment, by <see cref="MariaDbEnvironment"/>.</summary>
    public string[] MariaDbArguments() =>
    [
        "--no-defaults", $"--host={Host}", "--protocol=tcp", string.Create(CultureInfo.InvariantCulture, $"--port={Port}"), $"--user={User}", $"--database={Database}",
        $"--ssl-ca={AuthorityPath}", "--ssl-verify-server-cert", "--default-character-set=utf8mb4",
    ];

    public Dictionary<string, string> MariaDbEnvironment() => new() { ["MYSQL_PWD"] = Password };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{User}@{Host}:{Port}/{Database}");
}
