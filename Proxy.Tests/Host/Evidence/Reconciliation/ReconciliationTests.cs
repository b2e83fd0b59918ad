using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Host.Evidence.Reconciliation;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Evidence.Reconciliation;

/// <summary>What real servers log is read as it was run, and what did not come through the gateway is named.</summary>
public sealed class ReconciliationTests
{
    /// <summary>Of what is played: quotes, commas, lines and a multibyte letter.</summary>
    private const string Odd = "select 'a \"quoted\", Grüße\n\tline' as \"x,y\"";

    [TestCase(ServerLogFormat.Csvlog)]
    [TestCase(ServerLogFormat.Rds)]
    public async Task Statements_beside_the_gateway_are_named_and_no_others(ServerLogFormat format)
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            LogStatements = format is ServerLogFormat.Csvlog,
            Settings = format is ServerLogFormat.Csvlog ? new Dictionary<string, string>() : new Dictionary<string, string>
            {
                ["logging_collector"] = "on",
                ["log_directory"] = "log",
                ["log_filename"] = "statements.log",
                ["log_statement"] = "all",
                ["log_line_prefix"] = "%t:%r:%u@%d:[%p]:",
            },
        });
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, "create table t (n int); grant all on t to public");
        await using var gateway = await GatewayHarness.StartAsync(server, database, GatewayHarness.ShowEverything);
        await using (var client = await WireClient.OpenAsync(gateway.Endpoint))
        {
            await client.QueryAsync(Odd);
            await client.QueryAsync("insert into t values (1); select 2");
            await client.SendAsync(
                PostgresRequests.Parse("s", "select $1::int"), PostgresRequests.Bind("", "s", "5"), PostgresRequests.Execute(""), PostgresRequests.Bind("", "s", "6"),
                PostgresRequests.Execute(""), PostgresRequests.Sync());
            await client.ReceiveUntilReadyAsync();
        }

        await server.ExecuteAsync(database, "select 'beside the gateway'");
        // A second time, where the gateway let it through once.
        await server.ExecuteAsync(database, Odd);
        await server.StopAsync();
        var file = Directory.GetFiles(Path.Combine(server.DataDirectory, "log"), format is ServerLogFormat.Csvlog ? "*.csv" : "*.log").Single();
        using var log = new StreamReader(file);
        var reconciler = Reconciler.Load(gateway.JournalDirectory, keys: null, target: null, TimeSpan.FromSeconds(30), CancellationToken.None);
        var report = await reconciler.CompareAsync(ServerLog.ReadAsync(log, format, CancellationToken.None).Where(one => one.Database == database), CancellationToken.None);
        var beside = report.OnlyAtServer.Select(static one => one.Text).ToArray();
        Assert.That(beside.Count(static text => text == "select 'beside the gateway'"), Is.EqualTo(1));
        Assert.That(beside.Count(static text => text == Odd), Is.EqualTo(1));
        Assert.That(beside.Any(static text => text.Contains("$1::int", StringComparison.Ordinal) || text.Contains("select 2", StringComparison.Ordinal)), Is.False);
        Assert.That((report.Matched, report.OnlyInJournal.Count), Is.EqualTo((4, 0)));
    }

    [Test]
    public async Task A_statement_that_the_server_does_not_know_of_is_named_by_its_record()
    {
        using var directory = new TemporaryDirectory();
        var run = await JournalOfAsync(directory.Path, "select 1", "select 2", "select 3");
        const string log = "2000-01-01 00:00:00.000 UTC,u,d,1,,,,,,,,LOG,,statement: select 0,,,,,,,,,psql,\n2100-01-01 00:00:00.000 UTC,u,d,1,,,,,,,,LOG,,statement: select 4,,,,,,,,,psql,\n";
        var report = await CompareAsync(directory.Path, log, ServerLogFormat.Csvlog);
        Assert.That(report.OnlyInJournal, Is.EqualTo(run));
    }

    [Test]
    public async Task Lines_of_pgaudit_are_read_once_for_each_statement()
    {
        const string log = """
            2026-11-25 07:00:00 UTC:10.0.0.1(5432):app@clinic:[77]:LOG:  AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.patient,"select ""n"", 'a'
            	from patient",<not logged>
            2026-11-25 07:00:00 UTC:10.0.0.1(5432):app@clinic:[77]:LOG:  AUDIT: SESSION,1,2,READ,SELECT,TABLE,public.hidden,"select within",<not logged>
            """;
        var statements = await ReadAsync(log, ServerLogFormat.Rds);
        Assert.That(statements.Select(one => (one.User, one.Database, one.Session, one.Text)), Is.EqualTo(new[] { ("app", "clinic", "77", "select \"n\", 'a'\nfrom patient") }));
    }

    [Test]
    public async Task Events_of_activity_streams_are_read()
    {
        const string log = """
            {"type":"DatabaseActivityMonitoringRecord","databaseActivityEventList":[{"logTime":"2026-11-25 07:00:00.123+00","command":"SELECT","commandText":"select 1","databaseName":"clinic","dbUserName":"app","sessionId":"5f.77","clientApplication":"psql"},{"type":"heartbeat"}]}
            """;
        var statement = (await ReadAsync(log, ServerLogFormat.ActivityStream)).Single();
        Assert.That((statement.Text, statement.User, statement.Session, statement.Application), Is.EqualTo(("select 1", "app", "5f.77", "psql")));
    }

    [Test]
    public async Task The_audit_logs_of_mariadb_and_aurora_are_read()
    {
        const string log = """
            20261125 07:00:00,db1,app,10.0.0.1,12,345,QUERY,clinic,'select \'it\\s\', \n1',0
            1795590000000000,db1,app,10.0.0.1,12,346,QUERY,clinic,'select 2',0
            20261125 07:00:01,db1,app,10.0.0.1,12,0,DISCONNECT,clinic,,0
            """;
        var statements = await ReadAsync(log, ServerLogFormat.ServerAudit);
        Assert.That(statements.Select(one => one.Text), Is.EqualTo(new[] { "select 'it\\s', \n1", "select 2" }));
        Assert.That(statements[1].Time, Is.EqualTo(new DateTimeOffset(2026, 11, 25, 7, 0, 0, TimeSpan.Zero)));
    }

    [Test]
    public async Task The_general_log_of_a_real_mariadb_is_read()
    {
        using var directory = new TemporaryDirectory();
        // The server runs as another user.
        File.SetUnixFileMode(directory.Path, (UnixFileMode)0b111_111_111);
        await using var server = await MariaDbServer.StartAsync(new MariaDbServerOptions
        {
            Settings = new Dictionary<string, string> { ["general-log"] = "1", ["log-output"] = "FILE", ["general-log-file"] = directory.Combine("general.log") },
        });
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, "select 'one line', 1");
        await server.ExecuteAsync(database, "select 'two\nlines'");
        var statements = await ReadAsync(await File.ReadAllTextAsync(directory.Combine("general.log")), ServerLogFormat.General);
        Assert.That(statements.Where(one => one.Database == database).Select(one => one.Text), Is.SupersetOf(new[] { "select 'one line', 1", "select 'two\nlines'" }));
    }

    private static async Task<long[]> JournalOfAsync(string directory, params string[] texts)
    {
        await using var journal = await MappedJournal.OpenAsync(
            new JournalOptions { Directory = directory, SegmentBytes = JournalOptions.SegmentBytesMin }, TimeProvider.System, CancellationToken.None);
        var numbers = new List<long>();
        foreach (var text in texts)
        {
            var intent = new IntentRecord { SessionId = Guid.Empty, Text = Encoding.UTF8.GetBytes(text) };
            journal.TryAppend(in intent, out var number);
            var outcome = new OutcomeRecord { SessionId = Guid.Empty, Statement = number, Status = OutcomeStatus.Completed };
            journal.TryAppend(in outcome, out _);
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private static async Task<ReconciliationReport> CompareAsync(string journal, string log, ServerLogFormat format)
    {
        var reconciler = Reconciler.Load(journal, keys: null, target: null, TimeSpan.FromSeconds(10), CancellationToken.None);
        using var reader = new StringReader(log);
        return await reconciler.CompareAsync(ServerLog.ReadAsync(reader, format, CancellationToken.None), CancellationToken.None);
    }

    private static async Task<List<ServerStatement>> ReadAsync(string log, ServerLogFormat format)
    {
        using var reader = new StringReader(log);
        return await ServerLog.ReadAsync(reader, format, CancellationToken.None).ToListAsync();
    }
}
