using System.Data.Common;
using MySqlConnector;
using Npgsql;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Host.Identity;
using Proxy.Tests.Live.Clients;
using Proxy.Tests.Live.Identity.MySql;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity;

/// <summary>
/// A pool whose sessions are all cut at once, because the token behind them was revoked: it comes back with the next token, each connection once. That ends
/// which nobody asked for come one by one is said by LiveSessionsTests.
/// </summary>
public sealed class PoolReconnectTests
{
    private static readonly int PoolSize = Proof.Size(20, 100);

    [Test]
    public async Task A_pool_that_was_cut_opens_each_connection_once_again_and_all_its_users_go_on([Values] bool isMySql)
    {
        var postgres = isMySql ? null : await PostgresServer.StartAsync(new PostgresServerOptions { MaxConnections = PoolSize + 30 });
        var mariaDb = isMySql ? await MariaDbServer.StartAsync(new MariaDbServerOptions { MaxConnections = PoolSize + 30 }) : null;
        await using var server = (IAsyncDisposable?)postgres ?? mariaDb;
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = postgres,
            MariaDb = mariaDb,
            Database = await (postgres?.CreateDatabaseAsync("pool") ?? mariaDb!.CreateDatabaseAsync("pool")),
            Limits = "sessions-per-identity-max: 1000\nsign-ins-per-minute-per-identity-max: 10000",
        });
        var token = TokenOf(gateway);
        var settings = gateway.EndpointWith("");
        await using var pool = isMySql ? null : PostgresPool(settings, () => token);
        DbConnection Create() => pool is null ? MySqlConnectionOf(settings, () => token) : pool.CreateConnection();

        await CloseAsync(await Task.WhenAll(Enumerable.Range(0, PoolSize).Select(_ => UseAsync(Create))));
        var opened = await OpenedAsync(gateway);
        token = TokenOf(gateway);
        var revoked = await gateway.RunToolAsync(null, "revoke", "--socket", gateway.OperatorSocket, "--token-id", opened[0].TokenId);
        var users = await Task.WhenAll(Enumerable.Range(0, PoolSize).Select(_ => UseAsync(Create)));
        await CloseAsync(users);

        var again = (await OpenedAsync(gateway)).Where(session => session.TokenId != opened[0].TokenId).ToList();
        Assert.That(revoked.Output, Is.EqualTo($"revoked; {PoolSize} live sessions ended\n"), revoked.Errors);
        Assert.That((opened.Count, again.Count), Is.EqualTo((PoolSize, PoolSize)), "as many sessions as the pool has connections, before and after");
        Assert.That(users.Sum(user => user.Failures), Is.LessThanOrEqualTo(PoolSize), "each cut connection fails once");
        Assert.That(await RecordedEvents.OfAsync<DecodedSignInRefused>(gateway.JournalDirectory), Is.Empty);
    }

    /// <summary>Asks until an answer comes, and holds the connection: so every user has one of his own. How often none came.</summary>
    private static async Task<(DbConnection Connection, int Failures)> UseAsync(Func<DbConnection> create)
    {
        for (var failures = 0; ; failures++)
        {
            var connection = create();
            try
            {
                await connection.OpenAsync(CancellationToken.None);
                await using var command = connection.CreateCommand();
                command.CommandText = "select 1";
                await command.ExecuteScalarAsync(CancellationToken.None);
                return (connection, failures);
            }
            catch (DbException) when (failures < PoolSize)
            {
                await connection.DisposeAsync(); // Cut: the pool throws it away, and gives another one.
            }
        }
    }

    private static async Task CloseAsync(IEnumerable<(DbConnection Connection, int Failures)> users)
    {
        foreach (var (connection, _) in users)
            await connection.DisposeAsync();
    }

    private static NpgsqlDataSource PostgresPool(ClientEndpoint endpoint, Func<string> token)
    {
        var settings = new NpgsqlConnectionStringBuilder(NpgsqlConnections.StringFor(endpoint)) { Pooling = true, MaxPoolSize = PoolSize, Timeout = 60 };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePasswordProvider(_ => token(), (_, _) => ValueTask.FromResult(token()));
        return builder.Build();
    }

    private static MySqlConnection MySqlConnectionOf(ClientEndpoint endpoint, Func<string> token)
    {
        var settings = new MySqlConnectionStringBuilder(MySqlPrograms.ConnectionString(endpoint)) { Pooling = true, MaximumPoolSize = (uint)PoolSize, ConnectionTimeout = 60 };
        return new MySqlConnection(settings.ConnectionString) { ProvidePasswordCallback = _ => token() };
    }

    private static string TokenOf(PhiGateProcess gateway) => gateway.Sign(new DevelopmentTokenRequest { Subject = "pooled", Groups = [PhiGateOptions.ShowGroup] });

    private static Task<IReadOnlyList<DecodedSessionOpened>> OpenedAsync(PhiGateProcess gateway) => RecordedEvents.OfAsync<DecodedSessionOpened>(gateway.JournalDirectory);
}
