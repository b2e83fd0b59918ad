using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>
/// Clients that the real program turns away at sign-in, over TLS, with tokens of an issuer that it found by discovery: each reads its own error,
/// the journal has it, and the server has seen nobody.
/// </summary>
public sealed class HostileSignInTests
{
    /// <summary>The first word of the application name with which the catalogue is read.</summary>
    private const string Catalogue = "phigate";

    private const string Show = PhiGateOptions.ShowGroup;

    private PostgresServer _server = null!;
    private TestIdentityProvider _provider = null!;
    private PhiGateProcess _gateway = null!;
    private string _database = "";
    private int _admitted;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            LogStatements = true,
            Settings = new Dictionary<string, string> { ["log_connections"] = "on" },
        });
        _database = await _server.CreateDatabaseAsync();
        _provider = await TestIdentityProvider.StartAsync();
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = _server, Database = _database, Issuer = _provider.Issuer });
    }

    [OneTimeTearDown]
    public async Task End()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        if (_provider is not null) await _provider.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    private static IEnumerable<TestCaseData> Tokens()
    {
        yield return Case("An_expired_token", "28P01", "token-expired", provider => Token(provider, lifetime: TimeSpan.FromMinutes(-5)));
        yield return Case("A_token_that_is_not_valid_yet", "28P01", "token-not-yet-valid",
            provider => Token(provider, ("nbf", DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds())));
        yield return Case("A_token_for_another_audience", "28P01", "token-audience", provider => Token(provider, ("aud", "elsewhere")));
        yield return Case("A_token_for_another_audience_as_well", "28P01", "token-audience",
            provider => Token(provider, ("aud", new[] { TestIdentityProvider.Audience, "elsewhere" })));
        yield return Case("A_token_of_another_issuer", "28P01", "token-issuer", provider => Token(provider, ("iss", "https://elsewhere.test")));
        yield return Case("A_foreign_signature_under_the_issuers_key_name", "28P01", "token-signature", ForeignToken);
        yield return Case("A_token_of_a_key_that_the_issuer_does_not_publish", "28P01", "token-key",
            provider => provider.IssueToken(claims: Groups, signedBy: TestIdentityProvider.ForeignKey()));
        yield return Case("A_token_with_a_changed_claim", "28P01", "token-signature", ChangedToken);
        yield return Case("A_token_without_a_signature", "28P01", "token-malformed", provider => UnsignedToken(provider, ""));
        yield return Case("A_token_that_wants_no_algorithm", "28P01", "token-algorithm", provider => UnsignedToken(provider, "c2lnbmVk"));
        yield return Case("What_is_no_token", "28P01", "token-malformed", static _ => "hunter2");
        yield return Case("An_identity_that_no_rule_knows", "28000", "sign-in-not-allowed", provider => Token(provider, ("groups", new[] { "nobody" })));
    }

    [TestCaseSource(nameof(Tokens))]
    public async Task Admits_nobody(string sqlState, string code, Func<TestIdentityProvider, string> issue) =>
        await IsRefusedAsync(_database, issue(_provider), sqlState, code);

    [TestCase("nowhere")]
    [TestCase("{0}/nowhere")]
    [TestCase("nowhere/{0}")]
    [TestCase("{0}/")]
    [TestCase("template1")]
    public async Task A_database_that_no_target_has_is_unknown(string name) =>
        await IsRefusedAsync(name.Replace("{0}", _database, StringComparison.Ordinal), Token(_provider), "3D000", "target-unknown");

    [Test]
    public async Task Who_has_no_token_does_not_learn_which_targets_exist() =>
        await IsRefusedAsync("nowhere", Token(_provider, lifetime: TimeSpan.FromMinutes(-5)), "28P01", "token-expired");

    private async Task IsRefusedAsync(string database, string token, string sqlState, string code)
    {
        var recorded = Records().Count;
        var endpoint = _gateway.EndpointWith(token) with { Database = database };
        await using (var client = await WireClient.ConnectAsync(endpoint.Host, endpoint.Port))
        {
            await client.SendAsync(PostgresRequests.Startup("agent", database), PostgresRequests.Password(token));
            var before = await Answer.EndsWithFatalAsync(client, sqlState, code);
            Assert.That(string.Concat(before.Select(frame => frame.Type)), Is.EqualTo("R"), "more than the question for a password");
        }

        var records = Records()[recorded..];
        Assert.That(records.Select(record => record.Kind), Is.EqualTo(new[] { RecordKind.SignInRefused }));
        var record = (DecodedSignInRefused)records[0];
        Assert.Multiple(() =>
        {
            Assert.That((record.Code, record.Target), Is.EqualTo((code, database)));
            Assert.That(record.ClientAddress, Does.StartWith("127.0.0.1:"));
            Assert.That(record.Detail, Is.Not.Empty.And.Not.Contain(token));
        });
        Assert.That(await ConnectionsBesideTheAdmittedAsync(), Is.Empty, "the server has seen somebody");
    }

    /// <summary>The log is written by another process: a session that is admitted has to come by first.</summary>
    private async Task<IEnumerable<string>> ConnectionsBesideTheAdmittedAsync()
    {
        var name = $"admitted-{++_admitted}";
        var endpoint = _gateway.EndpointWith(Token(_provider));
        await using (var client = await WireClient.ConnectAsync(endpoint.Host, endpoint.Port))
        {
            await client.LogInAsync(
                PostgresRequests.Startup([("user", "agent"), ("database", _database), ("application_name", name)]), "agent", endpoint.Password);
            await Answer.IsServedAsync(client);
            await client.SendAsync(PostgresRequests.Terminate());
            Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        }

        await Eventually.IsTrueAsync(() => Task.FromResult(Records()[^1].Kind is RecordKind.SessionClosed), "the end of the session is recorded");
        while (true)
        {
            var connections = await _server.ReadConnectionLogAsync(TestUser.Scram);
            if (connections.Contains(name)) return connections.Where(by => by != Catalogue && !by.StartsWith("admitted-", StringComparison.Ordinal));
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    private List<DecodedRecord> Records()
    {
        using var reader = new JournalReader(_gateway.JournalDirectory);
        var records = new List<DecodedRecord>();
        while (reader.Read() is not JournalReadResult.End)
            records.Add(RecordDecoder.Decode(reader.Entry));
        return records;
    }

    private static Dictionary<string, object?> Groups => new() { ["groups"] = new[] { Show } };

    private static string Token(TestIdentityProvider provider, (string Name, object Value)? claim = null, TimeSpan? lifetime = null)
    {
        var claims = Groups;
        if (claim is { } other) claims[other.Name] = other.Value;
        return provider.IssueToken(claims: claims, lifetime: lifetime);
    }

    private static string ForeignToken(TestIdentityProvider provider)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return provider.IssueToken(claims: Groups, signedBy: new ECDsaSecurityKey(key) { KeyId = new JsonWebToken(Token(provider)).Kid });
    }

    /// <summary>Somebody else's subject under the signature of one's own token.</summary>
    private static string ChangedToken(TestIdentityProvider provider)
    {
        var (own, other) = (Token(provider).Split('.'), Token(provider, ("sub", "somebody-else")).Split('.'));
        return $"{own[0]}.{other[1]}.{own[2]}";
    }

    private static string UnsignedToken(TestIdentityProvider provider, string signature) =>
        $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{Token(provider).Split('.')[1]}.{signature}";

    private static TestCaseData Case(string name, string sqlState, string code, Func<TestIdentityProvider, string> issue) =>
        new TestCaseData(sqlState, code, issue).SetName($"{name}_admits_nobody");
}
