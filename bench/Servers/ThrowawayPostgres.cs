using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Proxy.Bench.Servers;

/// <summary>A PostgreSQL server in a temporary directory, on a free port of the loopback interface, with TLS, as another user than root.</summary>
internal sealed class ThrowawayPostgres : IAsyncDisposable
{
    private const string AdministratorName = "hospital_owner";
    private const string ApplicationName = "clinic_app";

    private readonly OwnedProcess _process;

    private ThrowawayPostgres(OwnedProcess process, string binaries, Endpoint administrator, Endpoint application)
    {
        _process = process;
        Binaries = binaries;
        Administrator = administrator;
        Application = application;
    }

    /// <summary>The directory with psql and pgbench of the same version.</summary>
    public string Binaries { get; }

    /// <summary>Superuser and owner of the hospital. Only for setting up.</summary>
    public Endpoint Administrator { get; }

    /// <summary>An ordinary role that may read and write the hospital's tables: what applications, and the gateway, log in with.</summary>
    public Endpoint Application { get; }

    /// <param name="scratch">Holds the cluster.</param>
    /// <param name="authority">Issues the server's certificate.</param>
    /// <param name="connectionsMax">The server's max_connections.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ThrowawayPostgres> StartAsync(
        ScratchDirectory scratch, ScratchAuthority authority, int connectionsMax, CancellationToken cancellationToken)
    {
        var binaries = FindBinaries();
        var home = Directory.CreateDirectory(scratch["postgres"]).FullName;
        var cluster = Path.Combine(home, "cluster");
        var administrator = new Endpoint(TcpPort.Free(), "hospital", AdministratorName, RandomPassword(), authority.CertificatePath);
        var application = administrator with { User = ApplicationName, Password = RandomPassword() };

        var (certificate, key) = authority.Issue(home, "server");
        var passwordPath = Path.Combine(home, "password");
        await File.WriteAllTextAsync(passwordPath, administrator.Password, cancellationToken);
        await ServerAccount.OwnAsync(home, cancellationToken);
        await Command.RequireAsync(
            ServerAccount.Run(Path.Combine(binaries, "initdb"), "-D", cluster, "-U", AdministratorName, $"--pwfile={passwordPath}",
                "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"),
            cancellationToken: cancellationToken);
        await File.AppendAllTextAsync(
            Path.Combine(cluster, "postgresql.conf"), Settings(administrator.Port, certificate, key, connectionsMax), cancellationToken);

        var process = await OwnedProcess.StartAsync("PostgreSQL", ServerAccount.Run(Path.Combine(binaries, "postgres"), "-D", cluster),
            scratch["postgres.log"], "INT", cancellationToken);
        var server = new ThrowawayPostgres(process, binaries, administrator, application);
        try
        {
            await TcpPort.WaitUntilOpenAsync(administrator.Port, process, cancellationToken);
            await server.CreateDatabaseAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // Nothing here outlives the run, so nothing is synced; the rest keeps background work out of the measurements.
    private static string Settings(int port, string certificate, string key, int connectionsMax) => string.Create(
        CultureInfo.InvariantCulture,
        $"""

        port = {port}
        listen_addresses = 'localhost'
        unix_socket_directories = ''
        max_connections = {connectionsMax}
        ssl = on
        ssl_cert_file = '{certificate}'
        ssl_key_file = '{key}'
        password_encryption = 'scram-sha-256'
        shared_buffers = '256MB'
        fsync = off
        synchronous_commit = off
        full_page_writes = off
        max_wal_size = '4GB'
        autovacuum = off
        timezone = 'UTC'

        """);

    private static string FindBinaries()
    {
        if (Environment.GetEnvironmentVariable("PG_BIN") is { Length: > 0 } chosen)
            return File.Exists(Path.Combine(chosen, "postgres")) ? chosen : throw new InvalidOperationException($"PG_BIN: no postgres in {chosen}.");

        const string Root = "/usr/lib/postgresql";
        return (Directory.Exists(Root) ? Directory.EnumerateDirectories(Root) : [])
            .OrderByDescending(directory => int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(directory => Path.Combine(directory, "bin"))
            .FirstOrDefault(directory => File.Exists(Path.Combine(directory, "postgres"))) ?? throw InstalledProgram.Missing("PostgreSQL");
    }

    private static string RandomPassword() => RandomNumberGenerator.GetHexString(24, lowercase: true);

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var maintenance = (Administrator with { Database = "postgres" }).ConnectionString(tls: true);
        maintenance.Pooling = false;
        await using var dataSource = NpgsqlDataSource.Create(maintenance);
        // The port opens a moment before the server takes logins (SQLSTATE 57P03).
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var create = dataSource.CreateCommand("CREATE DATABASE hospital");
                await create.ExecuteNonQueryAsync(cancellationToken);
                break;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.CannotConnectNow && attempt < 100)
            {
                await Task.Delay(100, cancellationToken);
            }
        }

        // The password is our own hexadecimal text: nothing in it needs quoting.
        await using var role = dataSource.CreateCommand($"CREATE ROLE {ApplicationName} LOGIN PASSWORD '{Application.Password}'");
        await role.ExecuteNonQueryAsync(cancellationToken);
    }
}
