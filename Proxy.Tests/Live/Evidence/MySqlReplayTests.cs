using System.Text;
using MySqlConnector;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Answers;
using Proxy.Core.Journal.Records;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Core.Sql.MySql;
using Proxy.Host.Catalogue;
using Proxy.Host.Catalogue.MySql;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Evidence;

/// <summary>What the record says that a client of MySQL was sent is, byte for byte, what it got.</summary>
public sealed class MySqlReplayTests
{
    private static readonly Principal Agent = new() { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue };

    private static readonly TestCaseData[] Conversations =
    [
        Conversation("text", Query("select n, name, seen from masked")),
        Conversation("no rows", Query("select n, name from masked where n = 99")),
        Conversation("no result", Query("insert into masked values (7, 'new', '2024-01-02')"), Query("update masked set name = 'newer' where n = 7")),
        Conversation("several results", Query("call two()"), Query("select 'after them'")),
        Conversation("error", Query("insert into masked values (1, 'again', null)")),
        Conversation("no such table", Query("select * from not_there")),
        Conversation("syntax error", Query("selekt 1")),
        Conversation("refused", Query("create table made (n int)"), Query("select 'after the refusal'")),
        Conversation("refused within a transaction", Query("begin"), Query("create table made (n int)"), Query("select 1"), Query("rollback")),
        Conversation("binary", Prepare("select n, name, seen, ? from masked"), Execute(0, [0, 1, 253, 0, 2, (byte)'h', (byte)'i']), Of(26), Of(25), Query("select 'behind it'")),
        Conversation("cursor", Prepare("select n, name, seen from masked"), Execute(1, []), Of(28, 2, 0, 0, 0), Of(28, 2, 0, 0, 0), Of(28, 9, 0, 0, 0), Of(26)),
        Conversation("a value in pieces", Prepare("select ? from masked"), Of(24, 0, 0, (byte)'p'), Of(24, 0, 0, (byte)'q'), Execute(0, [0, 1, 252, 0])),
        Conversation("refused to be prepared", Prepare("create table made (n int)"), Query("select 1")),
        Conversation("no such statement", Of(23, 0, 1, 0, 0, 0), Of(28, 1, 0, 0, 0), Query("select 1")),
        Conversation("other commands", _ => [14], _ => [27, 1, 0], _ => [31], Query("select n, name from masked where n = 1"), _ => [9]),
        Conversation("more than a chunk", Query("select n, repeat('x', 60000) from masked")),
    ];

    private MariaDbServer _server = null!;
    private string _database = "";
    private CatalogueSource _catalogue = null!;
    private MaskingKeys _keys = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.MariaDbAsync();
        _database = await _server.CreateDatabaseAsync("replayed");
        await _server.ExecuteAsync(_database, """
            create table masked (n int primary key, name varchar(40), seen date);
            insert into masked values (1, 'name 1', '2020-01-02'), (2, 'name 2', '2020-01-03'), (3, 'name 3', '2020-01-04'), (4, null, null);
            create procedure two() begin select n, name from masked order by n; select seen from masked order by n; end
            """);
        _keys = new MaskingKeys(new byte[32]);
        _catalogue = new CatalogueSource(
            new MySqlCatalogueLoader(new MySqlConnectionStringBuilder(_server.ConnectionString()), FrontEnd, TimeProvider.System), Classification, FrontEnd, TimeProvider.System);
        await _catalogue.LoadAsync(CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task End()
    {
        await _catalogue.DisposeAsync();
        _keys.Dispose();
    }

    [TestCaseSource(nameof(Conversations))]
    public async Task The_record_holds_every_byte_that_the_client_got(Func<byte[], byte[]>[] commands)
    {
        foreach (var forms in (uint[])[0, MySqlWireClient.DeprecateEof])
        {
            var (received, parts) = await PlayAsync(MaskedPolicy, forms, commands);
            Assert.That(parts.SelectMany(part => part.ToClient.ToArray()), Is.EqualTo(received));
            Assert.That(parts.All(part => part.IsComplete), Is.True);
        }
    }

    [TestCase("select n, name from masked; select 'two'; insert into masked values (8, 'eight', null); select seen from masked")]
    [TestCase("select n, name from masked; select * from not_there; select 'never'")]
    [TestCase("select n, name from masked; create table made (n int)")]
    public async Task Of_several_statements_in_one_text_too(string text)
    {
        foreach (var forms in (uint[])[0, MySqlWireClient.DeprecateEof])
        {
            var (received, parts) = await PlayAsync(MaskedPolicy, forms | MySqlWireClient.SeveralStatements, [Query(text), Query("select 'behind it'")]);
            Assert.That(parts.SelectMany(part => part.ToClient.ToArray()), Is.EqualTo(received));
            Assert.That(parts.All(part => part.IsComplete), Is.True);
        }
    }

    [Test]
    public async Task Of_an_unmasked_answer_the_record_holds_a_digest_and_not_a_row()
    {
        var (received, parts) = await PlayAsync(GatewayHarness.ShowEverything, 0, [Query("select 'unmasked' from masked")]);
        var outcome = parts.Select(part => part.Record).OfType<DecodedOutcome>().Single();
        Assert.That(outcome.Digest, Is.EqualTo(ExpectedAnswerDigest.Of(received)));
        Assert.That(outcome.AnswerMode, Is.EqualTo(AnswerMode.Digest));
        Assert.That(outcome.Answer, Is.Empty);
    }

    [Test]
    public async Task Of_a_long_answer_the_record_says_that_it_is_capped_and_has_the_digest_of_the_rest()
    {
        var (received, parts) = await PlayAsync(MaskedPolicy, 0, [Query("select n, repeat('x', 600000) from masked")]);
        var outcome = parts.Select(part => part.Record).OfType<DecodedOutcome>().Single();
        Assert.That(outcome.IsAnswerCapped, Is.True);
        Assert.That(outcome.AnswerBytes, Is.EqualTo(received.Length));
        Assert.That(outcome.Digest, Is.EqualTo(ExpectedAnswerDigest.Of(received.AsSpan((int)new AnswerPolicy().BytesMax))));
        Assert.That(parts.Sum(part => part.ToClient.Length), Is.EqualTo(new AnswerPolicy().BytesMax));
    }

    private static ISqlFrontEnd FrontEnd { get; } = new MySqlFrontEnd(new MySqlFrontEndOptions()).For(MySqlReadSettings.Default);

    private static readonly ColumnClassification Classification = new(
        [
            new ColumnMatcher { Column = TextPattern.Exactly("n"), Class = IdentifierClass.NotPhi, Origin = "test" },
            new ColumnMatcher { Column = TextPattern.Exactly("name"), Class = IdentifierClass.Name, Origin = "test" },
            new ColumnMatcher { Column = TextPattern.Exactly("seen"), Class = IdentifierClass.Date, Origin = "test" },
        ]);

    private static AccessPolicy MaskedPolicy { get; } = new(
        [
            new AccessRule { Name = "no structure", Risk = new RiskCondition { AnyOf = RiskClasses.Schema }, Verdict = Verdict.Refuse },
            new AccessRule { Name = "masked", Risk = new RiskCondition { Within = ~RiskClasses.None }, Verdict = Verdict.Mask, Profile = MaskProfile.Redacted },
        ],
        "masked, no structure");

    private static TestCaseData Conversation(string name, params Func<byte[], byte[]>[] commands) => new TestCaseData([commands]).SetArgDisplayNames(name);

    private static Func<byte[], byte[]> Query(string text) => _ => [3, .. Encoding.UTF8.GetBytes(text)];

    private static Func<byte[], byte[]> Prepare(string text) => _ => [22, .. Encoding.UTF8.GetBytes(text)];

    private static Func<byte[], byte[]> Execute(byte flags, byte[] parameters) => Of(23, [flags, 1, 0, 0, 0, .. parameters]);

    /// <summary>A command of the statement that was prepared last.</summary>
    private static Func<byte[], byte[]> Of(byte command, params byte[] rest) => id => [command, .. id, .. rest];

    private async Task<(byte[] Received, List<TranscriptPart> Parts)> PlayAsync(AccessPolicy policy, uint forms, Func<byte[], byte[]>[] commands)
    {
        using var directory = new TemporaryDirectory();
        await using var journal = await MappedJournal.OpenAsync(
            new JournalOptions { Directory = directory.Path, SegmentBytes = 32 << 20, RecordBytesMax = 4 << 20 }, TimeProvider.System, CancellationToken.None);
        var capabilities = MySqlWireClient.PlainCapabilities | forms;
        var judge = new SessionJudge(Agent, "test", _database, new SwitchablePolicy(policy), _catalogue, new MaskPlanner(_keys), TimeProvider.System);
        byte[] received = [];
        byte[] id = [1, 0, 0, 0];
        Guid session;
        await using (var played = await MySqlDialectSession.OpenAsync(_server, _database, capabilities, FrontEnd, judge, journal))
        {
            session = played.Id;
            foreach (var command in commands)
            {
                var payload = command(id);
                await played.Client.SendPacketAsync(0, payload);
                if (payload[0] is 24 or 25) continue; // These have no reply.
                var reply = await played.Client.ReplyAsync(payload[0], (forms & MySqlWireClient.DeprecateEof) != 0);
                if (payload[0] is 22 && reply[0].IsOk) id = reply[0].Payload[1..5];
                received = [.. received, .. reply.SelectMany(static packet => MySqlWireClient.Packet(packet.Sequence, packet.Payload))];
            }

            played.RecordClosed();
        }

        await _server.ExecuteAsync(_database, "delete from masked where n > 4");
        return (received, [.. SessionTranscript.Read(directory.Path, session, keys: null)]);
    }
}
