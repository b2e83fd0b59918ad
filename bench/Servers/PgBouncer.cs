using System.Globalization;

namespace Proxy.Bench.Servers;

/// <summary>
/// pgbouncer in session mode, one client to one server connection, which is what PhiGate does. It asks for the password in clear (inside TLS),
/// like PhiGate asks for the token; towards the server both use SCRAM-SHA-256.
/// </summary>
internal static class PgBouncer
{
    /// <param name="name">Names the files; several can run side by side.</param>
    /// <param name="scratch">Holds its configuration and log.</param>
    /// <param name="authority">Issues its certificate.</param>
    /// <param name="server">Where it connects.</param>
    /// <param name="tls">On both legs, or on neither.</param>
    /// <param name="freshServerConnections">Uses each server connection for one client only, instead of keeping it for the next.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<(OwnedProcess Process, Endpoint Endpoint)> StartAsync(
        string name, ScratchDirectory scratch, ScratchAuthority authority, ThrowawayPostgres server, bool tls, bool freshServerConnections,
        CancellationToken cancellationToken)
    {
        var program = InstalledProgram.Require("pgbouncer");
        var home = Directory.CreateDirectory(scratch[name]).FullName;
        var endpoint = server.Application with { Port = TcpPort.Free() };
        var (certificate, key) = authority.Issue(home, "server");
        var usersPath = Path.Combine(home, "users.txt");
        var configurationPath = Path.Combine(home, "pgbouncer.ini");
        await File.WriteAllTextAsync(usersPath, $"\"{endpoint.User}\" \"{endpoint.Password}\"\n", cancellationToken);
        var settings = Settings(endpoint, server.Application.Port, usersPath, freshServerConnections) + (tls ? Tls(certificate, key, authority) : "");
        await File.WriteAllTextAsync(configurationPath, settings, cancellationToken);
        await ServerAccount.OwnAsync(home, cancellationToken);

        // INT stops at once; TERM would wait for clients in later versions.
        var process = await OwnedProcess.StartAsync(name, ServerAccount.Run(program, configurationPath), scratch[name + ".log"], "INT", cancellationToken);
        await TcpPort.WaitUntilOpenAsync(endpoint.Port, process, cancellationToken);
        return (process, endpoint);
    }

    // A connection with server_lifetime 0 is used once and closed, so that there is nothing to reset.
    private static string Settings(Endpoint endpoint, int serverPort, string usersPath, bool freshServerConnections) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        [databases]
        {endpoint.Database} = host={Endpoint.Address} port={serverPort} dbname={endpoint.Database}
        [pgbouncer]
        listen_addr = {Endpoint.Address}
        listen_port = {endpoint.Port}
        unix_socket_dir =
        auth_type = plain
        auth_file = {usersPath}
        pool_mode = session
        default_pool_size = 200
        max_client_conn = 500
        ignore_startup_parameters = extra_float_digits,search_path
        log_connections = 0
        log_disconnections = 0
        {(freshServerConnections ? "server_lifetime = 0\nserver_reset_query =" : "")}

        """);

    private static string Tls(string certificate, string key, ScratchAuthority authority) =>
        $"""
        client_tls_sslmode = require
        client_tls_cert_file = {certificate}
        client_tls_key_file = {key}
        server_tls_sslmode = verify-full
        server_tls_ca_file = {authority.CertificatePath}

        """;
}
