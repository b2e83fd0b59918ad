using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Attacks;

/// <summary>As <see cref="InferenceTests"/>, by what only the newest server understands: two hospitals that differ in PHI alone give the same bytes.</summary>
public sealed class NewestServerTests
{
    private const string Create = """
        create table leaves (slot int4range not null, during daterange not null, ssn text, room text,
            twice text generated always as (ssn || '/' || ssn) virtual, primary key (slot, during without overlaps));
        insert into leaves values ('[1,2)', '[1931-02-03,1931-02-10)', '912-57-3461', 'A');
        create table covers (slot int4range, during daterange, foreign key (slot, period during) references leaves (slot, period during));
        """;

    private const string Twin = "update leaves set during = '[1988-07-06,1988-07-10)', ssn = '811-46-2350'";

    private static readonly AccessPolicy Rules = new(
        [
            new AccessRule
            {
                Name = "agents",
                Risk = new RiskCondition
                {
                    Within = RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.BulkRead | RiskClasses.Write | RiskClasses.BulkWrite | RiskClasses.Session
                        | RiskClasses.PhiEquality | RiskClasses.PhiOrdering | RiskClasses.PhiGrouping,
                },
                Verdict = Verdict.Mask,
                Profile = MaskProfile.Redacted,
            },
        ],
        "agents");

    private readonly string[] _databases = new string[2];
    private readonly GatewayHarness[] _gateways = new GatewayHarness[2];
    private PostgresServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await PostgresServer.StartAsync(new PostgresServerOptions { Version = PostgresVersion.V18 });
        for (var i = 0; i < _databases.Length; i++)
        {
            _databases[i] = await _server.CreateDatabaseAsync("newest");
            await _server.ExecuteAsync(_databases[i], AttackDatabase.Create + Create);
            if (i == 1)
                await _server.ExecuteAsync(_databases[i], AttackDatabase.Twin + Twin);
            _gateways[i] = await GatewayHarness.StartAsync(_server, _databases[i], Rules, new AttackClassifier(), TestUser.Postgres);
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (var gateway in _gateways)
            await gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [TestCaseSource(nameof(Attacks))]
    public async Task No_answer_tells_the_hospitals_apart(Attack attack)
    {
        var one = await PlayAsync(attack, 0, _gateways[0].Endpoint);
        var other = await PlayAsync(attack, 1, _gateways[1].Endpoint);

        Assert.That(InferenceTests.Said(one), Is.EqualTo(InferenceTests.Said(other)));
        Assert.That(AttackPlayer.VerdictOf(one), Is.EqualTo(attack.Verdict), () => string.Join("\n", one));
    }

    [TestCaseSource(nameof(Attacks))]
    public async Task Without_the_gateway_they_differ(Attack attack)
    {
        var one = InferenceTests.Said(await PlayAsync(attack, 0, _server.Endpoint(_databases[0])));
        var other = InferenceTests.Said(await PlayAsync(attack, 1, _server.Endpoint(_databases[1])));

        Assert.That(one, Is.Not.EqualTo(other));
    }

    private Task<List<WireFrame>> PlayAsync(Attack attack, int twin, ClientEndpoint endpoint) =>
        AttackPlayer.PlayAsync(attack, sql => _server.ExecuteAsync(_databases[twin], sql), endpoint);

    private static IEnumerable<TestCaseData<Attack>> Attacks() =>
        Attack.ByNewestServers.Select(static attack => new TestCaseData<Attack>(attack).SetArgDisplayNames(attack.ToString()));
}
