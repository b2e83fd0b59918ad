using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>Every hostile token as a password over the wire: its own code, nothing else for whoever sent it, all of it in the record, and nobody at the server.</summary>
public sealed class HostileTokenSignInTests
{
    private const string Issuer = "https://hostile.test";

    private readonly HostileTokens _tokens = new(Issuer, TimeProvider.System);
    private PostgresServer _server = null!;
    private PhiGateProcess _gateway = null!;
    private TemporaryDirectory _directory = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _directory = new TemporaryDirectory();
        var keys = _directory.Combine("keys.json");
        await File.WriteAllTextAsync(keys, _tokens.KeySet());
        _server = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            LogStatements = true,
            Settings = new Dictionary<string, string> { ["log_connections"] = "on" },
        });
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = _server,
            Database = await _server.CreateDatabaseAsync("hostile"),
            Limits = "sign-in-failures-per-minute-per-address-max: 100000\nsign-ins-per-minute-per-identity-max: 5",
            MoreIssuers = HostileTokens.Issuers(Issuer, keys),
        });
    }

    [OneTimeTearDown]
    public async Task End()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Test]
    public async Task No_hostile_token_gets_further_than_its_code()
    {
        var tokens = _tokens.All().ToList();
        Assert.That(tokens, Has.Count.GreaterThanOrEqualTo(40));
        var answers = new List<(string Case, string? State, string? Code, string? Message, string? Detail)>();
        foreach (var token in tokens)
            answers.Add(await AnswerAsync(token.Name, token.Make()));
        var admitted = await Psql.RunAsync(_gateway.Endpoint(), "select 'somebody'", "-At");
        var records = await RecordedEvents.OfAsync<DecodedSignInRefused>(_gateway.JournalDirectory);
        // The server's log is written by another process.
        await Eventually.IsTrueAsync(async () => (await _server.ReadConnectionLogAsync(TestUser.Scram)).Contains("psql"), "the server has logged who was admitted");

        Assert.That(admitted.Output, Is.EqualTo("somebody\n"), admitted.Errors);
        Assert.That(answers.Select(answer => $"{answer.Case}: {answer.Code}"), Is.EqualTo(tokens.Select(token => $"{token.Name}: {HostileTokens.OnTheWire(token).Code}")));
        Assert.That(answers.Select(answer => (answer.State, answer.Message)), Is.EqualTo(tokens.Select(token => ((string?)HostileTokens.OnTheWire(token).SqlState, (string?)HostileTokens.OnTheWire(token).Message))));
        // Which issuer, key or algorithm it was is for the record; who sent it learns what kind of mistake it is.
        Assert.That(answers.Where(answer => answer.Detail!.Contains(Issuer, StringComparison.Ordinal) || answer.Detail.Contains("key-1", StringComparison.Ordinal)), Is.Empty);
        Assert.That(records.Select(record => record.Code), Is.EqualTo(tokens.Select(token => HostileTokens.OnTheWire(token).Code)));
        Assert.That(records.Select(record => record.Detail), Has.All.Not.Empty);
        Assert.That((await _server.ReadConnectionLogAsync(TestUser.Scram)).Where(name => name != "phigate"), Is.EqualTo(new[] { "psql" }));
        Proof.Record("Hostile tokens over the wire", $"{tokens.Count} tokens: each its own code, each recorded, none reached the server");
    }

    [Test]
    public async Task One_identity_signs_in_so_often_a_minute_and_others_go_on()
    {
        var busy = _gateway.Token(subject: "busy");
        var refusals = new List<string?>();
        for (var i = 0; i < 11; i++) // A minute may end in between, but not twice.
            refusals.Add((await AnswerAsync("busy", busy)).Code);
        Assert.That(refusals, Has.Some.EqualTo("sign-in-throttled"));
        Assert.That(refusals[0], Is.Null);
        Assert.That((await AnswerAsync("other", _gateway.Token(subject: "other"))).Code, Is.Null);
    }

    private async Task<(string Case, string? State, string? Code, string? Message, string? Detail)> AnswerAsync(string name, string token)
    {
        var endpoint = _gateway.EndpointWith(token);
        await using var client = await WireClient.ConnectAsync(endpoint.Host, endpoint.Port);
        await client.SendAsync(PostgresRequests.Startup("agent", endpoint.Database), PostgresRequests.Password(token));
        while (await client.ReceiveAsync() is { } frame)
        {
            if (frame.Type == 'Z')
                break;
            if (frame.Type == WireFrame.ErrorResponse)
                return (name, frame.Field('C'), frame.Field('D')?.Split(' ')[1]["code=".Length..], frame.Field('M'), frame.Field('D'));
        }
        return (name, null, null, null, null);
    }
}
