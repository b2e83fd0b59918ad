using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Identity;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Identity;

/// <summary>Tokens that must not admit, each with the code that it gets. Every case but one starts from the same good token.</summary>
public sealed class HostileTokenTests
{
    private const string Issuer = "https://issuer.example";
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly HostileTokens Tokens = new(Issuer, new FakeTimeProvider(Now));

    private TemporaryDirectory _directory = null!;
    private TokenValidator _validator = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _directory = new TemporaryDirectory();
        var file = System.IO.Path.Combine(_directory.Path, "jwks.json");
        File.WriteAllText(file, Tokens.KeySet());
        _validator = new TokenValidator(
            [
                new IssuerOptions { Name = "main", Issuer = Issuer, Audiences = ["phigate"], JwksFile = file },
                new IssuerOptions { Name = "access-only", Issuer = Issuer + "/strict", Audiences = ["phigate"], JwksFile = file, Types = ["at+jwt"] },
                new IssuerOptions
                {
                    Name = "parties", Issuer = Issuer + "/parties", Audiences = ["phigate"], JwksFile = file, AuthorizedParties = ["client-a"],
                    AllowSeveralAudiences = true,
                },
                new IssuerOptions
                {
                    Name = "tenants", Issuer = Issuer + "/tenants", Audiences = ["phigate"], JwksFile = file,
                    RequiredClaims = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("tid", [HostileTokens.Tenant]),
                },
            ],
            new FakeTimeProvider(Now),
            NullLogger.Instance);
    }

    [OneTimeTearDown]
    public void End()
    {
        _validator.Dispose();
        _directory.Dispose();
    }

    private static IEnumerable<TestCaseData> Hostile() => Tokens.All().Select(token => new TestCaseData(token.Refusal, token.Make).SetArgDisplayNames(token.Name));

    [TestCaseSource(nameof(Hostile))]
    public async Task A_hostile_token_is_refused_with_its_code(RefusalKind refusal, Func<string> make)
    {
        var token = make();

        var outcome = await _validator.ValidateAsync(token, CancellationToken.None);

        Assert.That(outcome.Principal, Is.Null);
        Assert.That(outcome.Refusal!.Code, Is.EqualTo(refusal.Code), outcome.Detail);
        Assert.That(outcome.Detail, Is.Not.Empty);
    }

    [Test]
    public async Task The_good_token_that_they_start_from_admits()
    {
        var outcome = await _validator.ValidateAsync(Tokens.Sign(Tokens.Claims()), CancellationToken.None);

        Assert.That(outcome.Refusal, Is.Null, outcome.Detail);
        Assert.That(outcome.Principal!.ExpiresAt, Is.EqualTo(Now.AddMinutes(10)));
    }

    [Test]
    public async Task The_good_token_by_hand_admits_too() =>
        Assert.That((await _validator.ValidateAsync(Tokens.Raw(HostileTokens.GoodHeader, Tokens.GoodPayload()), CancellationToken.None)).Principal, Is.Not.Null);

    [TestCase("RS256")]
    [TestCase("PS256")]
    public async Task Rsa_tokens_admit(string algorithm) =>
        Assert.That((await _validator.ValidateAsync(Tokens.Sign(Tokens.Claims(), Tokens.Rsa, algorithm), CancellationToken.None)).Principal, Is.Not.Null);

    [Test]
    public async Task A_header_that_also_offers_keys_is_judged_by_the_issuers_own()
    {
        var token = Tokens.Raw("""{"alg":"ES256","kid":"key-1","jku":"https://evil.example/keys","x5u":"https://evil.example/x"}""", Tokens.GoodPayload());

        Assert.That((await _validator.ValidateAsync(token, CancellationToken.None)).Principal, Is.Not.Null);
    }

    [Test]
    public async Task Skew_is_forgiven_up_to_its_limit()
    {
        Assert.That((await _validator.ValidateAsync(Tokens.With("exp", Now.AddSeconds(-29).ToUnixTimeSeconds()), CancellationToken.None)).Refusal, Is.Null);
        Assert.That((await _validator.ValidateAsync(Tokens.With("nbf", Now.AddSeconds(29).ToUnixTimeSeconds()), CancellationToken.None)).Refusal, Is.Null);
    }

    [Test]
    public async Task Nothing_of_a_refused_token_is_in_what_is_recorded()
    {
        var token = Tokens.Tampered();

        var outcome = await _validator.ValidateAsync(token, CancellationToken.None);

        Assert.That(token.Split('.'), Has.None.Matches<string>(segment => outcome.Detail.Contains(segment!, StringComparison.Ordinal)));
    }
}
