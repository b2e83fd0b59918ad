using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.ServerCredentials;
using Proxy.Protocols;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.ServerCredentials;

/// <summary>Programs that give credentials, good and bad ones.</summary>
public sealed class CommandCredentialSourceTests
{
    private const string Canary = "canary-4471";
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void Start() => _directory = new TemporaryDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    [Test]
    public async Task User_password_and_expiry_come_from_what_it_prints()
    {
        var credential = await FetchAsync("""echo '{"user":"v-17","password":"p\u00e4ss","expires_at":"2026-03-02T12:10:00Z","lease":{"id":1}}'""");
        Assert.That((credential.User, credential.Password.Reveal(), credential.UseUntil, credential.FreshUntil),
            Is.EqualTo(("v-17", "päss", Now.AddMinutes(10), Now.AddMinutes(8))));
    }

    [Test]
    public async Task Without_an_expiry_it_is_kept_as_long_as_configured()
    {
        var credential = await FetchAsync("""echo '{"password":"p"}'""");
        Assert.That((credential.User, credential.UseUntil, credential.FreshUntil), Is.EqualTo(((string?)null, (DateTimeOffset?)null, Now.AddSeconds(300))));
    }

    [Test]
    public async Task It_is_told_what_the_credential_is_for_and_little_else()
    {
        Environment.SetEnvironmentVariable("PHIGATE_TEST_PASSED", "yes");
        Environment.SetEnvironmentVariable("PHIGATE_TEST_KEPT", Canary);
        var credential = await FetchAsync(
            """echo "{\"password\":\"$1 $PHIGATE_TARGET $PHIGATE_HOST $PHIGATE_PORT $PHIGATE_DATABASE_USER $PHIGATE_TEST_PASSED ${PHIGATE_TEST_KEPT-none}\"}" """,
            arguments: ["$(id); a b"]);
        Assert.That(credential.Password.Reveal(), Is.EqualTo("$(id); a b hospital db.example 5433 phigate yes none"));
    }

    [TestCase("exit 3", "it ended with exit code 3")]
    [TestCase("""echo '{"password":"canary-4471"}'; exit 1""", "it ended with exit code 1")]
    [TestCase("""echo '{"password":"canary-4471"'""", "the answer is not a credential in JSON")]
    [TestCase("""echo '{"password":"canary-4471"} more'""", "the answer is not a credential in JSON")]
    [TestCase("""echo '["canary-4471"]'""", "the answer is not a credential in JSON")]
    [TestCase("""echo '{"password":4471}'""", "the answer is not a credential in JSON")]
    [TestCase("""echo '{"password":""}'""", "the answer is not a credential in JSON")]
    [TestCase("""echo '{"password":"canary-4471","expires_at":"soon"}'""", "the answer is not a credential in JSON")]
    [TestCase("""echo '{"password":"canary-4471","user":"a\nb"}'""", "the answer is not a credential in JSON")]
    [TestCase("""echo '{"user":"canary-4471"}'""", "the answer has no password")]
    [TestCase("echo canary-4471 >&2; exit 1", "it ended with exit code 1")]
    [TestCase("head -c 70000 /dev/zero", "it printed more than 65536 bytes")]
    [TestCase("yes canary-4471", "it printed more than 65536 bytes")]
    [TestCase("sleep 600", "no answer within 1 seconds")]
    [TestCase("sleep 600 & exit 0", "no answer within 1 seconds")]
    [TestCase("kill -9 $$", "it ended with exit code 137")]
    public async Task What_is_wrong_is_told_and_nothing_that_it_printed(string script, string reason)
    {
        var failure = await Assert.CatchAsync<ServerCredentialException>(() => FetchAsync(script, timeoutSeconds: 1).AsTask());
        Assert.That(failure!.Message, Is.EqualTo($"command {_directory.Combine("plug-in")}: {reason}"));
        Assert.That(failure.ToString(), Does.Not.Contain(Canary));
    }

    [Test]
    public void A_program_that_cannot_be_started_is_no_credential() =>
        Assert.That(
            async () => await Source(_directory.Combine("missing")).FetchAsync(CancellationToken.None),
            Throws.InstanceOf<ServerCredentialException>().With.Message.Contains("it could not be started"));

    [Test]
    public void Nothing_is_left_running_when_it_takes_too_long()
    {
        var mark = _directory.Combine("mark");
        Assert.That(async () => await FetchAsync($"(sleep 2; touch {mark}) & wait", timeoutSeconds: 1), Throws.InstanceOf<ServerCredentialException>());
        Assert.That(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            return File.Exists(mark);
        }, Is.False);
    }

    private async ValueTask<FetchedCredential> FetchAsync(string script, IEnumerable<string>? arguments = null, int timeoutSeconds = 20)
    {
        var program = _directory.Combine("plug-in");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return await Source(program, arguments, timeoutSeconds).FetchAsync(CancellationToken.None);
    }

    private static CommandCredentialSource Source(string program, IEnumerable<string>? arguments = null, int timeoutSeconds = 20) => new(
        new CommandCredentialOptions { Run = [program, .. arguments ?? []], TimeoutSeconds = timeoutSeconds, Environment = ["PHIGATE_TEST_PASSED"] },
        new CredentialPurpose("hospital", new NetworkAddress("db.example", 5433), "phigate"), new FakeTimeProvider(Now));
}
