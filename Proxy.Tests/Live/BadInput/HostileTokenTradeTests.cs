using System.Text.Json.Nodes;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>Every hostile token at the HTTPS endpoint: its own code, all of it in the record, and no credential.</summary>
public sealed class HostileTokenTradeTests
{
    private const string Issuer = "https://hostile.test";

    private readonly HostileTokens _tokens = new(Issuer, TimeProvider.System);
    private PhiGateProcess _gateway = null!;
    private TemporaryDirectory _directory = null!;
    private string _database = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _directory = new TemporaryDirectory();
        var keys = _directory.Combine("keys.json");
        await File.WriteAllTextAsync(keys, _tokens.KeySet());
        var server = await SharedServers.PostgresAsync();
        _database = await server.CreateDatabaseAsync("trade");
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = _database,
            TradesTokens = true,
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

    /// <summary>HTTP takes blanks around a header's value away, so of a token there is nothing, or the token alone.</summary>
    private static bool IsBlankInHttp(HostileToken token) => token.Name is "empty" or "a blank at the end";

    [Test]
    public async Task No_hostile_token_is_traded_for_anything()
    {
        var tokens = _tokens.All().Where(static token => !IsBlankInHttp(token)).ToList();
        var codes = new List<string>();
        foreach (var token in tokens)
            codes.Add($"{token.Name}: {await CodeAsync(token.Make())}");
        var records = await RecordedEvents.OfAsync<DecodedSignInRefused>(_gateway.JournalDirectory);

        Assert.That(tokens, Has.Count.GreaterThanOrEqualTo(40));
        Assert.That(codes, Is.EqualTo(tokens.Select(static token => $"{token.Name}: {token.Refusal.Code}")));
        Assert.That(records.Select(static record => record.Code), Is.EqualTo(tokens.Select(static token => token.Refusal.Code)));
        Assert.That(records.Select(static record => record.Detail), Has.All.Not.Empty);
        Assert.That(await CodeAsync(""), Is.EqualTo("sign-in-failed"));
        Assert.That(await RecordedEvents.OfAsync<DecodedCredentialIssued>(_gateway.JournalDirectory), Is.Empty);
        Assert.That(await CodeAsync(_gateway.Token()), Is.EqualTo("traded"), "a good one is");
        Proof.Record("Hostile tokens at the HTTPS endpoint", $"{tokens.Count} tokens: each its own code, each recorded, none traded");
    }

    private async Task<string> CodeAsync(string token)
    {
        var body = $$"""{"target":"{{_database}}"}""";
        await using var connection = await DeskConnection.ConnectAsync(_gateway.Desk);
        var answer = await connection.AskAsync(DeskConnection.Post("/v1/credentials", "Bearer " + token, body));
        return answer.Status == 200 ? "traded" : JsonNode.Parse(answer.Body)!["code"]!.GetValue<string>();
    }
}
