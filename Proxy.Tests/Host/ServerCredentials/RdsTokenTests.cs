using System.Globalization;
using System.Text;
using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.ServerCredentials;

namespace Proxy.Tests.Host.ServerCredentials;

/// <summary>Our tokens against those of `aws rds generate-db-auth-token`, character by character.</summary>
public sealed class RdsTokenTests
{
    private static readonly string[] Regions = ["eu-central-1", "us-east-1", "ap-southeast-2", "us-gov-west-1", "cn-north-1"];
    private static readonly string[] Users = ["phigate", "ro_masked", "phi gate", "é+/=&?#%", "a.b-c_d~e@f"];
    private static readonly string?[] SessionTokens = [null, "FwoGZXIvYXdzEBYaD+/==", new('S', 900), "IQoJb3JpZ2luX2VjEA0aCWV1LWNlbnRyYWwtMSJHMEUCIQ/+="];

    [Test]
    public async Task Twenty_tokens_are_those_of_awscli()
    {
        var cases = Enumerable.Range(0, 20).Select(Case).ToArray();
        var theirs = await AwsCli.TokensAsync(cases);
        var ours = cases.Zip(theirs, (asked, token) =>
            Encoding.ASCII.GetString(RdsToken.Create(asked.Host, asked.Port, asked.Region, asked.User, asked.AccessKey, asked.SecretKey, asked.SessionToken, TimeOf(token))));
        Assert.That(theirs, Has.Length.EqualTo(20).And.All.Contains("X-Amz-Signature="));
        Assert.That(ours, Is.EqualTo(theirs));
    }

    [Test]
    public async Task A_token_is_used_for_fifteen_minutes_and_renewed_before()
    {
        var now = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
        var source = new RdsTokenSource(
            new NetworkAddress("db.abc.eu-central-1.rds.amazonaws.com", 5432), "eu-central-1", "phigate", () => new BasicAWSCredentials("AKID", "secret"),
            new FakeTimeProvider(now));
        var credential = await source.FetchAsync(CancellationToken.None);
        Assert.That(credential.Password.Reveal(), Is.EqualTo(
            Encoding.ASCII.GetString(RdsToken.Create("db.abc.eu-central-1.rds.amazonaws.com", 5432, "eu-central-1", "phigate", "AKID", "secret", null, now))));
        Assert.That((credential.UseUntil, credential.FreshUntil), Is.EqualTo((now.AddMinutes(15), now.AddMinutes(12))));
    }

    [TestCase("db.abc.eu-central-1.rds.amazonaws.com", "eu-central-1")]
    [TestCase("c.cluster-ro-abc.us-gov-west-1.rds.amazonaws.com", "us-gov-west-1")]
    [TestCase("db.abc.rds.cn-north-1.amazonaws.com.cn", null)]
    [TestCase("DB.abc.eu-west-1.RDS.amazonaws.com", "eu-west-1")]
    [TestCase("db.example.internal", null)]
    [TestCase("rds.amazonaws.com", null)]
    public void The_region_is_read_off_the_endpoint(string host, string? region) =>
        Assert.That(RdsRegion.Of(new RdsIamOptions(), new NetworkAddress(host, 5432)), Is.EqualTo(region));

    private static AwsCli.TokenCase Case(int i) => new(
        i % 7 == 6 ? "DB-1.Abc.eu-central-1.rds.amazonaws.com" : $"db-{i}.abc{i}.{Regions[i % Regions.Length]}.rds.amazonaws.com",
        i switch { 3 => 443, 4 => 80, _ => 5432 + i },
        Regions[i % Regions.Length], Users[i * 3 % Users.Length], $"AKIAIOSFODNN7EXAMPL{i}", $"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLE{i}", SessionTokens[i % SessionTokens.Length]);

    private static DateTimeOffset TimeOf(string token)
    {
        const string Name = "X-Amz-Date=";
        var written = token.Substring(token.IndexOf(Name, StringComparison.Ordinal) + Name.Length, 16);
        return DateTimeOffset.ParseExact(written, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }
}
