using System.Buffers.Binary;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>Every hostile token by OAUTHBEARER: the challenge, then its own code; all of it in the record.</summary>
public sealed class HostileTokenOAuthTests
{
    private const string Issuer = "https://hostile.test";
    private const int SaslContinue = 11;

    private readonly HostileTokens _tokens = new(Issuer, TimeProvider.System);
    private PhiGateProcess _gateway = null!;
    private TemporaryDirectory _directory = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _directory = new TemporaryDirectory();
        var keys = _directory.Combine("keys.json");
        await File.WriteAllTextAsync(keys, _tokens.KeySet());
        var server = await SharedServers.PostgresAsync();
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = await server.CreateDatabaseAsync("bearer"),
            Listener = "oauthbearer: { issuer: development }",
            Limits = "sign-in-failures-per-minute-per-address-max: 100000",
            MoreIssuers = HostileTokens.Issuers(Issuer, keys),
        });
    }

    [OneTimeTearDown]
    public async Task End()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        _directory.Dispose();
    }

    [Test]
    public async Task No_hostile_token_gets_further_than_its_code()
    {
        // No token is a question; blanks around one are no part of it (RFC 6750).
        var tokens = _tokens.All().Where(static token => token.Name is not ("empty" or "a blank at the end")).ToList();
        var codes = new List<string>();
        foreach (var token in tokens)
            codes.Add($"{token.Name}: {await CodeAsync(token.Make())}");
        var records = await RecordedEvents.OfAsync<DecodedSignInRefused>(_gateway.JournalDirectory);

        Assert.That(codes, Is.EqualTo(tokens.Select(static token => $"{token.Name}: {HostileTokens.OnTheWire(token).Code}")));
        Assert.That(records.Select(static record => record.Code), Is.EqualTo(tokens.Select(static token => HostileTokens.OnTheWire(token).Code)));
        Assert.That(await CodeAsync(_gateway.Token()), Is.EqualTo("admitted"), "a good one is");
        Assert.That(await RecordedEvents.OfAsync<DecodedSessionOpened>(_gateway.JournalDirectory), Has.Count.EqualTo(1));
        Proof.Record("Hostile tokens by OAUTHBEARER", $"{tokens.Count} tokens: each its own code, each recorded, none admitted");
    }

    private async Task<string> CodeAsync(string token)
    {
        var endpoint = _gateway.EndpointWith("");
        await using var client = await WireClient.ConnectAsync(endpoint.Host, endpoint.Port);
        await client.SendAsync(PostgresRequests.Startup("agent", endpoint.Database));
        await client.ReceiveAsync(); // The offer.
        var response = Encoding.UTF8.GetBytes($"n,,\u0001auth=Bearer {token}\u0001\u0001");
        await client.SendAsync(new FrameBuilder('p').AddText("OAUTHBEARER").AddInt32(response.Length).AddBytes(response).ToBytes());
        while (await client.ReceiveAsync() is { } frame)
        {
            if (frame.Type == WireFrame.ReadyForQuery)
                return "admitted";
            if (frame.Type == WireFrame.ErrorResponse)
                return frame.Field('D')!.Split(' ')[1]["code=".Length..];
            if (frame.Type == 'R' && BinaryPrimitives.ReadInt32BigEndian(frame.Body) == SaslContinue)
                await client.SendAsync(new FrameBuilder('p').AddByte(1).ToBytes());
        }
        return "nothing";
    }
}
