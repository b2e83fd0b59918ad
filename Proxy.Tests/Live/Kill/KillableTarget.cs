using MySqlConnector;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Kill;

/// <summary>What a <see cref="KillableGateway"/> stands in front of.</summary>
/// <param name="Protocol">As gateway.yaml calls it.</param>
/// <param name="Port">Of the server on localhost.</param>
/// <param name="User">Whom sessions sign in as.</param>
/// <param name="Password">Of that account.</param>
/// <param name="AnswersAsync">Whether a client gets an answer there.</param>
internal sealed record KillableTarget(string Protocol, int Port, string User, string Password, Func<ClientEndpoint, Task<bool>> AnswersAsync)
{
    public static KillableTarget Of(PostgresServer server) => new("postgresql", server.Port, TestUser.Scram.Name, TestUser.Scram.Password, async endpoint =>
        (await Psql.RunAsync(endpoint, "select 1;", "-At")).Output == "1\n");

    public static KillableTarget Of(MariaDbServer server, MariaDbUser user) => new("mysql", server.Port, user.Name, user.Password, async endpoint =>
    {
        try
        {
            await using var connection = new MySqlConnection(ConnectionString(endpoint));
            await connection.OpenAsync();
            return await connection.PingAsync();
        }
        catch (MySqlException)
        {
            return false;
        }
    });

    /// <summary>For MySqlConnector: over verified TLS, without a pool.</summary>
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
}
