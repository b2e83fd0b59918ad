using System.Text;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Attacks;

/// <summary>
/// Attempts to learn of a value without being shown it: by the number of rows, by NULL, by an error. Each is played on two hospitals that differ in
/// PHI alone. Through the gateway both give the same bytes under the shipped policies' classes of risk; without it they differ, or the
/// case would prove nothing. Cases in lookups.txt compare whole values, which the policy "lookup" permits by design.
/// </summary>
public sealed class InferenceTests
{
    private const RiskClasses Strict =
        RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.BulkRead | RiskClasses.Write | RiskClasses.BulkWrite | RiskClasses.Session;

    private const RiskClasses Lookup = Strict | RiskClasses.PhiEquality | RiskClasses.PhiOrdering | RiskClasses.PhiGrouping;

    private readonly string[] _databases = new string[2];
    private readonly GatewayHarness[] _strict = new GatewayHarness[2];
    private readonly GatewayHarness[] _lookup = new GatewayHarness[2];
    private PostgresServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await PostgresServer.StartAsync();
        for (var i = 0; i < 2; i++)
        {
            _databases[i] = await _server.CreateDatabaseAsync("twins");
            await _server.ExecuteAsync(_databases[i], AttackDatabase.Create);
            if (i == 1)
                await _server.ExecuteAsync(_databases[i], AttackDatabase.Twin);
            _strict[i] = await GatewayHarness.StartAsync(_server, _databases[i], Rules(Strict), new AttackClassifier(), TestUser.Postgres);
            // Redacted, because tokens differ where values do.
            _lookup[i] = await GatewayHarness.StartAsync(_server, _databases[i], Rules(Lookup), new AttackClassifier(), TestUser.Postgres);
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (var gateway in _strict.Concat(_lookup))
            await gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [TestCaseSource(nameof(Attacks))]
    public async Task Under_strict_no_answer_tells_the_hospitals_apart(Attack attack) => await AssertTellsNothingAsync(attack, _strict);

    [TestCaseSource(nameof(OtherThanLookups))]
    public async Task Nor_under_lookup(Attack attack) => await AssertTellsNothingAsync(attack, _lookup);

    [TestCaseSource(nameof(Attacks))]
    public async Task Without_the_gateway_they_differ(Attack attack)
    {
        var one = Said(await PlayAsync(attack, 0, _server.Endpoint(_databases[0])));
        var other = Said(await PlayAsync(attack, 1, _server.Endpoint(_databases[1])));

        Assert.That(one, Is.Not.EqualTo(other));
    }

    private async Task AssertTellsNothingAsync(Attack attack, GatewayHarness[] gateways)
    {
        var one = await PlayAsync(attack, 0, gateways[0].Endpoint);
        var other = await PlayAsync(attack, 1, gateways[1].Endpoint);

        Assert.That(Said(one), Is.EqualTo(Said(other)));
        Assert.That(AttackPlayer.VerdictOf(one), Is.EqualTo(attack.Verdict), () => string.Join("\n", one));
    }

    private Task<List<WireFrame>> PlayAsync(Attack attack, int twin, ClientEndpoint endpoint) =>
        AttackPlayer.PlayAsync(attack, sql => _server.ExecuteAsync(_databases[twin], sql), endpoint);

    /// <summary>All but the descriptions of columns, which name relations by numbers of the database, and a refusal's number.</summary>
    internal static string Said(List<WireFrame> frames)
    {
        var said = new StringBuilder();
        foreach (var frame in frames)
            said.Append(frame.Type).Append(' ').AppendLine(frame.Type switch
            {
                'T' => "",
                WireFrame.ErrorResponse or 'N' => $"{frame.Field('C')} {frame.Field('M')}",
                _ => Encoding.Latin1.GetString(frame.Body),
            });
        return said.ToString();
    }

    private static AccessPolicy Rules(RiskClasses within) =>
        new([new AccessRule { Name = "agents", Risk = new RiskCondition { Within = within }, Verdict = Verdict.Mask, Profile = MaskProfile.Redacted }], "twins");

    private static IEnumerable<TestCaseData<Attack>> Attacks() => Named(Attack.Inferences);

    private static IEnumerable<TestCaseData<Attack>> OtherThanLookups() => Named(Attack.Inferences.Where(static attack => attack.File != "lookups"));

    private static IEnumerable<TestCaseData<Attack>> Named(IEnumerable<Attack> attacks) =>
        attacks.Select(attack => new TestCaseData<Attack>(attack).SetArgDisplayNames(attack.ToString()));
}
