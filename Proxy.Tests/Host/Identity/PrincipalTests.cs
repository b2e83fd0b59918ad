using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Identity;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Identity;

/// <summary>Who a token says is asking.</summary>
public sealed class PrincipalTests
{
    private TemporaryDirectory _directory = null!;
    private DevelopmentKey _key = null!;

    [SetUp]
    public void Start()
    {
        _directory = new TemporaryDirectory();
        _key = DevelopmentKey.OpenOrCreate(_directory.Path);
    }

    [TearDown]
    public void End()
    {
        _key.Dispose();
        _directory.Dispose();
    }

    private async Task<Principal> AdmitAsync(DevelopmentTokenRequest request, ClaimMapOptions? claims = null, int sessionSeconds = 43200)
    {
        var issuer = new IssuerOptions
        {
            Name = "development",
            Issuer = DevelopmentTokenRequest.DefaultIssuer,
            Audiences = [DevelopmentTokenRequest.DefaultAudience],
            JwksFile = _directory.Combine(DevelopmentKey.KeySetFileName),
            SessionLifetimeSecondsMax = sessionSeconds,
            Claims = claims ?? new ClaimMapOptions(),
        };
        using var validator = new TokenValidator([issuer], TimeProvider.System, NullLogger.Instance);
        var outcome = await validator.ValidateAsync(_key.Sign(request, DateTimeOffset.UtcNow), CancellationToken.None);
        Assert.That(outcome.Refusal, Is.Null, outcome.Detail);
        return outcome.Principal!;
    }

    [Test]
    public async Task A_token_without_delegation_names_an_agent_and_no_human()
    {
        var principal = await AdmitAsync(new DevelopmentTokenRequest { Subject = "service", Agent = "client-7", Groups = ["a", "b"] });

        Assert.That((principal.Subject, principal.Agent, principal.Human), Is.EqualTo(("service", "client-7", (string?)null)));
        Assert.That(principal.Groups, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(principal.TokenId, Is.Not.Null);
    }

    [Test]
    public async Task A_token_of_delegation_names_the_actor_as_agent_and_the_subject_as_human()
    {
        var principal = await AdmitAsync(new DevelopmentTokenRequest { Subject = "agent-1", Human = "kim" });

        Assert.That((principal.Subject, principal.Agent, principal.Human), Is.EqualTo(("kim", "agent-1", "kim")));
    }

    [Test]
    public async Task The_operator_can_name_the_claims()
    {
        var map = new ClaimMapOptions { Agent = ["missing", "/act/sub"], Human = ["sponsor"], Groups = "roles" };
        var request = new DevelopmentTokenRequest { Subject = "agent-1", Human = "sam", Claims = new Dictionary<string, string> { ["sponsor"] = "kim", ["roles"] = "dba" }.ToImmutableDictionary() };

        var principal = await AdmitAsync(request, map);

        Assert.That((principal.Agent, principal.Human), Is.EqualTo(("agent-1", "kim")));
        Assert.That(principal.Groups, Is.EqualTo(new[] { "dba" }));
    }

    [Test]
    public async Task Simple_claims_are_there_for_rules_to_ask()
    {
        var principal = await AdmitAsync(new DevelopmentTokenRequest { Subject = "a", Claims = new Dictionary<string, string> { ["purpose"] = "support" }.ToImmutableDictionary() });

        Assert.That(principal.Claims["purpose"], Is.EqualTo(new[] { "support" }));
        Assert.That(principal.Claims.Keys, Has.None.EqualTo("sub"));
    }

    [Test]
    public async Task A_session_ends_with_the_issuers_limit_when_that_is_sooner()
    {
        var principal = await AdmitAsync(new DevelopmentTokenRequest { Subject = "a", LifetimeSeconds = 3600 }, sessionSeconds: 60);

        Assert.That(principal.ExpiresAt, Is.LessThan(DateTimeOffset.UtcNow.AddMinutes(2)));
    }

    [Test]
    public void The_key_file_is_its_owners_alone_and_a_key_that_others_can_read_is_refused()
    {
        var path = _directory.Combine(DevelopmentKey.KeyFileName);
        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.That(() => DevelopmentKey.OpenOrCreate(_directory.Path), Throws.InstanceOf<IOException>().With.Message.Contains("0600"));
    }

    [Test]
    public void The_key_set_holds_no_private_part_and_the_key_is_kept()
    {
        using var again = DevelopmentKey.OpenOrCreate(_directory.Path);

        Assert.That(again.KeyId, Is.EqualTo(_key.KeyId));
        Assert.That(File.ReadAllText(_directory.Combine(DevelopmentKey.KeySetFileName)), Does.Not.Contain("\"d\":"));
    }
}
