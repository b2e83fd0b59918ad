using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql;
using Proxy.Host.Catalogue;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Catalogue;

public sealed class CatalogueSourceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Nothing_is_known_and_nothing_is_fresh_before_the_first_load()
    {
        var server = await SharedServers.PostgresAsync();
        await using var source = new CatalogueSource(Hospital.Loader(server, "postgres"), Hospital.Classification, GatewayHarness.SharedFrontEnd.Value, TimeProvider.System);
        Assert.Multiple(() =>
        {
            Assert.That(source.IsFresh, Is.False);
            Assert.That(source.StaleReason, Is.Not.Empty);
            Assert.That(source.Current.Relations, Is.Empty);
        });
    }

    [TestCase("create table added (id int)", "added")]
    [TestCase("alter table lonely add column extra text", "lonely")]
    [TestCase("alter table lonely rename column word to words", "lonely")]
    [TestCase("alter table lonely drop column word", "lonely")]
    [TestCase("create or replace view v_floors as select name, 1 as up from departments", "v_floors")]
    [TestCase("create function added() returns int language sql as 'select 1'", "lonely")]
    [TestCase("create trigger stamp before insert on lonely for each row execute function stamp()", "lonely")]
    [TestCase("alter table lonely add constraint short check (length(word) < 10)", "lonely")]
    [TestCase("alter table lonely inherit parent_of_lonely", "lonely")]
    [TestCase("drop table lonely", "departments")]
    [TestCase("create type added as enum ('a')", "lonely")]
    public async Task Ddl_makes_a_new_snapshot(string ddl, string relationAfterwards)
    {
        var server = await SharedServers.PostgresAsync();
        var database = await Hospital.CreateAsync(server);
        await server.ExecuteAsync(database, "create table parent_of_lonely (id int not null)");
        await using var source = new CatalogueSource(Hospital.Loader(server, database), Hospital.Classification, GatewayHarness.SharedFrontEnd.Value, TimeProvider.System);
        source.Start();
        await Until(() => source.IsFresh);
        var before = source.Current.Version;
        await server.ExecuteAsync(database, ddl);
        source.RequestRefresh();
        await Until(() => source.Current.Version > before);
        Assert.That(source.Current.Candidates(new QualifiedName("public", relationAfterwards)), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Statements_that_change_no_structure_make_no_new_snapshot()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await Hospital.CreateAsync(server);
        await using var loader = Hospital.Loader(server, database);
        await server.ExecuteAsync(database, "insert into lonely select g, 'x' from generate_series(1, 1000) g");
        var before = await loader.FingerprintAsync(CancellationToken.None);
        await server.ExecuteAsync(database, "insert into lonely select g, 'x' from generate_series(1001, 2000) g");
        await server.ExecuteAsync(database, "create temp table t (id int primary key, word text default 'x')");
        await server.ExecuteAsync(database, "vacuum analyze");
        Assert.That(await loader.FingerprintAsync(CancellationToken.None), Is.EqualTo(before));
    }

    [Test]
    public async Task A_server_that_is_gone_makes_the_catalogue_stale()
    {
        await using var server = await PostgresServer.StartAsync();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var source = new CatalogueSource(Hospital.Loader(server, "postgres"), Hospital.Classification, GatewayHarness.SharedFrontEnd.Value, time);
        await source.LoadAsync(CancellationToken.None);
        Assert.That(source.IsFresh, Is.True);
        await server.StopAsync();
        source.Start();
        time.Advance(CatalogueSource.FreshFor);
        Assert.Multiple(() =>
        {
            Assert.That(source.IsFresh, Is.False);
            Assert.That(source.StaleReason, Is.Not.Null.And.Not.Empty);
            Assert.That(source.Current.RelationCount, Is.Positive, "what was known stays known");
        });
    }

    [Test]
    public async Task A_new_classification_judges_what_is_known_at_once()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await Hospital.CreateAsync(server);
        await using var source = new CatalogueSource(Hospital.Loader(server, database), ColumnClassification.Nothing, GatewayHarness.SharedFrontEnd.Value, TimeProvider.System);
        await source.LoadAsync(CancellationToken.None);
        var before = source.Current;
        source.Reclassify(Hospital.Classification);
        Assert.Multiple(() =>
        {
            Assert.That(before.Candidates(new QualifiedName(null, "departments")).Single().CarriesPhi, Is.True);
            Assert.That(source.Current.Candidates(new QualifiedName(null, "departments")).Single().CarriesPhi, Is.False);
            Assert.That(source.Current.Version, Is.GreaterThan(before.Version));
        });
    }

    [Test]
    public async Task A_password_is_asked_for_at_each_new_connection()
    {
        await using var server = await PostgresServer.StartAsync();
        var password = TestUser.Scram.Password;
        await using var loader = new CatalogueLoader(
            new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres", TestUser.Scram)), TimeProvider.System,
            credentials: new ChangingCredentials(() => (TestUser.Scram.Name, password)));
        await loader.FingerprintAsync(CancellationToken.None);
        password = "rotated";
        await server.ExecuteAsync("postgres", """
            alter role scram_user password 'rotated';
            select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = 'scram_user'
            """);
        // The connection in the pool is found to be gone by the first who uses it.
        await loader.LoadAsync(CancellationToken.None);
        Assert.That(await loader.FingerprintAsync(CancellationToken.None), Is.Not.Empty);
    }

    [TestCase("scram_user")]
    [TestCase("md5_user")]
    public async Task Rights_that_a_user_is_given_later_end_trust_until_they_are_taken_away(string user)
    {
        await using var server = await PostgresServer.StartAsync();
        var loader = new CatalogueLoader(
            new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres", TestUser.Scram)), TimeProvider.System, otherUsers: [TestUser.Md5.Name]);
        await using var source = new CatalogueSource(
            loader, Hospital.Classification, GatewayHarness.SharedFrontEnd.Value, TimeProvider.System,
            rights => rights.Any(one => one.BeyondMasking().Any()) ? "too many rights" : null);
        source.Start();
        await Until(() => source.IsFresh);
        await server.ExecuteAsync("postgres", $"grant pg_read_server_files to {user}");
        source.RequestRefresh();
        await Until(() => source.StaleReason == "too many rights");
        await server.ExecuteAsync("postgres", $"revoke pg_read_server_files from {user}");
        source.RequestRefresh();
        await Until(() => source.IsFresh);
    }

    [Test]
    public async Task An_event_trigger_announces_what_has_changed()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await Hospital.CreateAsync(server);
        await server.ExecuteAsync(database, """
            create function announce_ddl() returns event_trigger language plpgsql set search_path = pg_catalog as $$
            begin
                perform pg_notify('phigate_catalogue', '');
            end $$;
            create event trigger announce_ddl on ddl_command_end execute function announce_ddl()
            """);
        await using var loader = Hospital.Loader(server, database);
        using var ended = new CancellationTokenSource();
        var announced = Channel.CreateUnbounded<bool>();
        var listening = loader.ListenAsync(() => announced.Writer.TryWrite(true), ended.Token);
        using var patience = new CancellationTokenSource(Patience);
        await announced.Reader.ReadAsync(patience.Token);
        await server.ExecuteAsync(database, "create table announced (id int)");
        Assert.That(await announced.Reader.ReadAsync(patience.Token), Is.True);
        await ended.CancelAsync();
        Assert.That(async () => await listening, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_database_that_announces_nothing_is_not_listened_to()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await Hospital.CreateAsync(server);
        await using var loader = Hospital.Loader(server, database);
        Assert.That(async () => await loader.ListenAsync(static () => Assert.Fail("nothing is announced"), CancellationToken.None), Throws.Nothing);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
    }
}
