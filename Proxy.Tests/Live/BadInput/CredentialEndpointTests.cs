using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
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
    public async Task A_connection_serves_one_request_after_another_each_with_its_own_token()
    {
        await using var connection = await ConnectAsync();
        var first = await AskAsync(connection, WhoAmI("first"));
        var nobody = await AskAsync(connection, Request("/v1/whoami"));
        var nothing = await AskAsync(connection, Request("/v1/nothing", "Bearer " + Token("lost")));
        var second = await AskAsync(connection, WhoAmI("second"));

        Assert.That(first.Body, Does.Contain("\"subject\":\"first\""));
        Assert.That((nobody.Status, nothing.Status), Is.EqualTo((401, 404)), "a token is not kept for the next request, and neither for one to nowhere");
        Assert.That(second.Body, Does.Contain("\"subject\":\"second\""));
    }

    [Test]
    public async Task Requests_in_one_breath_and_requests_byte_by_byte_are_the_same()
    {
        await using var connection = await ConnectAsync();
        await connection.WriteAsync(Encoding.ASCII.GetBytes(WhoAmI("one") + WhoAmI("two")));
        Assert.That((await ReadAsync(connection)).Body, Does.Contain("\"subject\":\"one\""));
        Assert.That((await ReadAsync(connection)).Body, Does.Contain("\"subject\":\"two\""));
        foreach (var one in WhoAmI("three"))
            await connection.WriteAsync(new[] { (byte)one });
        Assert.That((await ReadAsync(connection)).Body, Does.Contain("\"subject\":\"three\""));
    }

    [TestCase(30_000, 401)]
    [TestCase(40_000, 401)]
    [TestCase(60_000, 431)]
    public async Task A_long_token_is_refused_and_too_long_a_header_is_none(int length, int status)
    {
        await using var connection = await ConnectAsync();
        Assert.That((await AskAsync(connection, Request("/v1/whoami", "Bearer " + new string('a', length)))).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Of_two_tokens_neither_is_believed()
    {
        await using var connection = await ConnectAsync();
        var answer = await AskAsync(connection, Request("/v1/whoami", "Bearer " + Token("one"), "Bearer " + Token("two")));
        Assert.That((answer.Status, answer.Body.Contains("sign-in-failed", StringComparison.Ordinal)), Is.EqualTo((401, true)));
    }

    [Test]
    public async Task A_header_that_is_no_text_is_a_bad_request()
    {
        await using var connection = await ConnectAsync();
        await connection.WriteAsync((byte[])[.. "GET /v1/whoami HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "u8, 0xC3, 0x28, .. "\r\n\r\n"u8]);
        Assert.That((await ReadAsync(connection)).Status, Is.EqualTo(400));
    }

    [TestCase("")]
    [TestCase("GET /v1/who")]
    [TestCase("GET /v1/whoami HTTP/1.1\r\nAuthorization: Bearer abc")]
    [TestCase("POST /v1/credentials HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer abc\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")]
    public async Task Who_leaves_in_the_middle_disturbs_nobody(string sent)
    {
        var leaving = await ConnectAsync();
        await leaving.WriteAsync(Encoding.ASCII.GetBytes(sent));
        await leaving.DisposeAsync();

        await using var staying = await ConnectAsync();
        Assert.That((await AskAsync(staying, WhoAmI("staying"))).Status, Is.EqualTo(200));
    }

    private string Token(string subject) => _gateway.Token(PhiGateOptions.ShowGroup, subject);

    private string WhoAmI(string subject) => Request("/v1/whoami", "Bearer " + Token(subject));

    private static string Request(string path, params IEnumerable<string> authorizations) =>
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(authorizations.Select(static value => $"Authorization: {value}\r\n"))}\r\n";

    private async Task<SslStream> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _gateway.Desk.Port);
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { TestCertificates.Shared.Authority },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        });
        return stream;
    }

    private static async Task<(int Status, string Body)> AskAsync(SslStream connection, string request)
    {
        await connection.WriteAsync(Encoding.ASCII.GetBytes(request));
        return await ReadAsync(connection);
    }

    /// <summary>One answer, by its Content-Length, or in one chunk.</summary>
    private static async Task<(int Status, string Body)> ReadAsync(SslStream connection)
    {
        var head = await ReadToAsync(connection, "\r\n\r\n");
        var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        if (head.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            var body = new StringBuilder();
            while (int.Parse(await ReadToAsync(connection, "\r\n"), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var chunk)
                body.Append((await ReadExactlyAsync(connection, chunk + 2))[..^2]);
            await ReadToAsync(connection, "\r\n");
            return (status, body.ToString());
        }
        const string Name = "Content-Length: ";
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        var length = at < 0 ? 0 : int.Parse(head[(at + Name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
        return (status, await ReadExactlyAsync(connection, length));
    }

    private static async Task<string> ReadToAsync(SslStream connection, string end)
    {
        var text = new StringBuilder();
        while (text.Length < end.Length || text.ToString(text.Length - end.Length, end.Length) != end)
            text.Append(await ReadExactlyAsync(connection, 1));
        return text.ToString(0, text.Length - end.Length);
    }

    private static async Task<string> ReadExactlyAsync(SslStream connection, int length)
    {
        var bytes = new byte[length];
        await connection.ReadExactlyAsync(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
