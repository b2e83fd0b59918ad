using System.Buffers;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal.Answers;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Evidence;

/// <summary>What the record says that a client was sent is, byte for byte, what it got.</summary>
public sealed class ReplayTests
{
    private static readonly TestCaseData[] Conversations =
    [
        Conversation("simple query", PostgresRequests.Query("select n, 'value ' || n from generate_series(1, 20) n")),
        Conversation("several results", PostgresRequests.Query("select 1; select 'two', null; values (3), (4)")),
        Conversation("empty text", PostgresRequests.Query(" -- nothing")),
        Conversation("error", PostgresRequests.Query("select 1 / (n - 2) from generate_series(1, 3) n")),
        Conversation("no such table", PostgresRequests.Query("select * from not_there")),
        Conversation("syntax error", PostgresRequests.Query("selekt 1")),
        Conversation("refused", PostgresRequests.Query("create table made ()"), PostgresRequests.Query("select 'after the refusal'")),
        Conversation(
            "extended", PostgresRequests.Parse("s", "select $1::int + n from generate_series(1, 3) n"), PostgresRequests.Bind("", "s", "5"),
            PostgresRequests.Execute(""), PostgresRequests.Sync()),
        Conversation(
            "batch that fails half way", PostgresRequests.Parse("", "select 1"), PostgresRequests.Bind("", ""), PostgresRequests.Execute(""),
            PostgresRequests.Parse("", "select nonsense"), PostgresRequests.Bind("", ""), PostgresRequests.Execute(""), PostgresRequests.Sync()),
        Conversation("cursor", PostgresRequests.Query("begin"), PostgresRequests.Query("declare c cursor for select n from generate_series(1, 9) n"),
            PostgresRequests.Query("fetch 4 from c"), PostgresRequests.Query("commit")),
        Conversation(
            "binary", PostgresRequests.Parse("", "select n, name, seen from masked"), PostgresRequests.Bind("", "", (byte[]?[])[], resultFormats: [1]),
            PostgresRequests.DescribePortal(""), PostgresRequests.Execute(""), PostgresRequests.Sync()),
        Conversation(
            "suspended portal", PostgresRequests.Parse("", "select n, name from masked"), PostgresRequests.Bind("", ""), PostgresRequests.Execute("", rowLimit: 2),
            PostgresRequests.Execute("", rowLimit: 2), PostgresRequests.Execute(""), PostgresRequests.Sync()),
        Conversation("COPY to the client in text", PostgresRequests.Query("copy masked to stdout")),
        Conversation("COPY to the client in csv", PostgresRequests.Query("copy masked (name, n) to stdout (format csv, header)")),
        Conversation("COPY to the client in binary", PostgresRequests.Query("copy masked to stdout (format binary)")),
        Conversation(
            "COPY from the client", PostgresRequests.Parse("", "copy filled from stdin"), PostgresRequests.Bind("", ""), PostgresRequests.Execute(""),
            PostgresRequests.CopyData("1\n2\n"u8), PostgresRequests.CopyDone(), PostgresRequests.Sync()),
        Conversation(
            "COPY from the client that fails", PostgresRequests.Parse("", "copy filled from stdin"), PostgresRequests.Bind("", ""), PostgresRequests.Execute(""),
            PostgresRequests.CopyData("one\n"u8), PostgresRequests.CopyDone(), PostgresRequests.Sync(), PostgresRequests.Query("select 'after it'")),
        Conversation(
            "refused within a transaction", PostgresRequests.Query("begin"), PostgresRequests.Query("create table made ()"), PostgresRequests.Query("select 1"),
            PostgresRequests.Query("rollback")),
        Conversation(
            "refused in a batch", PostgresRequests.Parse("", "create table made ()"), PostgresRequests.Bind("", ""), PostgresRequests.Execute(""), PostgresRequests.Sync()),
        Conversation("more than a chunk", PostgresRequests.Query("select n, repeat('x', 500) from generate_series(1, 400) n")),
    ];

    [TestCaseSource(nameof(Conversations))]
    public async Task The_record_holds_every_byte_that_the_client_got(byte[][] messages)
    {
        var (received, parts) = await PlayAsync(MaskedPolicy, messages);
        Assert.That(parts.SelectMany(part => part.ToClient.ToArray()), Is.EqualTo(received));
        Assert.That(parts.All(part => part.IsComplete), Is.True);
    }

    [Test]
    public async Task Of_an_unmasked_answer_the_record_holds_a_digest_and_not_a_row()
    {
        var (received, parts) = await PlayAsync(GatewayHarness.ShowEverything, PostgresRequests.Query("select 'unmasked' from generate_series(1, 3)"));
        var outcome = parts.Select(part => part.Record).OfType<DecodedOutcome>().Single();
        const int readyForQuery = 6;
        Assert.That(outcome.Digest, Is.EqualTo(ExpectedAnswerDigest.Of(received.AsSpan(0, received.Length - readyForQuery))));
        Assert.That(outcome.AnswerMode, Is.EqualTo(AnswerMode.Digest));
        Assert.That(outcome.Answer, Is.Empty);
    }

    [Test]
    public async Task Of_a_long_answer_the_record_says_that_it_is_capped_and_has_the_digest_of_the_rest()
    {
        var (received, parts) = await PlayAsync(
            MaskedPolicy, PostgresRequests.Query("select n, repeat('x', 1000) from generate_series(1, 3000) n"));
        var outcome = parts.Select(part => part.Record).OfType<DecodedOutcome>().Single();
        const int readyForQuery = 6;
        Assert.That(outcome.IsAnswerCapped, Is.True);
        Assert.That(outcome.AnswerBytes, Is.EqualTo(received.Length - readyForQuery));
        var kept = (int)new AnswerPolicy().BytesMax;
        Assert.That(outcome.Digest, Is.EqualTo(ExpectedAnswerDigest.Of(received.AsSpan(kept, received.Length - kept - readyForQuery))));
        Assert.That(parts.Sum(part => part.ToClient.Length), Is.EqualTo(new AnswerPolicy().BytesMax + readyForQuery));
    }

    private const string Objects = """
        create table masked (n int, name text, seen date);
        insert into masked select n, 'name ' || n, date '2020-01-01' + n from generate_series(1, 5) n;
        insert into masked values (6, null, null);
        create table filled (n int);
        grant all on masked, filled to public;
        """;

    private static readonly ColumnClassification Classification = new(
        [
            new ColumnMatcher { Column = TextPattern.Exactly("n"), Class = IdentifierClass.NotPhi, Origin = "test" },
            new ColumnMatcher { Column = TextPattern.Exactly("name"), Class = IdentifierClass.Name, Origin = "test" },
            new ColumnMatcher { Column = TextPattern.Exactly("seen"), Class = IdentifierClass.Date, Origin = "test" },
        ]);

    private static AccessPolicy MaskedPolicy { get; } = new(
        [
            new AccessRule { Name = "no structure", Risk = new RiskCondition { AnyOf = RiskClasses.Schema }, Verdict = Verdict.Refuse },
            .. GatewayHarness.Masked(MaskProfile.Redacted).Rules,
        ],
        "masked, no structure");

    private static TestCaseData Conversation(string name, params byte[][] messages) => new TestCaseData([messages]).SetArgDisplayNames(name);

    private static async Task<(byte[] Received, List<TranscriptPart> Parts)> PlayAsync(AccessPolicy policy, params byte[][] messages)
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, Objects);
        await using var harness = await DialectHarness.StartAsync(server, database, policy, Classification);
        byte[] received = [];
        await using (var session = await harness.OpenAsync())
        {
            foreach (var batch in Batches(messages))
            {
                await session.Client.Output.WriteAsync(batch);
                received = [.. received, .. await ReceiveUntilReadyAsync(session)];
            }

            session.Dialect.RecordClosed("the test is over", 0, 0);
        }

        using var reader = new JournalReader(harness.JournalDirectory);
        Assert.That(reader.Read(), Is.EqualTo(JournalReadResult.Record));
        var id = new Guid(reader.Entry.Body.Span[..16], bigEndian: true);
        return (received, [.. SessionTranscript.Read(harness.JournalDirectory, id, keys: null)]);
    }

    /// <summary>What is sent before an answer is awaited: a Query, or everything up to a Sync.</summary>
    private static IEnumerable<byte[]> Batches(byte[][] messages)
    {
        byte[] batch = [];
        foreach (var message in messages)
        {
            batch = [.. batch, .. message];
            if (message[0] is not ((byte)'Q' or (byte)'S')) continue;
            yield return batch;
            batch = [];
        }
    }

    private static async Task<byte[]> ReceiveUntilReadyAsync(DialectSession session)
    {
        while (true)
        {
            var read = await session.Client.Input.ReadAsync();
            Assert.That(read.IsCompleted, Is.False, session.Reason);
            var bytes = read.Buffer.ToArray();
            if (bytes is [.., (byte)'Z', 0, 0, 0, 5, _])
            {
                session.Client.Input.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            session.Client.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
