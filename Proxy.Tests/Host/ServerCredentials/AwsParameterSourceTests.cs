using Amazon.Runtime;
using Amazon.SimpleSystemsManagement;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Host.ServerCredentials;
using Proxy.Protocols;

namespace Proxy.Tests.Host.ServerCredentials;

/// <summary>Parameters and secrets of AWS, from an endpoint that answers as Systems Manager does.</summary>
public sealed class AwsParameterSourceTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private ParameterStoreEndpoint _aws = null!;

    [SetUp]
    public void Start() => _aws = new ParameterStoreEndpoint();

    [TearDown]
    public async Task End() => await _aws.DisposeAsync();

    [Test]
    public async Task A_parameter_is_the_password_and_is_asked_for_decrypted()
    {
        _aws.Parameters["/phigate/hospital"] = "p w";
        var credential = await Source("/phigate/hospital").FetchAsync(CancellationToken.None);
        Assert.That((credential.User, credential.Password.Reveal(), credential.UseUntil, credential.FreshUntil),
            Is.EqualTo(((string?)null, "p w", (DateTimeOffset?)null, Now.AddSeconds(60))));
        var asked = _aws.Requests.Single();
        Assert.That((asked.Name, asked.Decrypts), Is.EqualTo(("/phigate/hospital", true)));
        Assert.That(asked.Authorization, Does.StartWith("AWS4-HMAC-SHA256 Credential=AKIDTEST/").And.Contain("/eu-central-1/ssm/aws4_request"));
    }

    [Test]
    public async Task A_secret_of_Secrets_Manager_brings_its_user()
    {
        _aws.Parameters["/aws/reference/secretsmanager/prod/hospital"] =
            """{"engine":"postgres","host":"db","username":"phigate_clone","password":"p","port":5432,"masterarn":null}""";
        var credential = await Source(AwsParameterSource.SecretsPrefix + "prod/hospital").FetchAsync(CancellationToken.None);
        Assert.That((credential.User, credential.Password.Reveal()), Is.EqualTo(("phigate_clone", "p")));
    }

    [TestCase("AccessDeniedException")]
    [TestCase("ThrottlingException")]
    public void What_AWS_refuses_is_named_by_its_code(string code)
    {
        _aws.Error = code;
        Assert.That(
            async () => await Source(AwsParameterSource.SecretsPrefix + "prod/hospital").FetchAsync(CancellationToken.None),
            Throws.InstanceOf<ServerCredentialException>().With.Message.EqualTo($"AWS secret prod/hospital: AWS answered {code}"));
    }

    [TestCase("")]
    [TestCase("""{"username":"canary-5512"}""")]
    [TestCase("""{"password":"canary-5512" """)]
    public async Task A_value_that_is_no_credential_is_not_repeated(string value)
    {
        _aws.Parameters["p"] = value;
        var failure = await Assert.CatchAsync<ServerCredentialException>(() => Source("p").FetchAsync(CancellationToken.None));
        Assert.That(failure!.ToString(), Does.Contain("AWS parameter p: ").And.Not.Contain("canary-5512"));
    }

    [Test]
    public async Task An_AWS_that_cannot_be_reached_is_no_credential()
    {
        await _aws.DisposeAsync();
        Assert.That(async () => await Source("p").FetchAsync(CancellationToken.None), Throws.InstanceOf<ServerCredentialException>());
    }

    private AwsParameterSource Source(string name) => new(
        () => new AmazonSimpleSystemsManagementClient(
            new BasicAWSCredentials("AKIDTEST", "secret"),
            new AmazonSimpleSystemsManagementConfig { ServiceURL = _aws.Url, AuthenticationRegion = "eu-central-1", MaxErrorRetry = 0 }),
        name, TimeSpan.FromSeconds(60), new FakeTimeProvider(Now));
}
