using System.Text;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Attacks;

/// <summary>
/// Attempts of hostile readers, each with its verdict, against a real server on which the gateway's own user is a superuser: least privilege is
/// a wall of its own and must not be what makes these pass. The rules are an agent's: it may read and write, and sees everything masked.
/// </summary>
public sealed class AttackTests
{
    /// <summary>For the cases in schema.txt: whoever may change the schema does not see more for it.</summary>
    private static readonly AccessPolicy DesignerRules = new(
        [
            new AccessRule
            {
                Name = "designers",
                Risk = new RiskCondition
                {
                    Within = RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.BulkRead | RiskClasses.Write | RiskClasses.Session | RiskClasses.Schema,
                },
                Verdict = Verdict.Mask,
                Profile = MaskProfile.Redacted,
            },
        ],
        "designers");

    private PostgresServer _server = null!;
    private string _database = null!;
    private GatewayHarness _gateway = null!;
    private GatewayHarness _designers = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await PostgresServer.StartAsync();
        _database = await _server.CreateDatabaseAsync("attacked");
        await _server.ExecuteAsync(_database, AttackDatabase.Create);
        _gateway = await GatewayHarness.StartAsync(_server, _database, GatewayHarness.Masked(MaskProfile.Redacted), new AttackClassifier(), TestUser.Postgres);
        _designers = await GatewayHarness.StartAsync(_server, _database, DesignerRules, new AttackClassifier(), TestUser.Postgres);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _designers.DisposeAsync();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [TestCaseSource(nameof(Attacks))]
    public async Task No_value_comes_out(Attack attack)
    {
        var frames = await AttackPlayer.PlayAsync(attack, Direct, (attack.File == "schema" ? _designers : _gateway).Endpoint);

        Assert.That(frames.SelectMany(Leaks), Is.Empty, () => string.Join("\n", frames));
        Assert.That(AttackPlayer.VerdictOf(frames), Is.EqualTo(attack.Verdict), () => string.Join("\n", frames));
    }

    /// <summary>Otherwise a case that is wrong would look like one that is withstood.</summary>
    [TestCaseSource(nameof(MaskedAttacks))]
    public async Task Without_the_gateway_the_value_comes_out(Attack attack)
    {
        var frames = await AttackPlayer.PlayAsync(attack, Direct, _server.Endpoint(_database));

        Assert.That(frames.SelectMany(Leaks), Is.Not.Empty, () => string.Join("\n", frames));
    }

    private static IEnumerable<TestCaseData<Attack>> Attacks() => Named(Attack.All);

    private static IEnumerable<TestCaseData<Attack>> MaskedAttacks() =>
        Named(Attack.All.Where(attack => attack.Verdict is AttackVerdict.Masked or AttackVerdict.Failed));

    private static IEnumerable<TestCaseData<Attack>> Named(IEnumerable<Attack> attacks) =>
        attacks.Select(attack => new TestCaseData<Attack>(attack).SetArgDisplayNames(attack.ToString()));

    private Task Direct(string sql) => _server.ExecuteAsync(_database, sql);

    private static IEnumerable<string> Leaks(WireFrame frame)
    {
        var text = Encoding.Latin1.GetString(frame.Body);
        foreach (var canary in AttackDatabase.Canaries)
            if (text.Contains(canary, StringComparison.OrdinalIgnoreCase)
                || text.Contains(Convert.ToHexString(Encoding.ASCII.GetBytes(canary)), StringComparison.OrdinalIgnoreCase))
                yield return $"{canary} in {frame}";
    }
}
