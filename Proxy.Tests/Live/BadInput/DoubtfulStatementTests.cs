using System.Diagnostics;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Live.Attacks;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>
/// What the gateway does not know, what is larger than anybody needs, and what goes round in circles: an answer with a stable code, at once, and a
/// session that goes on.
/// </summary>
public sealed class DoubtfulStatementTests
{
    private const int ColumnsMax = 1_600;
    private const int TargetsMax = 1_664;
    private const int ViewsDeep = 200;

    private static readonly AccessPolicy Rules = new(
        [
            new AccessRule
            {
                Name = "agents",
                Risk = new RiskCondition { Within = RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Session },
                Verdict = Verdict.Mask,
                Profile = MaskProfile.Redacted,
            },
        ],
        "agents");

    private static TimeSpan _longest;

    private PostgresServer _server = null!;
    private GatewayHarness _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await SharedServers.PostgresAsync();
        var database = await _server.CreateDatabaseAsync("doubtful");
        await _server.ExecuteAsync(
            database,
            $$"""
            create table patients (id int primary key, ssn text not null);
            insert into patients values (1, '912-57-3461'), (2, '923-68-4172');
            create table wide ({{Listed(ColumnsMax, static i => i == 0 ? "id int" : i % 2 == 0 ? $"c{i} int" : $"ssn{i} text")}});
            insert into wide (id, {{Listed(300, static i => $"ssn{(2 * i) + 1}")}}) values (1, {{Listed(300, static _ => "'912-57-3461'")}});
            create view deep_0 as select id, ssn from patients;
            {{string.Concat(Enumerable.Range(1, ViewsDeep).Select(static i => $"create view deep_{i} as select * from deep_{i - 1};"))}}
            create view snake as select id, ssn from patients;
            create view ladder as select id, ssn from snake;
            create or replace view snake as select id, ssn from ladder;
            create function heard_of(text) returns text language plpgsql as 'begin return $1; end';
            create operator === (leftarg = text, rightarg = text, function = texteq);
            create function is_odd(int) returns boolean language plpgsql immutable as 'begin return $1 % 2 = 1; end';
            create domain odd as int check (is_odd(value));
            grant select on all tables in schema public to public
            """);
        _gateway = await GatewayHarness.StartAsync(_server, database, Rules, new SocialSecurityNumbers());
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        Proof.Record("Statements of doubt", $"the slowest answer came after {_longest.TotalMilliseconds:F0} ms");
        await TestContext.Out.WriteLineAsync($"the slowest answer came after {_longest.TotalMilliseconds:F0} ms");
    }

    /// <summary>The server is not asked about names that nobody has: it has a domain here whose check it could run when it parses.</summary>
    private static IEnumerable<TestCaseData<string, string>> Doubtful()
    {
        yield return Case("a function that nobody reviewed", "function-not-allowed", "select heard_of('x')");
        yield return Case("an operator of users that compares PHI", "function-not-allowed", "select id from patients where ssn === '912-57-3461'");
        yield return Case("a type that runs code nobody reviewed", "function-not-allowed", "select '1'::odd");
        yield return Case("a function that nobody has", "function-not-allowed", "select no_such_function(1)");
        yield return Case("a type that nobody has", "function-not-allowed", "select '1'::no_such_type");
        yield return Case("an operator that nobody has", "function-not-allowed", "select 1 <==> 2");
        yield return Case("words of a newer server", "statement-opaque", "select * from json_table('[1]', '$[*]' columns (a int path '$')) t");
        yield return Case("a setting", "setting-not-allowed", "set backtrace_functions = 'x'");
        yield return Case("a setting of nobody", "setting-not-allowed", "set no.such_setting = 'x'");
        yield return Case("a kind of statement", "rule-refused", "create server s foreign data wrapper w");
        yield return Case("a condition on PHI", "inference-refused", "select id from patients where ssn like '9%'");
        yield return Case("a condition on PHI, 200 views below", "inference-refused", $"select id from deep_{ViewsDeep} where ssn like '9%'");
        yield return Case("1,600 columns as a condition", "inference-refused", $"select id from wide where ({Listed(800, static i => $"ssn{(2 * i) + 1}")}) is distinct from null");
        yield return Case("1,600 columns as one row", "inference-refused", "select id from wide w where w::text like '%912%'");
    }

    /// <summary>What is no refusal of ours: the server's own words, or an answer without any value of PHI.</summary>
    private static IEnumerable<TestCaseData<string, string>> Answered()
    {
        yield return Case("a relation that nobody has", "42P01", "select * from no_such_relation");
        yield return Case("views in a circle", "42P17", "select * from snake");
        yield return Case("too many targets", "54011", $"select {Listed(TargetsMax + 1, static i => $"{i}")}");
        yield return Case("1,600 columns", "", "select * from wide");
        yield return Case("1,600 columns by name", "", $"select {Listed(ColumnsMax, static i => i == 0 ? "id" : i % 2 == 0 ? $"c{i}" : $"ssn{i}")} from wide");
        yield return Case("as many targets as there can be", "", $"select {Listed(TargetsMax, static _ => "ssn")} from patients");
        yield return Case("200 views deep", "", $"select * from deep_{ViewsDeep}");
    }

    [TestCaseSource(nameof(Doubtful))]
    public async Task Is_refused_with_its_code_and_the_session_goes_on(string code, string sql)
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint);

        var answer = await TimedAsync(client, sql);

        Assert.That(answer.Single(static frame => frame.Type == WireFrame.ErrorResponse).Field('D'), Does.StartWith($"phigate code={code} "));
        await Answer.IsServedAsync(client);
    }

    [TestCaseSource(nameof(Answered))]
    public async Task Is_answered_without_a_value_of_PHI_and_the_session_goes_on(string sqlState, string sql)
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint);

        var answer = await TimedAsync(client, sql);

        Assert.That(answer.FirstOrDefault(static frame => frame.Type == WireFrame.ErrorResponse)?.Field('C') ?? "", Is.EqualTo(sqlState), () => string.Join('\n', answer));
        Assert.That(answer.Where(static frame => Encoding.Latin1.GetString(frame.Body) is var text && AttackDatabase.Canaries.Any(text.Contains)), Is.Empty);
        await Answer.IsServedAsync(client);
    }

    private static async Task<IReadOnlyList<WireFrame>> TimedAsync(WireClient client, string sql)
    {
        await Answer.IsServedAsync(client); // What a first statement costs once is not this statement's.
        var began = Stopwatch.GetTimestamp();
        var answer = await client.QueryAsync(sql);
        var took = Stopwatch.GetElapsedTime(began);
        if (took > _longest) _longest = took;
        await TestContext.Out.WriteLineAsync($"{took.TotalMilliseconds:F1} ms");
        return answer;
    }

    private static TestCaseData<string, string> Case(string name, string expected, string sql) =>
        new TestCaseData<string, string>(expected, sql).SetArgDisplayNames(name);

    private static string Listed(int count, Func<int, string> item) => string.Join(", ", Enumerable.Range(0, count).Select(item));

    private sealed class SocialSecurityNumbers : IColumnClassifier
    {
        public IdentifierClass Classify(string schema, string table, string column, string typeName) =>
            column.StartsWith("ssn", StringComparison.Ordinal) ? IdentifierClass.SocialSecurityNumber : IdentifierClass.NotPhi;
    }
}
