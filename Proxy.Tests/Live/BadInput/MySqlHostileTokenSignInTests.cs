using MySqlConnector;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.BadInput;

/// <summary>
/// Every hostile token as a password over MySQL: its own code, nothing else for whoever sent it, all of it in the record, and nobody at the server. Sessions
/// arrive there as a user that their rule names.
/// </summary>
public sealed class MySqlHostileTokenSignInTests
{
    private const string Issuer = "https://hostile.test";

    /// <summary>Whom sessions arrive as; its password is the same.</summary>
    private const string Arrival = "arrival";

    private readonly HostileTokens _tokens = new(Issuer, TimeProvider.System);
    private MariaDbServer _server = null!;
    private PhiGateProcess _gateway = null!;
    private TemporaryDirectory _directory = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _directory = new TemporaryDirectory();
        var (keys, password) = (_directory.Combine("keys.json"), _directory.Combine("session.password"));
        await File.WriteAllTextAsync(keys, _tokens.KeySet());
        await File.WriteAllTextAsync(password, Arrival);
        File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _server = await MariaDbServer.StartAsync(new MariaDbServerOptions { LogStatements = true });
        var database = await _server.CreateDatabaseAsync("hostile");
        await _server.ExecuteAsync(database, $"create user {Arrival}@'%' identified by '{Arrival}'");
        await _server.ExecuteAsync(database, $"grant select on {database}.* to {Arrival}@'%'");
        _gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            MariaDb = _server,
            Database = database,
            Target = $"label-sessions: false\ndatabase-users: {{ {Arrival}: {{ file: {password} }} }}",
            Rules = PhiGateOptions.RulesByGroup.Replace(
                "profile: unmasked", $"profile: unmasked\n    session: {{ database-user: {Arrival} }}", StringComparison.Ordinal),
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
        var answers = new List<MySqlPacket>();
        foreach (var token in tokens)
            answers.Add(await AnswerAsync(token.Make()));
        var admitted = await AnswerAsync(_gateway.Token());
        var records = await RecordedEvents.OfAsync<DecodedSignInRefused>(_gateway.JournalDirectory);

        Assert.That(admitted.IsOk, Is.True, admitted.ToString());
        Assert.That(
            answers.Zip(tokens).Select(pair => $"{pair.Second.Name}: {CodeOf(pair.First)}"), Is.EqualTo(tokens.Select(token => $"{token.Name}: {HostileTokens.OnTheWire(token).Code}")));
        Assert.That(answers.Select(answer => (answer.ErrorNumber, answer.SqlState)), Is.EqualTo(tokens.Select(token => Number(HostileTokens.OnTheWire(token)))));
        // Which issuer, key or algorithm it was is for the record; who sent it learns what kind of mistake it is.
        Assert.That(answers.Where(answer => answer.Message.Contains(Issuer, StringComparison.Ordinal) || answer.Message.Contains("key-1", StringComparison.Ordinal)), Is.Empty);
        Assert.That(records.Select(record => record.Code), Is.EqualTo(tokens.Select(token => HostileTokens.OnTheWire(token).Code)));
        Assert.That(records.Select(record => record.Detail), Has.All.Not.Empty);
        Assert.That(await SessionsAtTheServerAsync(), Is.EqualTo(1));
        Proof.Record("Hostile tokens over MySQL", $"{tokens.Count} tokens: each its own code, each recorded, none reached the server");
    }

    [Test]
    public async Task One_identity_signs_in_so_often_a_minute_and_others_go_on()
    {
        var busy = _gateway.Token("none-of-the-groups", subject: "busy");
        var refusals = new List<string>();
        for (var i = 0; i < 11; i++) // A minute may end in between, but not twice.
            refusals.Add(CodeOf(await AnswerAsync(busy)));
        Assert.That(refusals, Has.Some.EqualTo("sign-in-throttled"));
        Assert.That(refusals[0], Is.EqualTo("sign-in-not-allowed"));
        Assert.That(CodeOf(await AnswerAsync(_gateway.Token("none-of-the-groups", subject: "other"))), Is.EqualTo("sign-in-not-allowed"));
    }

    private static string CodeOf(MySqlPacket answer) => answer.Message.Split(' ')[1]["code=".Length..];

    private static (int Number, string SqlState) Number(RefusalKind refusal) => refusal.SqlState is "08P01" ? (1047, "08S01") : (1045, "28000");

    private async Task<MySqlPacket> AnswerAsync(string token)
    {
        var endpoint = _gateway.EndpointWith(token);
        await using var client = await MySqlWireClient.ConnectAsync("127.0.0.1", endpoint.Port);
        await client.LogInAsync(endpoint);
        return client.LoginReply;
    }

    private async Task<long> SessionsAtTheServerAsync()
    {
        await using var connection = await _server.OpenAsync();
        // The catalogue's connections are to information_schema.
        await using var command = new MySqlCommand($"select count(*) from mysql.general_log where command_type = 'Connect' and argument like '{Arrival}@% on {_gateway.Endpoint().Database} %'", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
