using System.Globalization;
using System.Text;
using Npgsql;

namespace Proxy.Tests.Support;

/// <summary>
/// A real, throwaway PostgreSQL on a free port, with TLS, the roles of <see cref="TestUser"/> and no durability.
/// Most tests share one (<see cref="SharedServers"/>) and take a database of their own.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);
    private readonly string _directory;
    private const string LogMark = "read up to here";
    private readonly ChildProcess _process;
    private int _databases;
    private int _marks;

    private PostgresServer(PostgresServerOptions options, string directory, int port, ChildProcess process)
    {
        Options = options;
        _directory = directory;
        Port = port;
        _process = process;
    }

    public PostgresServerOptions Options { get; }

    public static string Host => "localhost";

    public int Port { get; }

    public int ProcessId => _process.ProcessId;

    public string DataDirectory => Path.Combine(_directory, "data");

    public static Task<PostgresServer> StartAsync(PostgresVersion version = PostgresVersion.V15) =>
        StartAsync(new PostgresServerOptions { Version = version });

    public static async Task<PostgresServer> StartAsync(PostgresServerOptions options)
    {
        var binaries = await PostgresBinaries.DirectoryOfAsync(options.Version);
        var directory = RunDirectory.Create("postgres");
        var data = Path.Combine(directory, "data");
        await Command.MustRunAsync("cp", ["-a", await PostgresTemplate.DirectoryAsync(options.Version), data]);
        TestCertificates.Write(TestCertificates.Shared.Server, data, "server");
        await File.WriteAllTextAsync(Path.Combine(data, "pg_hba.conf"), AuthenticationRules(options));
        await File.AppendAllTextAsync(Path.Combine(data, "postgresql.conf"), Settings(options));
        await ServerUser.OwnAsync(directory);
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Next();
            var process = await ChildProcess.StartAsync(
                [Path.Combine(binaries, "postgres"), "-D", data, "-p", port.ToString(CultureInfo.InvariantCulture)],
                ServerUser.SetprivOptions, data);
            if (await BecomesReadyAsync(process, data))
                return new PostgresServer(options, directory, port, process);
            var output = process.Output;
            await process.DisposeAsync();
            // Somebody else may have taken the port between our look and the server's bind.
            if (attempt == 5 || !output.Contains("could not bind", StringComparison.Ordinal))
                throw new InvalidOperationException($"PostgreSQL {(int)options.Version} did not start:\n{output}");
        }
    }

    /// <summary>A new empty database; cheap (a file copy), so every fixture has its own.</summary>
    public async Task<string> CreateDatabaseAsync(string prefix = "test")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}_{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync("postgres", $"create database {name}");
        // Since PostgreSQL 15 only the owner may create in "public"; the tests' roles should be able to.
        await ExecuteAsync(name, "grant all on schema public to public");
        return name;
    }

    /// <summary>For Npgsql: without a pool, verified TLS by default, as superuser unless told otherwise.</summary>
    public string ConnectionString(string database = "postgres", TestUser? user = null, SslMode tls = SslMode.VerifyFull)
    {
        user ??= TestUser.Postgres;
        return new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = Port,
            Database = database,
            Username = user.Name,
            Password = user.Password.Length > 0 ? user.Password : null,
            SslMode = tls,
            RootCertificate = tls is SslMode.VerifyCA or SslMode.VerifyFull ? TestCertificates.Shared.AuthorityPath : null,
            Pooling = false,
            Timeout = 30,
        }.ConnectionString;
    }

    public async Task<NpgsqlConnection> OpenAsync(string database = "postgres", TestUser? user = null)
    {
        var connection = new NpgsqlConnection(ConnectionString(database, user));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs statements as superuser.</summary>
    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs Debian's psql with the given script on its standard input.</summary>
    public Task<CommandResult> PsqlAsync(string database, string script, TestUser? user = null, params IEnumerable<string> options) =>
        Psql.RunAsync(Endpoint(database, user), script, options);

    /// <summary>This server as any client's destination; superuser unless told otherwise.</summary>
    public ClientEndpoint Endpoint(string database = "postgres", TestUser? user = null)
    {
        user ??= TestUser.Postgres;
        return new ClientEndpoint(Host, Port, database, user.Name, user.Password, TestCertificates.Shared.AuthorityPath);
    }

    /// <summary>
    /// What the server logged as executed, oldest first. The log is written by another process: a live server is asked to log a mark, and read up to
    /// there, so that everything is in it that was logged before this call.
    /// </summary>
    public async Task<IReadOnlyList<LoggedStatement>> ReadStatementLogAsync()
    {
        if (!_process.HasExited)
            await MarkLogAsync();
        return [.. (await ReadLogAsync()).Where(line => !line.Message.Contains(LogMark, StringComparison.Ordinal)
            && (line.Message.StartsWith("statement: ", StringComparison.Ordinal) || line.Message.StartsWith("execute ", StringComparison.Ordinal)))];
    }

    private async Task MarkLogAsync()
    {
        var mark = string.Create(CultureInfo.InvariantCulture, $"{LogMark} {Interlocked.Increment(ref _marks)}.");
        await PsqlAsync("postgres", $"do $$ begin raise log '{mark}'; end $$");
        await Eventually.IsTrueAsync(async () =>
        {
            foreach (var file in LogFiles())
                if ((await File.ReadAllTextAsync(file)).Contains($",\"{mark}\",", StringComparison.Ordinal))
                    return true;
            return false;
        }, "the log has been written up to the mark");
    }

    private IEnumerable<string> LogFiles() => Directory.GetFiles(Path.Combine(DataDirectory, "log"), "*.csv").Order(StringComparer.Ordinal);

    /// <summary>The application names ("" for none) of those who signed in, of one user or of all; needs the setting log_connections.</summary>
    public async Task<IReadOnlyList<string>> ReadConnectionLogAsync(TestUser? user = null)
    {
        const string name = " application_name=";
        var start = user is null ? "connection authorized: " : $"connection authorized: user={user.Name} ";
        return [.. (await ReadLogAsync()).Select(line => line.Message)
            .Where(message => message.StartsWith(start, StringComparison.Ordinal))
            .Select(message => message.Contains(name, StringComparison.Ordinal)
                ? message[(message.IndexOf(name, StringComparison.Ordinal) + name.Length)..].Split(' ')[0]
                : "")];
    }

    private async Task<IReadOnlyList<LoggedStatement>> ReadLogAsync()
    {
        var lines = new List<LoggedStatement>();
        foreach (var file in LogFiles())
            foreach (var fields in CsvRecords.Parse(await File.ReadAllTextAsync(file)))
                lines.Add(new LoggedStatement(fields[1], fields[2], int.Parse(fields[3], CultureInfo.InvariantCulture), fields[22], fields[13], fields[14]));
        return lines;
    }

    /// <summary>Ends the server at once (SIGQUIT: no checkpoint) but keeps its directory and log until disposal.</summary>
    public Task StopAsync() => _process.StopAsync("QUIT", StopDeadline);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    // The last line of postmaster.pid says so; asking it, unlike connecting, leaves no trace in logs and statistics.
    private static async Task<bool> BecomesReadyAsync(ChildProcess process, string data)
    {
        var file = Path.Combine(data, "postmaster.pid");
        using var deadline = new CancellationTokenSource(StartDeadline);
        while (!process.HasExited && !deadline.IsCancellationRequested)
        {
            if (File.Exists(file) && (await File.ReadAllTextAsync(file)).TrimEnd().EndsWith("ready", StringComparison.Ordinal))
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
        return false;
    }

    private static string AuthenticationRules(PostgresServerOptions options)
    {
        var rules = new StringBuilder(options.FirstAuthenticationRules);
        foreach (var user in TestUser.All)
        {
            rules.Append(CultureInfo.InvariantCulture, $"{(options.RequireTls ? "hostssl" : "host")} all {user.Name} all {user.Method}\n");
            rules.Append(CultureInfo.InvariantCulture, $"host replication {user.Name} all {user.Method}\n");
        }
        // Roles that a test creates itself have a password or none at all, as they like.
        rules.Append(CultureInfo.InvariantCulture, $"{(options.RequireTls ? "hostssl" : "host")} all all all scram-sha-256\n");
        return rules.ToString();
    }

    private static string Settings(PostgresServerOptions options)
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "localhost",
            ["unix_socket_directories"] = "",
            ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["shared_buffers"] = "32MB",
            ["fsync"] = "off",
            ["full_page_writes"] = "off",
            ["synchronous_commit"] = "off",
            ["ssl"] = "on",
            ["ssl_cert_file"] = "server.pem",
            ["ssl_key_file"] = "server.key",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["jit"] = "off",
        };
        if (options.LogStatements)
        {
            settings["logging_collector"] = "on";
            settings["log_destination"] = "csvlog";
            settings["log_directory"] = "log";
            settings["log_filename"] = "statements.log";
            settings["log_rotation_age"] = "0";
            settings["log_rotation_size"] = "0";
            settings["log_statement"] = "all";
        }
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        return string.Concat(settings.Select(setting => $"\n{setting.Key} = '{setting.Value}'")) + "\n";
    }
}
