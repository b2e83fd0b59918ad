using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Identity;
using Proxy.Tests.Host.Configuration;

namespace Proxy.Tests.Host.Identity;

/// <summary>The entries of config/issuers, read as an operator's, and what they make of a token of their kind.</summary>
public sealed class IssuerExampleTests
{
    private static readonly RsaSecurityKey Key = new(RSA.Create(2048)) { KeyId = "key-1" };

    private static string KeySet()
    {
        var parameters = Key.Rsa.ExportParameters(includePrivateParameters: false);
        return $$"""{"keys":[{"kty":"RSA","kid":"key-1","n":"{{Base64UrlEncoder.Encode(parameters.Modulus)}}","e":"{{Base64UrlEncoder.Encode(parameters.Exponent)}}"}]}""";
    }

    private static Dictionary<string, object> Claims(string provider) => provider switch
    {
        "github-actions" => new()
        {
            ["sub"] = "repo:example/infrastructure:ref:refs/heads/main",
            ["repository"] = "example/infrastructure",
            ["repository_id"] = "123456789",
            ["job_workflow_ref"] = "example/infrastructure/.github/workflows/report.yml@refs/heads/main",
            ["actor"] = "kim",
            ["run_id"] = "42",
            ["environment"] = "production",
        },
        "kubernetes" => new()
        {
            ["sub"] = "system:serviceaccount:agents:report-writer",
            ["kubernetes.io"] = new Dictionary<string, object>
            {
                ["namespace"] = "agents",
                ["pod"] = new Dictionary<string, object> { ["name"] = "writer-1", ["uid"] = "pod-uid" },
                ["serviceaccount"] = new Dictionary<string, object> { ["name"] = "report-writer", ["uid"] = "account-uid" },
            },
        },
        "aws" => new()
        {
            ["sub"] = "arn:aws:iam::123456789012:role/Reports",
            ["https://sts.amazonaws.com/"] = new Dictionary<string, object>
            {
                ["aws_account"] = "123456789012",
                ["org_id"] = "o-1",
                ["principal_id"] = "arn:aws:iam::123456789012:role/Reports",
                ["request_tags"] = new Dictionary<string, object> { ["task"] = "nightly" },
            },
        },
        "entra" => new()
        {
            ["sub"] = "pairwise",
            ["oid"] = "object-1",
            ["tid"] = "11111111-1111-1111-1111-111111111111",
            ["azp"] = "client-1",
            ["preferred_username"] = "kim@example.com",
            ["groups"] = new[] { "group-1", "group-2" },
            ["ver"] = "2.0",
        },
        _ => new() { ["sub"] = "kim@example.com", ["cid"] = "client-1", ["uid"] = "user-1", ["scp"] = new[] { "phigate.query" }, ["groups"] = new[] { "agents" } },
    };

    private static async Task<IssuerOptions> IssuerAsync(ConfigurationDirectory directory, string provider)
    {
        const string Behind = "# A limit on everything.";
        var lines = await File.ReadAllLinesAsync(Path.Combine(ConfigurationDirectory.RepositoryRoot, "config", "issuers", provider + ".yaml"));
        var entry = string.Join('\n', lines.Select(line => (line.StartsWith("name:", StringComparison.Ordinal) ? "    - " : "      ") + line));
        directory.Replace("gateway.yaml", Behind, $"{entry}\n\n{Behind}");
        directory.Write("identity/kubernetes.jwks.json", KeySet());
        directory.Write("keys.json", KeySet());
        var reading = await directory.ReadAsync();
        Assert.That(reading.Errors, Is.Empty);
        return reading.Snapshot!.Issuers[^1] with { JwksFile = Path.Combine(directory.Path, "keys.json") };
    }

    private static async Task<TokenOutcome> ValidateAsync(string provider, Action<Dictionary<string, object>>? change = null)
    {
        using var directory = new ConfigurationDirectory();
        var issuer = await IssuerAsync(directory, provider);
        var now = DateTimeOffset.UtcNow;
        var claims = Claims(provider);
        claims["iss"] = issuer.Issuer;
        claims["aud"] = issuer.Audiences[0];
        claims["iat"] = now.ToUnixTimeSeconds();
        claims["exp"] = now.AddMinutes(5).ToUnixTimeSeconds();
        change?.Invoke(claims);
        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor { Claims = claims, SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.RsaSha256) });
        using var validator = new TokenValidator([issuer], TimeProvider.System, NullLogger.Instance);
        return await validator.ValidateAsync(token, CancellationToken.None);
    }

    [TestCase("github-actions", "agent=example/infrastructure/.github/workflows/report.yml@refs/heads/main Verified; human=kim Verified; task=42 Verified; workload=example/infrastructure Verified; groups=production")]
    [TestCase("kubernetes", "agent=system:serviceaccount:agents:report-writer Verified; human=kim@example.com Mapped; task= Verified; workload=pod-uid Verified; groups=agents")]
    [TestCase("aws", "agent=arn:aws:iam::123456789012:role/Reports Verified; human= Verified; task=nightly SelfDeclared; workload=arn:aws:iam::123456789012:role/Reports Verified; groups=o-1")]
    [TestCase("entra", "agent=client-1 Verified; human=kim@example.com Verified; task= Verified; workload= Verified; groups=group-1,group-2")]
    [TestCase("okta", "agent=client-1 Verified; human=user-1 Verified; task= Verified; workload= Verified; groups=agents")]
    public async Task A_token_of_its_kind_becomes_this_identity(string provider, string expected)
    {
        var outcome = await ValidateAsync(provider);

        Assert.That(outcome.Refusal, Is.Null, outcome.Detail);
        var who = outcome.Principal!;
        Assert.That(
            $"agent={who.Agent} {who.Marks.Agent}; human={who.Human} {who.Marks.Human}; task={who.Task} {who.Marks.Task}; workload={who.Workload} {who.Marks.Workload}; groups={string.Join(',', who.Groups)}",
            Is.EqualTo(expected));
    }

    [Test]
    public async Task A_job_of_five_minutes_of_token_has_an_hour_of_session() =>
        Assert.That((await ValidateAsync("github-actions")).Principal!.ExpiresAt, Is.GreaterThan(DateTimeOffset.UtcNow.AddMinutes(50)));

    [TestCase("github-actions", "repository_id", "987654321")]
    [TestCase("github-actions", "job_workflow_ref", "example/infrastructure/.github/workflows/report.yml@refs/heads/a-branch")]
    [TestCase("entra", "tid", "33333333-3333-3333-3333-333333333333")]
    [TestCase("okta", "scp", "another.scope")]
    public async Task A_token_of_somebody_else_at_the_same_issuer_is_refused(string provider, string claim, string value) =>
        Assert.That((await ValidateAsync(provider, claims => claims[claim] = value)).Refusal?.Code, Is.EqualTo(Refusals.TokenClaims.Code));

    [Test]
    public async Task Groups_that_were_too_many_for_the_token_are_not_taken_for_none() =>
        Assert.That(
            (await ValidateAsync("entra", claims =>
            {
                claims.Remove("groups");
                claims["_claim_names"] = new Dictionary<string, object> { ["groups"] = "src1" };
            })).Refusal?.Code,
            Is.EqualTo(Refusals.TokenClaims.Code));
}
