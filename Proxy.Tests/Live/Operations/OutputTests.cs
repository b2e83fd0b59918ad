using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Operations;

/// <summary>What the real program says about itself after a day's worth of traffic: metrics that are true, and no value in any of it.</summary>
public sealed partial class OutputTests
{
    private const string Column = "canary-column-7731";
    private const string Literal = "canary-literal-7732";
    private const string Parameter = "canary-parameter-7733";
    private const string Name = "canary_name_7734";
    private const string Setting = "canary-setting-7735";
    private const string Copied = "canary-copied-7736";
    private const string Comment = "canary-comment-7737";

    private PostgresServer _server = null!;
    private PhiGateProcess _gateway = null!;
    private string _token = null!;
    private string _metrics = null!;

    [OneTimeSetUp]
    public async Task PlayAsync()
    {
        _server = await SharedServers.PostgresAsync();
        var database = await _server.CreateDatabaseAsync("output");
        await _server.ExecuteAsync(database, $"create table t(a int unique check (a < 100), b text); grant all on t to public; insert into t values (1, '{Column}')");
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = _server, Database = database });
        _token = _gateway.Token(PhiGateOptions.RedactGroup);

        await using (var client = await WireClient.OpenAsync(_gateway.EndpointWith(_token)))
        {
            await client.QueryAsync("select a, b from t");
            await client.QueryAsync($"select a from t where b = '{Literal}' -- {Comment}");
            await client.QueryAsync($"select '{Literal}'::int");
            await client.QueryAsync($"selec '{Literal}'");
            await client.QueryAsync($"select * from {Name}");
            await client.QueryAsync($"insert into t values (1000, '{Literal}')");
            await client.QueryAsync($"insert into t values (1, '{Literal}')");
            await client.QueryAsync($"set application_name = '{Setting}'");
            await client.QueryAsync($"set x.y = '{Setting}'");
            await client.QueryAsync("set client_encoding = 'latin1'");
            await client.QueryAsync($"do $$ begin raise exception '{Literal}'; end $$");
            await client.QueryAsync($"copy t from '/{Literal}'");
            await client.SendAsync(
                PostgresRequests.Parse(Name, "select a, b from t where b = $1"), PostgresRequests.Bind(Name, Name, Parameter), PostgresRequests.Execute(Name),
                PostgresRequests.Sync());
            await client.ReceiveUntilReadyAsync();
            await client.SendAsync(PostgresRequests.Query("copy t from stdin"), PostgresRequests.CopyData(Encoding.UTF8.GetBytes($"x\t{Copied}\n")), PostgresRequests.CopyDone());
            await client.ReceiveUntilReadyAsync();
        }
        // A token that is refused, and a session that ends by a violation.
        Assert.That(async () => await WireClient.OpenAsync(_gateway.EndpointWith(_token + Literal)), Throws.InvalidOperationException);
        await using (var broken = await WireClient.OpenAsync(_gateway.EndpointWith(_token)))
        {
            await broken.SendAsync(new FrameBuilder('!').AddText(Literal).ToBytes());
            await broken.ReceiveToEndAsync();
        }
        await Eventually.IsTrueAsync(async () => Value((await _gateway.GetAsync("metrics")).Body, "phigate_sessions") == 0, "all sessions are over");
        _metrics = (await _gateway.GetAsync("metrics")).Body;
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase(Column)]
    [TestCase(Literal)]
    [TestCase(Parameter)]
    [TestCase(Name)]
    [TestCase(Setting)]
    [TestCase(Copied)]
    [TestCase(Comment)]
    [TestCase("scram-secret")]
    public async Task No_value_is_in_the_log_the_metrics_or_the_health(string canary)
    {
        var health = (await _gateway.GetAsync("healthz")).Body + (await _gateway.GetAsync("readyz")).Body;
        Assert.That(_gateway.Output + _metrics + health, Does.Not.Contain(canary).IgnoreCase);
    }

    [Test]
    public void No_part_of_a_token_is_in_the_log_or_the_metrics()
    {
        foreach (var part in _token.Split('.').Skip(1))
            Assert.That(_gateway.Output + _metrics, Does.Not.Contain(part[..24]));
    }

    [Test]
    public void Every_line_of_the_log_is_an_event_with_a_documented_id()
    {
        var documented = Ids().Matches(Documentation()).Select(match => match.Groups[1].Value).ToHashSet();
        var logged = EventIds().Matches(_gateway.Output).Select(match => match.Groups[1].Value).Distinct();
        Assert.That(logged, Is.Not.Empty.And.SubsetOf(documented));
    }

    [TestCase("phigate_sign_ins_total{code=\"admitted\"}", 2)]
    [TestCase("phigate_sign_ins_total{code=\"token-malformed\"}", 1)]
    [TestCase("phigate_connections_refused_total{code=\"token-malformed\"}", 1)]
    [TestCase("phigate_sessions_ended_total{reason=\"ClientViolation\"}", 1)]
    [TestCase("phigate_refusals_total{code=\"encoding-not-allowed\"}", 1)]
    [TestCase("phigate_rows_total", 1)]
    [TestCase("phigate_rows_masked_total", 1)]
    [TestCase("phigate_sessions", 0)]
    [TestCase("phigate_journal_state", 3)]
    [TestCase("phigate_configuration_rejected", 0)]
    [TestCase("phigate_parser_failures_total{reason=\"deadline\"}", 0)]
    public void Metrics_count_what_happened(string series, double expected) => Assert.That(Value(_metrics, series), Is.EqualTo(expected), _metrics);

    [TestCase("phigate_statements_total")]
    [TestCase("phigate_errors_scrubbed_total")]
    [TestCase("phigate_bytes_to_clients_total")]
    [TestCase("phigate_bytes_to_servers_total")]
    [TestCase("phigate_statement_seconds_count")]
    [TestCase("phigate_decision_seconds_sum")]
    [TestCase("phigate_journal_records_total")]
    [TestCase("phigate_journal_segments_ready")]
    [TestCase("phigate_parser_texts_total{result=\"miss\"}")]
    [TestCase("phigate_configuration_version")]
    public void Metrics_have_moved(string series) => Assert.That(Value(_metrics, series), Is.GreaterThan(0), _metrics);

    [Test]
    public void The_operators_page_names_exactly_the_metrics_that_there_are()
    {
        var exported = Types().Matches(_metrics).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);
        var documented = Documented().Matches(Documentation()).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);
        Assert.That(documented, Is.EqualTo(exported));
    }

    private static double Value(string metrics, string series)
    {
        var line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? double.NaN : double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture);
    }

    private static string Documentation()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "proxy.sln")))
                return File.ReadAllText(Path.Combine(directory.FullName, "docs", "operations.md"));
        throw new FileNotFoundException("The repository is not above the tests.");
    }

    [GeneratedRegex("^# TYPE (\\w+) ", RegexOptions.Multiline)]
    private static partial Regex Types();

    [GeneratedRegex("^\\| `(phigate_\\w+)", RegexOptions.Multiline)]
    private static partial Regex Documented();

    [GeneratedRegex("\"EventId\":(\\d+)")]
    private static partial Regex EventIds();

    [GeneratedRegex("^\\| (\\d{4}) \\|", RegexOptions.Multiline)]
    private static partial Regex Ids();
}
