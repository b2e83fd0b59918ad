using System.Globalization;
using System.Runtime.CompilerServices;
using MySqlConnector;
using Proxy.Tests.Live.Clients;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Identity.MySql;

/// <summary>Drivers and tools of MySQL that sign in and ask one statement after another. What comes back is the first value of each, or the error's number.</summary>
internal static class MySqlPrograms
{
    public static readonly string[] All = ["mariadb", "MySqlConnector", "mysql2", "PyMySQL"];

    /// <param name="program">One of <see cref="All"/>.</param>
    /// <param name="endpoint">Where, and as whom.</param>
    /// <param name="statements">Each has one value.</param>
    public static Task<IReadOnlyList<string>> AskAsync(string program, ClientEndpoint endpoint, params string[] statements) => program switch
    {
        "mariadb" => MariaDbAsync(endpoint, statements),
        "MySqlConnector" => MySqlConnectorAsync(endpoint, prepares: false, statements),
        "mysql2" => Mysql2Async(endpoint, "query", statements),
        _ => PyMySqlAsync(endpoint, "autocommit", statements),
    };

    public static async Task<IReadOnlyList<string>> PyMySqlAsync(ClientEndpoint endpoint, string mode, params string[] statements) =>
        Outcomes("PyMySQL", await Command.RunAsync("/usr/bin/python3", [Beside("pymysql_requests.py"), .. Destination(endpoint), mode, .. statements]));

    public static async Task<IReadOnlyList<string>> Mysql2Async(ClientEndpoint endpoint, string mode, params string[] statements) =>
        Outcomes("mysql2", await Command.RunAsync("node", [Beside("mysql2_requests.mjs"), Modules(), .. Destination(endpoint), mode, .. statements]));

    public static async Task<IReadOnlyList<string>> MySqlConnectorAsync(ClientEndpoint endpoint, bool prepares, params string[] statements)
    {
        await using var connection = new MySqlConnection(ConnectionString(endpoint));
        await connection.OpenAsync();
        var outcomes = new List<string>();
        foreach (var statement in statements)
        {
            await using var command = new MySqlCommand(statement, connection);
            try
            {
                if (prepares) await command.PrepareAsync();
                outcomes.Add(Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture)!);
            }
            catch (MySqlException error)
            {
                outcomes.Add(error.Number.ToString(CultureInfo.InvariantCulture));
            }
        }

        return outcomes;
    }

    /// <summary>The client goes on behind an error; one that ends the connection makes it connect anew, which it does not do here.</summary>
    private static async Task<IReadOnlyList<string>> MariaDbAsync(ClientEndpoint endpoint, string[] statements)
    {
        var result = await MariaDbClient.RunAsync(endpoint, string.Join(";\n", statements) + ";\n", "--skip-column-names", "--skip-reconnect", "--force");
        var numbers = result.Errors.Split('\n').Where(line => line.StartsWith("ERROR ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]);
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), .. numbers];
    }

    public static string ConnectionString(ClientEndpoint endpoint) => new MySqlConnectionStringBuilder
    {
        Server = endpoint.Host,
        Port = (uint)endpoint.Port,
        Database = endpoint.Database,
        UserID = endpoint.User,
        Password = endpoint.Password,
        SslMode = MySqlSslMode.VerifyFull,
        SslCa = endpoint.AuthorityPath,
        Pooling = false,
    }.ConnectionString;

    private static IReadOnlyList<string> Outcomes(string program, CommandResult result) => [.. ClientOutput.Read(program, result).Select(step => step.Outcome)];

    private static string[] Destination(ClientEndpoint endpoint) =>
        [endpoint.Host, endpoint.Port.ToString(CultureInfo.InvariantCulture), endpoint.Database, endpoint.User, endpoint.Password, endpoint.AuthorityPath];

    private static string Beside(string file, [CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, file);

    private static string Modules([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "Support", "mysql-clients"));
}
