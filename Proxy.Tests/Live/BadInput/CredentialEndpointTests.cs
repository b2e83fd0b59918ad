using System.Text;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>The HTTPS endpoint for credentials and clients that send HTTP by hand.</summary>
public sealed class CredentialEndpointTests
{
    private PhiGateProcess _gateway = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await SharedServers.PostgresAsync();
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = server, Database = await server.CreateDatabaseAsync("endpoint"), TradesTokens = true });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
    }

    [Test]
    public async Task A_connection_serves_one_request_and_a_token_is_kept_for_no_other()
    {
        await using var connection = await ConnectAsync();
        await connection.SendAsync((byte[])[.. WhoAmI("first"), .. DeskConnection.Request("/v1/whoami"), .. WhoAmI("second")]);
        Assert.That((await connection.ReadAsync()).Body, Does.Contain("\"subject\":\"first\""));
        Assert.That(await connection.ReadToEndAsync(), Is.Empty);
        foreach (var (path, status) in new[] { ("/v1/nothing", 404), ("/v1/credentials/once-00", 405) })
        {
            await using var lost = await ConnectAsync();
            Assert.That((await lost.AskAsync(DeskConnection.Request(path, "Bearer " + Token("lost")))).Status, Is.EqualTo(status));
            Assert.That(await lost.ReadToEndAsync(), Is.Empty);
        }
        await using var nobody = await ConnectAsync();
        Assert.That((await nobody.AskAsync(DeskConnection.Request("/v1/whoami"))).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task A_request_byte_by_byte_is_the_same()
    {
        await using var connection = await ConnectAsync();
        foreach (var one in WhoAmI("three"))
            await connection.SendAsync(new[] { one });
        Assert.That((await connection.ReadAsync()).Body, Does.Contain("\"subject\":\"three\""));
    }

    [TestCase(30_000, 401)]
    [TestCase(40_000, 401)]
    [TestCase(60_000, 431)]
    public async Task A_long_token_is_refused_and_too_long_a_header_is_none(int length, int status)
    {
        await using var connection = await ConnectAsync();
        Assert.That((await connection.AskAsync(DeskConnection.Request("/v1/whoami", "Bearer " + new string('a', length)))).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Of_two_tokens_neither_is_believed()
    {
        await using var connection = await ConnectAsync();
        var answer = await connection.AskAsync(DeskConnection.Request("/v1/whoami", "Bearer " + Token("one"), "Bearer " + Token("two")));
        Assert.That((answer.Status, answer.Body.Contains("sign-in-failed", StringComparison.Ordinal)), Is.EqualTo((401, true)));
    }

    [Test]
    public async Task A_header_that_is_no_text_is_a_bad_request()
    {
        await using var connection = await ConnectAsync();
        Assert.That(
            (await connection.AskAsync([.. "GET /v1/whoami HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "u8, 0xC3, 0x28, .. "\r\n\r\n"u8])).Status, Is.EqualTo(400));
    }

    [TestCase("")]
    [TestCase("GET /v1/who")]
    [TestCase("GET /v1/whoami HTTP/1.1\r\nAuthorization: Bearer abc")]
    [TestCase("POST /v1/credentials HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer abc\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")]
    public async Task Who_leaves_in_the_middle_disturbs_nobody(string sent)
    {
        var leaving = await ConnectAsync();
        await leaving.SendAsync(Encoding.ASCII.GetBytes(sent));
        await leaving.DisposeAsync();

        await using var staying = await ConnectAsync();
        Assert.That((await staying.AskAsync(WhoAmI("staying"))).Status, Is.EqualTo(200));
    }

    [TestCase("""{"target": "\ud800"}""")]
    [TestCase("""{"target": "hospital", "task": "\u202Edesrever"}""")]
    [TestCase("""{"target": "hospital", "reason": "two\u2028lines"}""")]
    [TestCase("""{"target": "hospital", "connections": 1e9}""")]
    [TestCase("""{"target": null}""")]
    [TestCase("""null""")]
    [TestCase("""[]""")]
    public async Task A_body_that_is_not_as_documented_gets_no_credential(string body)
    {
        await using var connection = await ConnectAsync();
        var answer = await connection.AskAsync(DeskConnection.Post("/v1/credentials", "Bearer " + Token("writer"), body));
        Assert.That((answer.Status, answer.Body.Contains("credential-not-issued", StringComparison.Ordinal)), Is.EqualTo((403, true)), answer.Body);
    }

    private string Token(string subject) => _gateway.Token(PhiGateOptions.ShowGroup, subject);

    private byte[] WhoAmI(string subject) => DeskConnection.Request("/v1/whoami", "Bearer " + Token(subject));

    private Task<DeskConnection> ConnectAsync() => DeskConnection.ConnectAsync(_gateway.Desk);
}
