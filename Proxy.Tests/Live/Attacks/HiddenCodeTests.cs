using System.Globalization;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Attacks;

/// <summary>
/// Code of users that no text names: in domains inside other types, behind parameters, in casts that the server applies by itself, in row security
/// policies. Each statement prints a patient's value at the server; an agent may run none of them, and who may sees no value.
/// </summary>
public sealed class HiddenCodeTests
{
    /// <summary>The user of the gateway is not a superuser here: row security does not hold for one.</summary>
    private static readonly TestUser User = TestUser.Trust;

    private const string Extra = """
        create table tagged (id int, code known);
        create table lists (id int, codes known[]);
        create table pairs (id int, both_of pair);
        create function may_see(int) returns boolean language plpgsql as
            $$ declare s text; begin select ssn into s from patients where id = 1; raise exception 'it is not %', s; end $$;
        create table guarded (id int primary key, label text);
        insert into guarded values (1, 'x');
        alter table guarded enable row level security;
        create policy seen on guarded using (may_see(id));
        create view guarded_view with (security_invoker) as select label from guarded;
        create function fits(int) returns boolean language plpgsql as
            $$ declare s text; begin select ssn into s from patients where id = 1; raise exception 'it is not %', s; end $$;
        create domain fitting as int check (fits(value));
        create type spans as range (subtype = fitting);
        create type shade as enum ('dark', 'light');
        create function shade_text(shade) returns text language plpgsql as
            $$ declare s text; begin select ssn into s from patients where id = 1; return s; end $$;
        create cast (shade as text) with function shade_text(shade) as implicit;
        create table shaded (id int, tone shade);
        insert into shaded values (1, 'dark');
        create domain guarded_default as text default ssn_of(1);
        create table defaulted (id int, word guarded_default);
        grant all on all tables in schema public to public;
        """;

    private static readonly AccessPolicy MayRunCode = new(
        [
            new AccessRule
            {
                Name = "may run code",
                Risk = new RiskCondition
                {
                    Within = RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.BulkRead | RiskClasses.Write | RiskClasses.Session | RiskClasses.Procedure,
                },
                Verdict = Verdict.Mask,
                Profile = MaskProfile.Redacted,
            },
        ],
        "may run code");

    private PostgresServer _server = null!;
    private string _database = "";
    private GatewayHarness _agents = null!;
    private GatewayHarness _runners = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await CreateAsync(Extra);
        _agents = await StartAsync(_database, GatewayHarness.Masked(MaskProfile.Redacted));
        _runners = await StartAsync(_database, MayRunCode);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_runners is not null) await _runners.DisposeAsync();
        if (_agents is not null) await _agents.DisposeAsync();
    }

    [TestCase("select codes = '{x}' from lists")]
    [TestCase("select coalesce(both_of, '(x,y)') from pairs")]
    [TestCase("insert into tagged values (1, 'x')")]
    [TestCase("insert into lists values (1, '{x}')")]
    [TestCase("insert into pairs values (1, '(x,y)')")]
    [TestCase("select '(x,y)'::pair")]
    [TestCase("select '{x}'::known[]")]
    [TestCase("select '{\"(x,y)\"}'::pair[]")]
    [TestCase("select '[1,2)'::spans")]
    [TestCase("select jsonb_populate_record(null::tagged, '{\"code\": \"x\"}')")]
    [TestCase("select label from guarded")]
    [TestCase("select label from guarded_view")]
    [TestCase("update guarded set label = 'y'")]
    [TestCase("select upper(tone) from shaded")]
    [TestCase("insert into dump select tone, 'x' from shaded returning k")]
    [TestCase("insert into defaulted (id) values (1) returning word")]
    public async Task A_statement_that_runs_it_is_refused_and_shows_nothing_to_who_may_run_it(string text)
    {
        Assert.That(await PlayAsync(_server.Endpoint(_database, User), text), Has.Some.Matches<WireFrame>(Leaks), "without the gateway");
        var refused = await PlayAsync(_agents.Endpoint, text);
        var masked = await PlayAsync(_runners.Endpoint, text);
        Assert.Multiple(() =>
        {
            Assert.That(refused[0].Field('D'), Does.Contain("code=function-not-allowed ").Or.Contain("code=rule-refused "), string.Join("\n", refused));
            Assert.That(masked, Has.None.Matches<WireFrame>(Leaks), string.Join("\n", masked));
            Assert.That(masked.Where(frame => frame.Type == WireFrame.ErrorResponse).Select(Readable), Has.None.Contains("phigate code="));
        });
    }

    [TestCase("select '(x,y)'::pair")]
    [TestCase("select codes = '{x}' from lists")]
    [TestCase("insert into pairs values (1, '(x,y)')")]
    [TestCase("select nothing from pairs where both_of = '(x,y)'")]
    [TestCase("select is_known('x') from nowhere, pairs where both_of = '(x,y)'")]
    public async Task A_statement_that_runs_it_when_it_is_parsed_is_refused_before(string text)
    {
        await using var client = await WireClient.OpenAsync(_agents.Endpoint);
        await client.SendAsync((byte[])[.. PostgresRequests.Parse("", text), .. PostgresRequests.Sync()]);

        var frames = await client.ReceiveUntilReadyAsync();

        Assert.That(frames[0].Field('D'), Does.StartWith("phigate code="), string.Join("\n", frames));
    }

    [TestCase("known", "x")]
    [TestCase("_known", "{x}")]
    [TestCase("pair", "(x,y)")]
    [TestCase("spans", "[1,2)")]
    public async Task A_parameter_of_such_a_type_is_refused_at_Bind(string type, string value)
    {
        await using var connection = await _server.OpenAsync(_database);
        await using var command = new Npgsql.NpgsqlCommand($"select '{type}'::regtype::oid::int8", connection);
        var oid = Convert.ToInt32(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        byte[] bytes =
        [
            .. PostgresRequests.Parse("", "select $1 is null", oid), .. PostgresRequests.Bind("", "", value), .. PostgresRequests.Execute(""), .. PostgresRequests.Sync(),
        ];
        Assert.That(await PlayAsync(_server.Endpoint(_database, User), bytes), Has.Some.Matches<WireFrame>(Leaks), "without the gateway");
        var refused = await PlayAsync(_agents.Endpoint, bytes);
        var masked = await PlayAsync(_runners.Endpoint, bytes);
        Assert.That(refused.Where(frame => frame.Type == WireFrame.ErrorResponse).Select(Readable), Has.One.Contains("code=function-not-allowed "));
        Assert.That(masked, Has.None.Matches<WireFrame>(Leaks), string.Join("\n", masked));
    }

    /// <summary>What has nothing to do with it goes on as before.</summary>
    [TestCase("select name, floor from departments", "Cardiology")]
    [TestCase("select id from tagged", "SELECT 0")]
    [TestCase("select upper(name) from departments", "CARDIOLOGY")]
    public async Task Other_statements_are_shown(string text, string expected)
    {
        var frames = await PlayAsync(_agents.Endpoint, text);
        Assert.That(frames.Select(Readable), Has.Some.Contains(expected), string.Join("\n", frames));
    }

    [Test]
    public async Task A_cast_between_types_of_the_server_ends_trust_in_every_statement()
    {
        var database = await CreateAsync("""
            create function chart_of(int) returns jsonb language sql as 'select chart from patients where id = $1';
            create cast (int as jsonb) with function chart_of(int) as implicit;
            grant all on all tables in schema public to public;
            """);
        await using var gateway = await StartAsync(database, MayRunCode);
        const string text = "select jsonb_pretty(1)";
        Assert.That(await PlayAsync(_server.Endpoint(database, User), text), Has.Some.Matches<WireFrame>(Leaks), "without the gateway");
        var masked = await PlayAsync(gateway.Endpoint, text);
        Assert.That(masked, Has.None.Matches<WireFrame>(Leaks), string.Join("\n", masked));
        gateway.Policy.Current = GatewayHarness.Masked(MaskProfile.Redacted);
        var refused = await PlayAsync(gateway.Endpoint, text);
        Assert.That(refused[0].Field('D'), Does.Contain("phigate code="));
    }

    [Test]
    public async Task An_error_of_a_policy_that_reads_patients_is_scrubbed()
    {
        var database = await CreateAsync("""
            create table rooms (id int primary key, name text);
            insert into rooms values (1, 'x');
            alter table rooms enable row level security;
            create policy near on rooms using (exists (select from patients where ssn::int = rooms.id));
            grant all on all tables in schema public to public;
            """);
        await using var gateway = await StartAsync(database, GatewayHarness.Masked(MaskProfile.Redacted));
        const string text = "select name from rooms";
        Assert.That(await PlayAsync(_server.Endpoint(database, User), text), Has.Some.Matches<WireFrame>(Leaks), "without the gateway");
        var failed = await PlayAsync(gateway.Endpoint, text);
        Assert.That(failed, Has.None.Matches<WireFrame>(Leaks), string.Join("\n", failed));
        Assert.That(failed[^2].Field('C'), Is.EqualTo("22P02"));
    }

    private async Task<string> CreateAsync(string extra)
    {
        var database = await _server.CreateDatabaseAsync("hidden");
        await _server.ExecuteAsync(database, AttackDatabase.Create);
        await _server.ExecuteAsync(database, extra);
        return database;
    }

    private Task<GatewayHarness> StartAsync(string database, AccessPolicy policy) =>
        GatewayHarness.StartAsync(_server, database, policy, new NothingHereIsPhi(), User);

    private static Task<IReadOnlyList<WireFrame>> PlayAsync(ClientEndpoint endpoint, string text) => PlayAsync(endpoint, PostgresRequests.Query(text));

    private static async Task<IReadOnlyList<WireFrame>> PlayAsync(ClientEndpoint endpoint, byte[] bytes)
    {
        // In a transaction that is rolled back, so that one case does not see what another has written.
        await using var client = await WireClient.OpenAsync(endpoint);
        await client.QueryAsync("begin");
        await client.SendAsync(bytes);
        var frames = await client.ReceiveUntilReadyAsync();
        await client.QueryAsync("rollback");
        return frames;
    }

    private static bool Leaks(WireFrame? frame) =>
        AttackDatabase.Canaries.Any(canary => Readable(frame!).Contains(canary, StringComparison.OrdinalIgnoreCase));

    /// <summary>What these tests add holds no PHI itself: only so does it tell whether the code counts.</summary>
    private sealed class NothingHereIsPhi : IColumnClassifier
    {
        private static readonly string[] Own = ["tagged", "lists", "pairs", "guarded", "guarded_view", "shaded", "defaulted", "rooms"];
        private readonly AttackClassifier _others = new();

        public IdentifierClass Classify(string schema, string table, string column, string typeName) =>
            schema == "public" && Own.Contains(table) ? IdentifierClass.NotPhi : _others.Classify(schema, table, column, typeName);
    }

    private static string Readable(WireFrame frame) => Encoding.Latin1.GetString(frame.Body);
}
