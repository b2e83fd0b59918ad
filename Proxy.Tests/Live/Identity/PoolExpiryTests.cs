using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
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
/// Pools of many applications, all filled with one token, when that expires while they work: their sessions end within the last tenth of the time, and they go on
/// with the next token. (That ends which would come together are spread is said by LiveSessionsTests; here it is measured.)
/// Each test has servers of its own and mostly waits for its token's end (four fifths of two cores were idle), so these wait together, and with no other fixture.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.Children)]
public sealed class PoolExpiryTests
{
    private static readonly int Pools = Proof.Size(4, 20);
    private static readonly int PoolSize = Proof.Size(5, 25);

    /// <summary>Enough to fill all pools before, also on a slow machine.</summary>
    private static readonly int TokenSeconds = Proof.Size(12, 50);

    /// <summary>The same for drivers in other programs, which have to warm up.</summary>
    private static readonly int ProgramTokenSeconds = Proof.Size(20, 50);

    /// <summary>Between two calls of one user, so that all together make 200 a second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5 * Pools * PoolSize);

    private readonly ConcurrentQueue<long> _attempts = new();
    private string _token = "";

    private static int Connections => Pools * PoolSize;

    /// <summary>
    /// Npgsql drops its whole pool at the first 57P01, MySqlConnector where it is told to. While one call's failure still closes dead connections, Npgsql lends another
    /// of them to the next (seen with 25 in a pool): so what holds of a driver is that each session that ended fails one call at most.
    /// </summary>
    [Test]
    public async Task Pools_go_on_with_the_next_token_and_have_one_failure_for_each_session_that_ended_at_most([Values] bool isMySql)
    {
        var postgres = isMySql ? null : await PostgresServer.StartAsync(new PostgresServerOptions { MaxConnections = (2 * Connections) + 20 });
        var mariaDb = isMySql ? await MariaDbServer.StartAsync(new MariaDbServerOptions { MaxConnections = (2 * Connections) + 20 }) : null;
        await using var server = (IAsyncDisposable?)postgres ?? mariaDb;
        await using var gateway = await StartAsync(new PhiGateOptions
        {
            Server = postgres,
            MariaDb = mariaDb,
            Database = await (postgres?.CreateDatabaseAsync("expiry") ?? mariaDb!.CreateDatabaseAsync("expiry")),
        });
        var endpoint = gateway.EndpointWith("");
        var sources = isMySql ? [] : Enumerable.Range(0, Pools).Select(_ => PostgresPool(endpoint)).ToList();
        var pools = isMySql
            ? Enumerable.Range(0, Pools).Select(pool => (Func<DbConnection>)(() => MySqlConnectionOf(endpoint, pool)))
            : sources.Select(source => (Func<DbConnection>)source.CreateConnection);
        var users = pools.SelectMany(pool => Enumerable.Repeat(pool, PoolSize)).ToList();

        var expiry = Renew(gateway, TokenSeconds);
        foreach (var connection in await Task.WhenAll(users.Select(OpenAsync)))
            await connection.DisposeAsync();
        var first = await RecordedEvents.OfAsync<DecodedSessionOpened>(gateway.JournalDirectory);
        Renew(gateway, 3600);
        _attempts.Clear();
        var failures = await Task.WhenAll(users.Select(user => WorkAsync(user, expiry)));
        foreach (var source in sources)
            await source.DisposeAsync();
        await AllAreOverAsync(gateway, first);

        Assert.That(first, Has.Count.EqualTo(Connections));
        Assert.That(failures.Sum(user => user.All), Is.LessThanOrEqualTo(Connections));
        Assert.That(_attempts, Has.Count.LessThanOrEqualTo(Connections + (failures.Sum(user => user.All) * PoolSize)), "a session that ends costs one sign-in, a failure one pool at most");
        Assert.That(await RecordedEvents.OfAsync<DecodedSignInRefused>(gateway.JournalDirectory), Is.Empty);
        Proof.Record($"Pools at expiry, {(isMySql ? "MySqlConnector" : "Npgsql")}", Figures(failures.Sum(user => user.All), failures.Max(user => user.Most)));
    }

    /// <summary>psycopg_pool lends what it has untested: a call fails once for each dead connection that it gets, and each of them is given to one call only.</summary>
    [Test]
    public async Task Pools_of_psycopg_have_one_failure_for_each_session_that_ended_at_most()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { MaxConnections = (2 * Connections) + 20 });
        await using var gateway = await StartAsync(new PhiGateOptions { Server = server, Database = await server.CreateDatabaseAsync("expiry") });
        using var directory = new TemporaryDirectory();
        await using var program = await PoolProgram.PsycopgAsync(gateway.EndpointWith(""), directory, Pools, PoolSize, Pause);
        await GoesOnAsync(gateway, program, "psycopg_pool");
    }

    /// <summary>
    /// HikariCP tests what it lends if that was idle for half a second, and throws away what fails with an SQLSTATE of a lost connection, which 57P01 and MySQL's
    /// 08S01 are.
    /// </summary>
    [TestCase(false)]
    [TestCase(true, Category = Proof.Category)]
    public async Task Pools_of_HikariCP_have_one_failure_for_each_session_that_ended_at_most(bool isMySql)
    {
        var postgres = isMySql ? null : await PostgresServer.StartAsync(new PostgresServerOptions { MaxConnections = (2 * Connections) + 20 });
        var mariaDb = isMySql ? await MariaDbServer.StartAsync(new MariaDbServerOptions { MaxConnections = (2 * Connections) + 20 }) : null;
        await using var server = (IAsyncDisposable?)postgres ?? mariaDb;
        await using var gateway = await StartAsync(new PhiGateOptions
        {
            Server = postgres,
            MariaDb = mariaDb,
            Database = await (postgres?.CreateDatabaseAsync("expiry") ?? mariaDb!.CreateDatabaseAsync("expiry")),
        });
        using var directory = new TemporaryDirectory();
        await using var program = await PoolProgram.HikariAsync(gateway.EndpointWith(""), directory, Pools, PoolSize, Pause, isMySql);
        await GoesOnAsync(gateway, program, isMySql ? "HikariCP with MariaDB's driver" : "HikariCP with PostgreSQL's driver");
    }

    /// <summary>Fills the pools with one token, lets it expire while they work, and gives them the next one.</summary>
    private async Task GoesOnAsync(PhiGateProcess gateway, PoolProgram program, string name)
    {
        await program.ReadyAsync();
        var expiry = Renew(gateway, ProgramTokenSeconds);
        await program.GiveAsync(_token);
        await program.FilledAsync();
        var first = await RecordedEvents.OfAsync<DecodedSessionOpened>(gateway.JournalDirectory);
        Renew(gateway, 3600);
        await program.GiveAsync(_token);
        await Task.Delay(RestOf(expiry), CancellationToken.None);
        var (failures, most) = await program.StopAsync();
        await AllAreOverAsync(gateway, first);
        var opened = (await RecordedEvents.OfAsync<DecodedSessionOpened>(gateway.JournalDirectory)).Count;

        // On a busy machine a pool may lose patience with a connection while it fills, and open another.
        Assert.That(first, Has.Count.AtLeast(Connections));
        Assert.That(failures, Is.LessThanOrEqualTo(first.Count));
        Assert.That(opened, Is.LessThanOrEqualTo(3 * Connections), "a session that ends costs a sign-in, and no storm");
        Assert.That(await RecordedEvents.OfAsync<DecodedSignInRefused>(gateway.JournalDirectory), Is.Empty);
        Proof.Record($"Pools at expiry, {name}",
            $"{Pools} pools of {PoolSize}: all go on with {opened - first.Count} sign-ins; {failures} of {first.Count} dead connections were lent to a call, at most {most} to one");
    }

    private static Task<PhiGateProcess> StartAsync(PhiGateOptions options) => PhiGateProcess.StartAsync(options with
    {
        TargetSessionsMax = 2 * Connections,
        Limits = "sessions-per-identity-max: 2000\nsign-ins-per-minute-per-identity-max: 10000",
    });

    /// <summary>From now on sign-ins use a token that expires then.</summary>
    private DateTimeOffset Renew(PhiGateProcess gateway, int seconds)
    {
        Volatile.Write(ref _token, gateway.Sign(new DevelopmentTokenRequest { Subject = "pooled", Groups = [PhiGateOptions.ShowGroup], LifetimeSeconds = seconds }));
        return TimeProvider.System.GetUtcNow().AddSeconds(seconds);
    }

    /// <summary>Pools ask for it once for each sign-in.</summary>
    private string Sign()
    {
        _attempts.Enqueue(Stopwatch.GetTimestamp());
        return Volatile.Read(ref _token);
    }

    /// <summary>Calls until the token has expired, and once more. How many failed in all, and how often the one that failed most.</summary>
    private static async Task<(int All, int Most)> WorkAsync(Func<DbConnection> create, DateTimeOffset expiry)
    {
        var (all, most) = (0, 0);
        for (var isLast = false; ; isLast = RestOf(expiry) == TimeSpan.Zero)
        {
            var failed = 0;
            while (!await TryCallAsync(create))
                if (++failed > Connections)
                    throw new InvalidOperationException("there is no way back in");
            all += failed;
            most = Math.Max(most, failed);
            if (isLast)
                return (all, most);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private static TimeSpan RestOf(DateTimeOffset expiry) =>
        expiry.AddSeconds(1) - TimeProvider.System.GetUtcNow() is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero;

    private static async Task<bool> TryCallAsync(Func<DbConnection> create)
    {
        await using var connection = create();
        try
        {
            await connection.OpenAsync(CancellationToken.None);
            await using var command = connection.CreateCommand();
            command.CommandText = "select 1";
            return await command.ExecuteScalarAsync(CancellationToken.None) is not null;
        }
        catch (DbException)
        {
            if (connection is MySqlConnection cut)
                await MySqlConnection.ClearPoolAsync(cut);
            return false;
        }
    }

    private static async Task<DbConnection> OpenAsync(Func<DbConnection> create)
    {
        var connection = create();
        await connection.OpenAsync(CancellationToken.None);
        return connection;
    }

    private static Task AllAreOverAsync(PhiGateProcess gateway, IEnumerable<DecodedSessionOpened> sessions) => Eventually.IsTrueAsync(
        async () => sessions.Select(session => session.SessionId)
            .Except((await RecordedEvents.OfAsync<DecodedSessionClosed>(gateway.JournalDirectory)).Select(closed => closed.SessionId)).Any() is false,
        "the sessions of the expired token are over");

    /// <summary>The most attempts within a tenth of a second.</summary>
    private int Busiest()
    {
        var times = _attempts.Order().ToArray();
        var (most, from) = (0, 0);
        for (var to = 0; to < times.Length; to++)
        {
            while (Stopwatch.GetElapsedTime(times[from], times[to]) > TimeSpan.FromMilliseconds(100))
                from++;
            most = Math.Max(most, to - from + 1);
        }
        return most;
    }

    private string Figures(int failures, int most) =>
        $"{Pools} pools of {PoolSize}: all go on with {_attempts.Count} sign-ins over {Stopwatch.GetElapsedTime(_attempts.Min(), _attempts.Max()).TotalSeconds:0.0} s, "
        + $"{Busiest()} of them in the busiest tenth of a second; {failures} calls failed, none of them more than {most} times";

    private NpgsqlDataSource PostgresPool(ClientEndpoint endpoint)
    {
        var settings = new NpgsqlConnectionStringBuilder(NpgsqlConnections.StringFor(endpoint)) { Pooling = true, MaxPoolSize = PoolSize, Timeout = 60 };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePasswordProvider(_ => Sign(), (_, _) => ValueTask.FromResult(Sign()));
        return builder.Build();
    }

    private MySqlConnection MySqlConnectionOf(ClientEndpoint endpoint, int pool)
    {
        var settings = new MySqlConnectionStringBuilder(MySqlPrograms.ConnectionString(endpoint))
        {
            Pooling = true,
            MaximumPoolSize = (uint)PoolSize,
            ConnectionTimeout = 60,
            ApplicationName = $"pool {pool}", // Pools are told apart by their settings.
        };
        return new MySqlConnection(settings.ConnectionString) { ProvidePasswordCallback = _ => Sign() };
    }
}
