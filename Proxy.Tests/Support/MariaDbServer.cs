using System.Globalization;
using System.Text;
using MySqlConnector;

namespace Proxy.Tests.Support;

/// <summary>
/// A real, throwaway MariaDB on a free port, with TLS, the accounts of <see cref="MariaDbUser"/> and no durability.
/// Most tests share one (<see cref="SharedServers.MariaDbAsync"/>) and take a database of their own.
/// </summary>
public sealed class MariaDbServer : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);
    private readonly string _directory;
    private readonly ChildProcess _process;
    private int _databases;

    private MariaDbServer(string directory, int port, ChildProcess process)
    {
        _directory = directory;
        Port = port;
        _process = process;
    }

    public static string Host => "localhost";

    public int Port { get; }

    public int ProcessId => _process.ProcessId;

    public static async Task<MariaDbServer> StartAsync(MariaDbServerOptions? options = null)
    {
        options ??= new MariaDbServerOptions();
        var directory = RunDirectory.Create("mariadb");
        await Command.MustRunAsync("cp", ["-a", await MariaDbTemplate.DirectoryAsync(), Path.Combine(directory, "data")]);
        TestCertificates.Write(TestCertificates.Shared.Server, directory, "server");
        await File.WriteAllTextAsync(Path.Combine(directory, "accounts.sql"), AccountStatements());
        await ServerUser.OwnAsync(directory);
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Next();
            var process = await ChildProcess.StartAsync(
                [MariaDbTemplate.Server(), .. Arguments(options, directory, port)], ServerUser.SetprivOptions, directory);
            if (await process.WaitForOutputAsync("ready for connections", StartDeadline))
                return new MariaDbServer(directory, port, process);
            var output = process.Output;
            await process.DisposeAsync();
            // Somebody else may have taken the port between our look and the server's bind.
            if (attempt == 5 || !output.Contains("Bind on TCP/IP port", StringComparison.Ordinal))
                throw new InvalidOperationException($"MariaDB did not start:\n{output}");
        }
    }

    /// <summary>A new empty database in which every account may do everything.</summary>
    public async Task<string> CreateDatabaseAsync(string prefix = "test")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}_{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync("mysql", $"create database {name} character set utf8mb4");
        foreach (var user in MariaDbUser.All.Where(user => user != MariaDbUser.Admin))
            await ExecuteAsync("mysql", $"grant all on {name}.* to {user.Name}@'%'");
        return name;
    }

    /// <summary>For MySqlConnector: without a pool, verified TLS by default, as administrator unless told otherwise.</summary>
    public string ConnectionString(string database = "mysql", MariaDbUser? user = null, MySqlSslMode tls = MySqlSslMode.VerifyFull)
    {
        user ??= MariaDbUser.Admin;
        return new MySqlConnectionStringBuilder
        {
            Server = Host,
            Port = (uint)Port,
            Database = database,
            UserID = user.Name,
            Password = user.Password,
            SslMode = tls,
            SslCa = tls is MySqlSslMode.VerifyCA or MySqlSslMode.VerifyFull ? TestCertificates.Shared.AuthorityPath : null,
            Pooling = false,
            ConnectionTimeout = 30,
            AllowUserVariables = true, // An account is written name@host.
        }.ConnectionString;
    }

    public async Task<MySqlConnection> OpenAsync(string database = "mysql", MariaDbUser? user = null)
    {
        var connection = new MySqlConnection(ConnectionString(database, user));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs statements as administrator.</summary>
    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>This server as any client's destination; administrator unless told otherwise.</summary>
    public ClientEndpoint Endpoint(string database = "mysql", MariaDbUser? user = null)
    {
        user ??= MariaDbUser.Admin;
        return new ClientEndpoint(Host, Port, database, user.Name, user.Password, TestCertificates.Shared.AuthorityPath);
    }

    /// <summary>The texts that one account sent, by COM_QUERY, COM_STMT_PREPARE and COM_STMT_EXECUTE, oldest first; needs <see cref="MariaDbServerOptions.LogStatements"/>.</summary>
    public async Task<IReadOnlyList<string>> ReadStatementLogAsync(MariaDbUser user)
    {
        await using var connection = await OpenAsync();
        await using var command = new MySqlCommand(
            $"select argument from mysql.general_log where command_type in ('Query', 'Prepare', 'Execute') and user_host like '{user.Name}[%' order by event_time", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
            texts.Add(reader.GetString(0));
        return texts;
    }

    /// <summary>Kills the server but keeps its directory until disposal.</summary>
    public Task StopAsync() => _process.StopAsync("KILL", StopDeadline);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static IEnumerable<string> Arguments(MariaDbServerOptions options, string directory, int port)
    {
        var settings = new Dictionary<string, string>
        {
            ["datadir"] = Path.Combine(directory, "data"),
            // A server that starts removes what others have left in the shared one, and what they still use.
            ["tmpdir"] = directory,
            ["socket"] = Path.Combine(directory, "socket"),
            ["pid-file"] = Path.Combine(directory, "pid"),
            ["init-file"] = Path.Combine(directory, "accounts.sql"),
            ["ssl-cert"] = Path.Combine(directory, "server.pem"),
            ["ssl-key"] = Path.Combine(directory, "server.key"),
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["bind-address"] = "127.0.0.1",
            ["max-connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["plugin-load-add"] = "auth_ed25519",
            ["default-time-zone"] = "+00:00",
            ["character-set-server"] = "utf8mb4",
            ["collation-server"] = "utf8mb4_general_ci",
            ["max-allowed-packet"] = "64M",
        };
        if (options.LogStatements)
        {
            settings["general-log"] = "1";
            settings["log-output"] = "TABLE";
        }
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        return ["--no-defaults", "--skip-name-resolve", .. MariaDbTemplate.StorageOptions, .. settings.Select(setting => $"--{setting.Key}={setting.Value}")];
    }

    // One statement a line: that is how the server reads its init-file.
    private static string AccountStatements()
    {
        var sql = new StringBuilder();
        foreach (var user in MariaDbUser.All)
            sql.Append(CultureInfo.InvariantCulture, $"create or replace user {user.Name}@'%' identified via {user.Plugin} using password('{user.Password}');\n");
        return sql.Append(CultureInfo.InvariantCulture, $"grant all on *.* to {MariaDbUser.Admin.Name}@'%' with grant option;\n").ToString();
    }
}
