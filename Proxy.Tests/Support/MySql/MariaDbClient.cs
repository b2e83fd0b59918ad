namespace Proxy.Tests.Support.MySql;

/// <summary>Runs Debian's mariadb client with a script on its standard input, over verified TLS.</summary>
internal static class MariaDbClient
{
    public static Task<CommandResult> RunAsync(ClientEndpoint endpoint, string script, params IEnumerable<string> options) => Command.RunAsync(
        "mariadb",
        [
            "--no-defaults", "--protocol=TCP", $"--host={endpoint.Host}", $"--port={endpoint.Port}", $"--user={endpoint.User}", $"--ssl-ca={endpoint.AuthorityPath}",
            "--ssl-verify-server-cert", "--default-character-set=utf8mb4", "--batch", .. options, endpoint.Database,
        ],
        script,
        new Dictionary<string, string?> { ["MYSQL_PWD"] = endpoint.Password });
}
