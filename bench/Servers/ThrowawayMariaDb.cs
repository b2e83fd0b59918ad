using System.Globalization;
using System.Security.Cryptography;

namespace Proxy.Bench.Servers;

/// <summary>A MariaDB server in a temporary directory, on a free port of the loopback interface, with TLS, as another user than root.</summary>
internal sealed class ThrowawayMariaDb : IAsyncDisposable
{
    private const string DatabaseName = "hospital";

    // Said when the data directory is made, too, so that nothing is resized. Nothing here outlives the run, so nothing is synced.
    private static readonly string[] StorageOptions =
    [
        "--innodb-log-file-size=64M", "--innodb-buffer-pool-size=256M", "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync", "--innodb-doublewrite=0",
        "--aria-log-file-size=8M", "--aria-pagecache-buffer-size=8M", "--key-buffer-size=1M",
    ];

    private readonly OwnedProcess _process;

    private ThrowawayMariaDb(OwnedProcess process, Endpoint administrator, Endpoint application)
    {
        _process = process;
        Administrator = administrator;
        Application = application;
    }

    /// <summary>May do everything. Only for setting up.</summary>
    public Endpoint Administrator { get; }

    /// <summary>May read and write the hospital's tables, over TLS: what applications, and the gateway, log in with.</summary>
    public Endpoint Application { get; }

    /// <param name="scratch">Holds the data directory.</param>
    /// <param name="authority">Issues the server's certificate.</param>
    /// <param name="connectionsMax">The server's max_connections.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ThrowawayMariaDb> StartAsync(
        ScratchDirectory scratch, ScratchAuthority authority, int connectionsMax, CancellationToken cancellationToken)
    {
        var home = Directory.CreateDirectory(scratch["mariadb"]).FullName;
        var administrator = new Endpoint(TcpPort.Free(), DatabaseName, "hospital_owner", RandomPassword(), authority.CertificatePath);
        var application = administrator with { User = "clinic_app", Password = RandomPassword() };

        var (certificate, key) = authority.Issue(home, "server");
        await File.WriteAllTextAsync(Path.Combine(home, "accounts.sql"), Accounts(administrator, application), cancellationToken);
        await ServerAccount.OwnAsync(home, cancellationToken);
        string[] directories = ["--no-defaults", "--skip-name-resolve", $"--datadir={Path.Combine(home, "data")}"];
        await Command.RequireAsync(
            ServerAccount.Run([Find("mariadb-install-db"), .. directories, "--auth-root-authentication-method=normal", "--skip-test-db", .. StorageOptions]),
            cancellationToken: cancellationToken);

        // A shutdown would write out what nobody reads any more.
        var process = await OwnedProcess.StartAsync(
            "MariaDB", ServerAccount.Run([Find("mariadbd"), .. directories, $"--tmpdir={home}", .. StorageOptions, .. Settings(home, administrator.Port, certificate, key, authority.CertificatePath, connectionsMax)]),
            scratch["mariadb.log"], "KILL", cancellationToken);
        var server = new ThrowawayMariaDb(process, administrator, application);
        try
        {
            // Its init-file is done before it takes a connection; the first waits for its greeting until then.
            await TcpPort.WaitUntilOpenAsync(administrator.Port, process, cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string[] Settings(string home, int port, string certificate, string key, string authority, int connectionsMax) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"--port={port}"), "--bind-address=127.0.0.1",
        string.Create(CultureInfo.InvariantCulture, $"--max-connections={connectionsMax}"),
        $"--socket={Path.Combine(home, "socket")}", $"--pid-file={Path.Combine(home, "pid")}", $"--init-file={Path.Combine(home, "accounts.sql")}",
        // MariaDB looks at a client's certificate where there is one, and sysbench has to have one.
        $"--ssl-cert={certificate}", $"--ssl-key={key}", $"--ssl-ca={authority}", "--default-time-zone=+00:00", "--character-set-server=utf8mb4", "--collation-server=utf8mb4_general_ci",
    ];

    // One statement a line: that is how the server reads its init-file. The passwords are our own hexadecimal texts.
    private static string Accounts(Endpoint administrator, Endpoint application) =>
        $"""
        CREATE DATABASE {DatabaseName} CHARACTER SET utf8mb4;
        CREATE USER {administrator.User}@'%' IDENTIFIED BY '{administrator.Password}' REQUIRE SSL;
        GRANT ALL ON *.* TO {administrator.User}@'%';
        CREATE USER {application.User}@'%' IDENTIFIED BY '{application.Password}' REQUIRE SSL;
        GRANT SELECT, INSERT, UPDATE, DELETE, SHOW VIEW ON {DatabaseName}.* TO {application.User}@'%';

        """;

    private static string Find(string program)
        => Environment.GetEnvironmentVariable("MARIADB_BIN") is { Length: > 0 } chosen && File.Exists(Path.Combine(chosen, program))
            ? Path.Combine(chosen, program)
            : InstalledProgram.Require(program);

    private static string RandomPassword() => RandomNumberGenerator.GetHexString(24, lowercase: true);
}
