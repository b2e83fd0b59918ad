using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Host.Identity;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity;

/// <summary>The other ways in: OAUTHBEARER, and tokens that are bound to a client certificate.</summary>
public sealed class SignInMethodTests
{
    private const string Rules = """
        version: 1
        rules:
          - name: everybody-reads
            risk: { within: [read] }
            verdict: mask
        """;

    private PostgresServer _server = null!;
    private TestIdentityProvider _provider = null!;
    private PhiGateProcess _gateway = null!;
    private TemporaryDirectory _directory = null!;
    private X509Certificate2 _certificate = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.PostgresAsync();
        _provider = await TestIdentityProvider.StartAsync();
        _directory = new TemporaryDirectory();
        _certificate = WriteCertificate("client");
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = _server,
            Database = await _server.CreateDatabaseAsync("method"),
            Rules = Rules,
            Issuer = _provider.Issuer,
            AsksForClientCertificate = true,
            Listener = "oauthbearer: { issuer: provider, scope: query }",
            TradesTokens = true,
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_provider is not null)
            await _provider.DisposeAsync();
        _certificate?.Dispose();
        _directory?.Dispose();
    }

    private X509Certificate2 WriteCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(_directory.Combine(name + ".crt"), certificate.ExportCertificatePem());
        File.WriteAllText(_directory.Combine(name + ".key"), key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(_directory.Combine(name + ".key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return certificate;
    }

    private string Bound(X509Certificate2 certificate) => _provider.IssueToken(claims: new Dictionary<string, object?>
    {
        ["cnf"] = new Dictionary<string, object> { ["x5t#S256"] = Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256)) },
    });

    /// <summary>What comes after the initial response, up to ReadyForQuery or the end; the challenge is acknowledged.</summary>
    private async Task<IReadOnlyList<WireFrame>> ByOAuthAsync(string response)
    {
        var endpoint = _gateway.EndpointWith("");
        await using var client = await WireClient.ConnectAsync(endpoint.Host, endpoint.Port);
        await client.SendAsync(PostgresRequests.Startup("agent", endpoint.Database));
        var offer = await client.ReceiveAsync();
        Assert.That(Encoding.ASCII.GetString(offer!.Body.AsSpan(4)), Is.EqualTo("OAUTHBEARER\0\0"));
        var bytes = Encoding.ASCII.GetBytes(response.Replace('^', '\u0001'));
        await client.SendAsync(new FrameBuilder('p').AddText("OAUTHBEARER").AddInt32(bytes.Length).AddBytes(bytes).ToBytes());
        var frames = new List<WireFrame>();
        while (await client.ReceiveAsync() is { } frame)
        {
            frames.Add(frame);
            if (frame.Type == WireFrame.ReadyForQuery)
                break;
            if (frame.Type == 'R' && BinaryPrimitives.ReadInt32BigEndian(frame.Body) == 11)
                await client.SendAsync(new FrameBuilder('p').AddByte(1).ToBytes());
        }

        return frames;
    }

    [Test]
    public async Task A_token_by_oauthbearer_admits_and_the_record_says_how()
    {
        var frames = await ByOAuthAsync($"n,,^auth=Bearer {_provider.IssueToken(subject: "bearer")}^^");

        Assert.That(frames[^1].Type, Is.EqualTo(WireFrame.ReadyForQuery), string.Join(", ", frames));
        var opened = (await RecordedEvents.OfAsync<DecodedSessionOpened>(_gateway.JournalDirectory)).Single(session => session.Subject == "bearer");
        Assert.That(opened.SignInMethod, Is.EqualTo("oauthbearer"));
    }

    [TestCase("n,,^auth=^^", "sign-in-failed")]
    [TestCase("n,,^auth=Bearer not-a-token^^", "token-malformed")]
    public async Task Who_has_no_good_token_is_told_where_to_get_one_and_then_why(string response, string code)
    {
        var frames = await ByOAuthAsync(response);

        Assert.That(frames, Has.Count.EqualTo(2), string.Join(", ", frames));
        Assert.That(
            Encoding.UTF8.GetString(frames[0].Body.AsSpan(4)),
            Is.EqualTo($"{{\"status\":\"invalid_token\",\"openid-configuration\":\"{_provider.Issuer}.well-known/openid-configuration\",\"scope\":\"query\"}}"));
        Assert.That(frames[1].Field('D'), Does.StartWith($"phigate code={code} "));
    }

    [Test]
    public async Task A_bound_token_is_traded_only_over_a_connection_that_shows_its_certificate()
    {
        using var other = WriteCertificate("other");
        async Task<string> AnswerAsync(X509Certificate2? certificate)
        {
            using var desk = new CredentialDeskClient(_gateway.Desk, certificate);
            var (_, body) = await desk.SendAsync(HttpMethod.Get, "v1/whoami", Bound(_certificate));
            return body!["code"]?.GetValue<string>() ?? body["subject"]!.GetValue<string>();
        }

        using var withKey = X509Certificate2.CreateFromPemFile(_directory.Combine("client.crt"), _directory.Combine("client.key"));
        using var otherWithKey = X509Certificate2.CreateFromPemFile(_directory.Combine("other.crt"), _directory.Combine("other.key"));
        Assert.That(await AnswerAsync(withKey), Is.EqualTo("agent-1"));
        Assert.That(await AnswerAsync(otherWithKey), Is.EqualTo("token-binding"));
        Assert.That(await AnswerAsync(null), Is.EqualTo("token-binding"));
    }

    [Test]
    public async Task A_person_logs_in_by_the_device_flow_and_the_login_is_renewed()
    {
        var login = await _gateway.RunToolAsync(null, "login", "--issuer", _provider.Issuer.AbsoluteUri.TrimEnd('/'), "--client-id", "phigate-cli");
        var who = await _gateway.RunToolAsync(null, "whoami");

        Assert.That(login.ExitCode, Is.Zero, login.Errors);
        Assert.That(login.Errors, Does.Contain("enter the code ABCD-EFGH"));
        Assert.That(who.Output, Does.Match(@"subject:\s+refreshed-person"), who.Errors);
        var file = Path.Combine(_gateway.ConfigurationDirectory, "home", "phigate", "login.json");
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task Libpq_shows_its_certificate_to_the_listener()
    {
        var (user, password) = await IssuedAsync();
        var endpoint = _gateway.EndpointWith(password) with { User = user };

        var result = await Command.RunAsync(PostgresBinaries.Client("psql"), ["-X", "-w", "-At", "-c", "select 42"], "", new Dictionary<string, string?>
        {
            ["PGHOST"] = endpoint.Host,
            ["PGPORT"] = endpoint.Port.ToString(CultureInfo.InvariantCulture),
            ["PGDATABASE"] = endpoint.Database,
            ["PGUSER"] = user,
            ["PGPASSWORD"] = password,
            ["PGSSLMODE"] = "verify-full",
            ["PGSSLROOTCERT"] = endpoint.AuthorityPath,
            ["PGSSLCERT"] = _directory.Combine("client.crt"),
            ["PGSSLKEY"] = _directory.Combine("client.key"),
            ["PGCHANNELBINDING"] = "require",
        });

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "42\n")), result.Errors);
    }

    private async Task<(string User, string Password)> IssuedAsync()
    {
        using var desk = new CredentialDeskClient(_gateway.Desk);
        var credential = await desk.IssueAsync(_gateway.Sign(new DevelopmentTokenRequest { Subject = "traded" }), new { target = _gateway.EndpointWith("").Database });
        return (credential.User, credential.Password);
    }
}
