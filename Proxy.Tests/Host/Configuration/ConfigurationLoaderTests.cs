using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Host.Configuration;
using Proxy.Host.Configuration.Gateway;

namespace Proxy.Tests.Host.Configuration;

public sealed class ConfigurationLoaderTests
{
    private ConfigurationDirectory _directory = null!;

    [SetUp]
    public void Start() => _directory = new ConfigurationDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    private async Task<ConfigurationSnapshot> LoadAsync()
    {
        var reading = await _directory.ReadAsync();
        Assert.That(reading.Errors, Is.Empty);
        return reading.Snapshot!;
    }

    [Test]
    public async Task The_sample_loads_and_says_what_it_says()
    {
        var snapshot = await LoadAsync();

        var target = snapshot.Targets["hospital"];
        Assert.That(target.Name, Is.EqualTo("hospital"));
        Assert.That(target.Address, Is.EqualTo(new NetworkAddress("db.example.internal", 5432)));
        Assert.That(target.Tls.Mode, Is.EqualTo(TargetTlsMode.VerifyFull));
        Assert.That(target.Credential.File, Is.EqualTo(Path.Combine(_directory.Path, "secrets", "hospital.password")));
        Assert.That(snapshot.Listeners.Single().Address, Is.EqualTo(new NetworkAddress("127.0.0.1", 6432)));
        Assert.That(snapshot.Issuers.Single().Audiences, Is.EqualTo(new[] { "phigate" }));
        Assert.That(
            snapshot.Policy.Rules.Select(rule => rule.Name),
            Is.EqualTo(new[] { "nobody-changes-rights", "on-call-humans-write-in-office-hours", "agents-read" }));
        Assert.That((snapshot.Policy.Version, snapshot.Author), Is.EqualTo((snapshot.Version, "security@example.org")));
    }

    [Test]
    public async Task Every_default_that_the_sample_shows_is_the_default_of_the_code()
    {
        var snapshot = await LoadAsync();
        var issuer = snapshot.Issuers.Single();
        var bare = new IssuerOptions { Name = issuer.Name, Issuer = issuer.Issuer, Audiences = issuer.Audiences };

        Assert.That(snapshot.Limits, Is.EqualTo(new LimitOptions()));
        Assert.That(snapshot.Gateway.Admin, Is.EqualTo(new AdminOptions { Socket = Path.Combine(_directory.Path, "journal", "phigate.sock") }));
        var desk = snapshot.Gateway.Credentials!;
        Assert.That(desk, Is.EqualTo(new CredentialDeskOptions { Address = desk.Address, Tls = desk.Tls, PublicAddress = desk.PublicAddress }));
        Assert.That(snapshot.Gateway.Journal, Is.EqualTo(new JournalOptions { Directory = Path.Combine(_directory.Path, "journal") }));
        Assert.That(issuer.Keys, Is.EqualTo(bare.Keys));
        Assert.That(issuer.Claims, Is.EqualTo(bare.Claims));
        Assert.That(issuer.Algorithms, Is.EqualTo(bare.Algorithms));
        Assert.That(issuer.Types, Is.EqualTo(bare.Types));
        Assert.That(
            (issuer.ClockSkewSeconds, issuer.TokenLifetimeSecondsMax, issuer.SessionLifetimeSecondsMax, issuer.AllowSeveralAudiences),
            Is.EqualTo((bare.ClockSkewSeconds, bare.TokenLifetimeSecondsMax, bare.SessionLifetimeSecondsMax, bare.AllowSeveralAudiences)));
    }

    [Test]
    public async Task Exact_names_come_before_patterns_and_what_nobody_reviewed_stays_unreviewed()
    {
        var hospital = (await LoadAsync()).Classification["hospital"];

        Assert.That(hospital.Classify("public", "patients", "ssn", "text"), Is.EqualTo(IdentifierClass.SocialSecurityNumber));
        Assert.That(hospital.Classify("public", "patients", "id", "jsonb"), Is.EqualTo(IdentifierClass.NotPhi));
        Assert.That(hospital.Classify("audit", "mails", "email", "text"), Is.EqualTo(IdentifierClass.Email));
        Assert.That(hospital.Classify("reporting", "beds", "free_count", "bigint"), Is.EqualTo(IdentifierClass.NotPhi));
        Assert.That(hospital.Classify("reporting", "beds", "free_count", "text"), Is.EqualTo(IdentifierClass.Unreviewed));
        Assert.That(hospital.Classify("public", "patients", "SSN", "text"), Is.EqualTo(IdentifierClass.Unreviewed));
        Assert.That(hospital.MatcherFor("public", "patients", "ssn", "text")!.Origin, Does.Match(@"^classification\.yaml:\d+:9$"));
    }

    [Test]
    public async Task The_sample_rules_decide_as_their_comments_say()
    {
        var policy = (await LoadAsync()).Policy;
        var monday = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
        var agent = new Principal { Issuer = "https://login.example.com/agents", Subject = "a", ExpiresAt = monday };
        var onCall = agent with { Human = "kim", Groups = ["oncall"] };

        var read = policy.Decide(agent, "hospital", "hospital", RiskClasses.Read | RiskClasses.PhiRead, monday);
        var write = policy.Decide(onCall, "hospital", "hospital", RiskClasses.Write, monday);

        Assert.That((read.Verdict, read.Profile, read.Rule), Is.EqualTo((Verdict.Mask, MaskProfile.Redacted, "agents-read")));
        Assert.That((write.Verdict, write.Profile), Is.EqualTo((Verdict.Mask, MaskProfile.Pseudonymous)));
        Assert.That(policy.Decide(onCall, "hospital", "hospital", RiskClasses.Write, monday.AddDays(5)).IsForwarded, Is.False);
        Assert.That(policy.Decide(agent, "hospital", "hospital", RiskClasses.Write, monday).IsForwarded, Is.False);
        Assert.That(policy.Decide(agent, "hospital", "hospital", RiskClasses.Read | RiskClasses.Export, monday).Rule, Is.EqualTo("nobody-changes-rights"));
        Assert.That(policy.For(agent, "hospital", "hospital").Session.ReadOnly);
        Assert.That(
            policy.For(agent, "hospital", "hospital").Budget,
            Is.EqualTo(new Budget { PhiRows = 5000, PhiLiterals = 200, Bytes = 104857600, Refusals = 500 }));
    }

    [Test]
    public async Task Any_changed_byte_makes_another_version_and_the_same_bytes_the_same()
    {
        var first = await LoadAsync();
        var again = await LoadAsync();
        _directory.Write("rules.yaml", _directory.Read("rules.yaml") + "# checked\n");
        var changed = await LoadAsync();

        Assert.That(again.Version, Is.EqualTo(first.Version));
        Assert.That(changed.Version, Is.Not.EqualTo(first.Version));
        Assert.That(changed.GatewayVersion, Is.EqualTo(first.GatewayVersion));
    }

    [Test]
    public async Task A_secret_is_read_when_needed_and_does_not_print()
    {
        var target = (await LoadAsync()).Targets["hospital"];
        _directory.Write("secrets/hospital.password", "rotated\n");

        var secret = await CredentialReader.ReadAsync(target.Credential, CancellationToken.None);

        Assert.That(secret.Reveal(), Is.EqualTo("rotated"));
        Assert.That($"{secret}", Does.Not.Contain("rotated"));
    }

    [Test]
    public async Task A_secret_is_read_whole_however_long_it_is([Values(1, 2047, 2048, 2049, 65_536)] int length)
    {
        var target = (await LoadAsync()).Targets["hospital"];
        var content = string.Concat(Enumerable.Range(0, length).Select(static i => (char)('a' + (i % 26))));
        _directory.Write("secrets/hospital.password", content);

        var secret = await CredentialReader.ReadAsync(target.Credential, CancellationToken.None);

        Assert.That(secret.Reveal(), Is.EqualTo(content));
    }

    [Test]
    public async Task A_secret_that_is_too_long_is_refused_by_the_name_of_its_file()
    {
        var target = (await LoadAsync()).Targets["hospital"];
        _directory.Write("secrets/hospital.password", new string('a', 65_537));

        Assert.That(
            async () => await CredentialReader.ReadAsync(target.Credential, CancellationToken.None),
            Throws.InstanceOf<IOException>().With.Message.Contains("hospital.password is larger than 65536 bytes"));
    }

    [Test]
    public async Task Errors_of_all_three_files_are_reported_at_once_in_the_order_of_files_and_lines()
    {
        var listener = _directory.Replace("gateway.yaml", "    address: 127.0.0.1:6432 ", "    adress: 127.0.0.1:6432 ");
        var limit = _directory.Replace("gateway.yaml", "sessions-max: 5000", "sessions-max: 0");
        var masked = _directory.Replace("classification.yaml", "ssn: social-security-number", "ssn: social-security");
        var verdict = _directory.Replace("rules.yaml", "verdict: refuse", "verdict: deny");

        var reading = await _directory.ReadAsync();

        Assert.That(reading.Snapshot, Is.Null);
        Assert.That(reading.Errors.Select(error => (error.File, error.Line)).Distinct(), Is.EqualTo(new[]
        {
            ("gateway.yaml", listener - 2), ("gateway.yaml", listener), ("gateway.yaml", limit),
            ("classification.yaml", masked), ("rules.yaml", verdict),
        }));
    }

    [Test]
    public async Task A_schema_that_binds_has_a_record_for_every_key()
    {
        // Binding refuses a key that the schema knows and the records do not: the sample shows every key, the commented ones included.
        var uncommented = _directory.Read("gateway.yaml")
            .Replace("# target: hospital", "target: hospital", StringComparison.Ordinal)
            .Replace("# server-name:", "server-name:", StringComparison.Ordinal)
            .Replace("# authorized-parties:", "authorized-parties:", StringComparison.Ordinal)
            .Replace("# metadata-address:", "metadata-address:", StringComparison.Ordinal)
            .Replace("# agent: [", "agent: [", StringComparison.Ordinal)
            .Replace("# human: [", "human: [", StringComparison.Ordinal);
        _directory.Write("gateway.yaml", uncommented);

        var snapshot = await LoadAsync();

        Assert.That(snapshot.Listeners.Single().Target, Is.EqualTo("hospital"));
        Assert.That(snapshot.Issuers.Single().Claims.Agent!.Value, Is.EqualTo(new[] { "/act/sub", "azp", "client_id" }));
    }

    [Test]
    public void Every_identifier_class_that_the_schema_allows_is_known_to_the_code_and_the_other_way_round()
    {
        var schema = System.Text.Json.Nodes.JsonNode.Parse(
            File.ReadAllText(Path.Combine(ConfigurationDirectory.RepositoryRoot, "schemas", "classification.schema.json")));
        var allowed = schema!["$defs"]!["class"]!["enum"]!.AsArray().Select(name => name!.GetValue<string>());

        Assert.That(allowed, Is.EquivalentTo(IdentifierClassNames.Accepted));
    }
}
