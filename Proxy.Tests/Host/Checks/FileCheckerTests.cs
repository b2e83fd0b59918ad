using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Host.Checks;
using Proxy.Tests.Host.Configuration;

namespace Proxy.Tests.Host.Checks;

public sealed class FileCheckerTests
{
    private ConfigurationDirectory _directory = null!;

    [SetUp]
    public void Start() => _directory = new ConfigurationDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    private Task<CheckFindings> CheckAsync(TimeSpan later = default) =>
        new ConfigurationCheck(new FakeTimeProvider(DateTimeOffset.UtcNow + later), inspector: null).RunAsync(_directory.Path, CancellationToken.None);

    [Test]
    public async Task The_files_of_a_good_directory_have_no_errors() =>
        Assert.That((await CheckAsync()).Errors, Is.Empty);

    [Test]
    public async Task An_expired_certificate_is_an_error() =>
        Assert.That(
            (await CheckAsync(TimeSpan.FromDays(400))).Errors.Select(error => error.Message.StartsWith("the certificate expired at", StringComparison.Ordinal)),
            Is.EqualTo(new[] { true, true }), "the listener's and the HTTPS endpoint's");

    [Test]
    public async Task A_certificate_about_to_expire_is_a_warning() =>
        Assert.That((await CheckAsync(TimeSpan.FromDays(360))).Warnings.Select(warning => warning.Message), Has.Some.StartsWith("the certificate expires at"));

    [Test]
    public async Task A_key_of_another_certificate_is_an_error()
    {
        using var other = new ConfigurationDirectory();
        _directory.Write("tls/server.key", other.Read("tls/server.key"));

        Assert.That((await CheckAsync()).Errors.Single().Message, Does.Contain("do not belong together"));
    }

    [TestCase("AAAA", "the key has 3 bytes; at least 32 are needed")]
    [TestCase("not base64!", "the key is not base64")]
    public async Task A_masking_key_that_cannot_be_used_is_an_error(string key, string message)
    {
        _directory.Write("secrets/masking.key", key);

        Assert.That((await CheckAsync()).Errors.Single().Message, Is.EqualTo(message));
    }

    [Test]
    public async Task A_secret_that_everybody_can_read_is_a_warning()
    {
        File.SetUnixFileMode(Path.Combine(_directory.Path, "secrets/hospital.password"), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Assert.That((await CheckAsync()).Warnings.Select(warning => warning.Message), Has.Some.Contains("hospital.password can be read by every user"));
    }

    [TestCase(UnixFileMode.OtherWrite, 1)]
    [TestCase(UnixFileMode.OtherRead, 0)]
    public async Task Keys_of_an_issuer_that_everybody_can_write_are_an_error(UnixFileMode mode, int errors)
    {
        _directory.Write("identity/company.jwks.json", "{}");
        File.SetUnixFileMode(Path.Combine(_directory.Path, "identity/company.jwks.json"), UnixFileMode.UserRead | mode);
        _directory.Replace("gateway.yaml", "# jwks-file: identity/company.jwks.json ", "jwks-file: identity/company.jwks.json ");

        Assert.That((await CheckAsync()).Errors.Count(error => error.Message.Contains("company.jwks.json can be written by every user", StringComparison.Ordinal)), Is.EqualTo(errors));
    }
}
