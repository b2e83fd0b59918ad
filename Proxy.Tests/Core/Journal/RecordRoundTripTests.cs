using System.Buffers.Binary;
using CsCheck;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Segments;
using Proxy.Core.Masking;
using Proxy.Core.Policy;

namespace Proxy.Tests.Core.Journal;

/// <summary>For every kind: what is read is what was written, and a body a byte too short or too long is refused.</summary>
public sealed class RecordRoundTripTests
{
    private static readonly string[] Samples = ["", "a", "Grüße", "漢字", "🏥 ward 3", "\"quoted\"\n"];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Int[0, Samples.Length - 1].Select(index => Samples[index]), Gen.String[Gen.Char.AlphaNumeric, 0, 300]);

    private static readonly Gen<string[]> Texts = Text.Array[0, 12];
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 3000];
    private static readonly Gen<long[]> Longs = Gen.Long.Array[4];
    private static readonly Gen<Verdict> Verdicts = Gen.Enum<Verdict>();
    private static readonly Gen<MaskProfile> Profiles = Gen.Enum<MaskProfile>();
    private static readonly Gen<RiskClasses> Risks = Gen.Int[0, (1 << 14) - 1].Select(bits => (RiskClasses)bits);

    [Test]
    public void SessionOpened() => Gen.Select(Gen.Guid, Text.Array[12], Texts).Sample((session, texts, groups) =>
    {
        var decoded = Decode<DecodedSessionOpened, SessionOpenedRecord>(new SessionOpenedRecord
        {
            SessionId = session,
            Issuer = texts[0],
            Subject = texts[1],
            Agent = texts[2],
            Human = texts[3],
            Groups = groups,
            TokenId = texts[4],
            ClientAddress = texts[5],
            Target = texts[6],
            Database = texts[7],
            DatabaseUser = texts[8],
            Protocol = texts[9],
            ApplicationName = texts[10],
            PolicyVersion = texts[11],
        });
        Assert.That(decoded.SessionId, Is.EqualTo(session));
        Assert.That(decoded.Groups, Is.EqualTo(groups));
        string[] read =
        [
            decoded.Issuer, decoded.Subject, decoded.Agent, decoded.Human, decoded.TokenId, decoded.ClientAddress, decoded.Target,
            decoded.Database, decoded.DatabaseUser, decoded.Protocol, decoded.ApplicationName, decoded.PolicyVersion,
        ];
        Assert.That(read, Is.EqualTo(texts));
    });

    [Test]
    public void Subjects() => Gen.Select(Gen.Guid, Text, Longs, Gen.ULong.Array[0, 50]).Sample((session, kind, counts, codes) =>
    {
        var decoded = Decode<DecodedSubjects, SubjectsRecord>(new SubjectsRecord
        {
            SessionId = session,
            Statement = counts[0],
            SubjectKind = kind,
            Rows = counts[1],
            UnreadRows = counts[2],
            IsCapped = counts[3] % 2 == 0,
            Codes = codes,
        });
        Assert.That(
            (decoded.SessionId, decoded.Statement, decoded.SubjectKind, decoded.Rows, decoded.UnreadRows, decoded.IsCapped),
            Is.EqualTo((session, counts[0], kind, counts[1], counts[2], counts[3] % 2 == 0)));
        Assert.That(decoded.Codes, Is.EqualTo(codes));
    });

    [Test]
    public void SessionClosed() => Gen.Select(Gen.Guid, Text, Longs).Sample((session, reason, counts) =>
    {
        var decoded = Decode<DecodedSessionClosed, SessionClosedRecord>(new SessionClosedRecord
        {
            SessionId = session,
            Reason = reason,
            Statements = counts[0],
            Rows = counts[1],
            BytesFromClient = counts[2],
            BytesToClient = counts[3],
        });
        Assert.That((decoded.SessionId, decoded.Reason), Is.EqualTo((session, reason)));
        Assert.That(new[] { decoded.Statements, decoded.Rows, decoded.BytesFromClient, decoded.BytesToClient }, Is.EqualTo(counts));
    });

    [Test]
    public void SignInRefused() => Text.Array[4].Sample(texts =>
    {
        var decoded = Decode<DecodedSignInRefused, SignInRefusedRecord>(
            new SignInRefusedRecord { ClientAddress = texts[0], Target = texts[1], Code = texts[2], Detail = texts[3] });
        Assert.That(new[] { decoded.ClientAddress, decoded.Target, decoded.Code, decoded.Detail }, Is.EqualTo(texts));
    });

    [Test]
    public void Intent() => Gen.Select(Gen.Guid, Text.Array[3], Bytes, Longs, Gen.ULong, Risks, Verdicts, Profiles).Sample(
        (session, texts, statement, numbers, fingerprint, risk, verdict, profile) =>
        {
            var decoded = Decode<DecodedIntent, IntentRecord>(new IntentRecord
            {
                SessionId = session,
                StatementNumber = numbers[0],
                Phase = (IntentPhase)(numbers[1] & 1),
                StatementName = System.Text.Encoding.UTF8.GetBytes(texts[0]),
                Text = statement,
                Fingerprint = fingerprint,
                Risk = risk,
                Verdict = verdict,
                Rule = texts[1],
                Profile = profile,
                PolicyVersion = texts[2],
                CatalogueVersion = numbers[2],
            });
            Assert.That(decoded.Text, Is.EqualTo(statement));
            Assert.That(new[] { decoded.StatementName, decoded.Rule, decoded.PolicyVersion }, Is.EqualTo(texts));
            Assert.That(
                (decoded.SessionId, decoded.StatementNumber, decoded.Phase, decoded.CatalogueVersion),
                Is.EqualTo((session, numbers[0], (IntentPhase)(numbers[1] & 1), numbers[2])));
            Assert.That(
                (decoded.Fingerprint, decoded.Risk, decoded.Verdict, decoded.Profile), Is.EqualTo((fingerprint, risk, verdict, profile)));
        });

    [Test]
    public void Execution() => Gen.Select(Gen.Guid, Text.Array[3], Bytes, Bytes, Longs, Verdicts, Profiles).Sample(
        (session, texts, parameters, formats, numbers, verdict, profile) =>
        {
            var decoded = Decode<DecodedExecution, ExecutionRecord>(new ExecutionRecord
            {
                SessionId = session,
                StatementNumber = numbers[0],
                IntentNumber = numbers[1],
                PortalName = System.Text.Encoding.UTF8.GetBytes(texts[0]),
                Parameters = parameters,
                ResultFormats = formats,
                Verdict = verdict,
                Rule = texts[1],
                Profile = profile,
                PolicyVersion = texts[2],
                CatalogueVersion = numbers[2],
                MaxRows = numbers[3],
            });
            Assert.That(decoded.Parameters, Is.EqualTo(parameters));
            Assert.That(decoded.ResultFormats, Is.EqualTo(formats));
            Assert.That(new[] { decoded.PortalName, decoded.Rule, decoded.PolicyVersion }, Is.EqualTo(texts));
            Assert.That(
                new[] { decoded.StatementNumber, decoded.IntentNumber, decoded.CatalogueVersion, decoded.MaxRows }, Is.EqualTo(numbers));
            Assert.That((decoded.SessionId, decoded.Verdict, decoded.Profile), Is.EqualTo((session, verdict, profile)));
        });

    [Test]
    public void Refused() => Gen.Select(Gen.Guid, Gen.Long, Text.Array[3], Risks).Sample((session, intent, texts, risk) =>
    {
        var decoded = Decode<DecodedRefused, RefusedRecord>(new RefusedRecord
        {
            SessionId = session,
            IntentNumber = intent,
            Code = texts[0],
            SqlState = texts[1],
            Rule = texts[2],
            Risk = risk,
        });
        Assert.That((decoded.SessionId, decoded.IntentNumber, decoded.Risk), Is.EqualTo((session, intent, risk)));
        Assert.That(new[] { decoded.Code, decoded.SqlState, decoded.Rule }, Is.EqualTo(texts));
    });

    [Test]
    public void Outcome() => Gen.Select(Gen.Guid, Longs, Gen.Enum<OutcomeStatus>(), Text, Text, Gen.Int).Sample(
        (session, numbers, status, tag, sqlState, columns) =>
        {
            var decoded = Decode<DecodedOutcome, OutcomeRecord>(new OutcomeRecord
            {
                SessionId = session,
                Statement = numbers[0],
                Status = status,
                CommandTag = System.Text.Encoding.UTF8.GetBytes(tag),
                SqlState = System.Text.Encoding.UTF8.GetBytes(sqlState),
                Rows = numbers[1],
                Bytes = numbers[2],
                MaskedColumns = columns,
                ElapsedMicroseconds = numbers[3],
            });
            Assert.That(new[] { decoded.Statement, decoded.Rows, decoded.Bytes, decoded.ElapsedMicroseconds }, Is.EqualTo(numbers));
            Assert.That(
                (decoded.SessionId, decoded.Status, decoded.CommandTag, decoded.SqlState, decoded.MaskedColumns),
                Is.EqualTo((session, status, tag, sqlState, columns)));
        });

    [Test]
    public void ConfigurationChanged() => Gen.Select(Text.Array[3], Bytes).Sample((texts, digest) =>
    {
        var decoded = Decode<DecodedConfigurationChanged, ConfigurationChangedRecord>(
            new ConfigurationChangedRecord { OldVersion = texts[0], NewVersion = texts[1], ChangedBy = texts[2], Digest = digest });
        Assert.That(new[] { decoded.OldVersion, decoded.NewVersion, decoded.ChangedBy }, Is.EqualTo(texts));
        Assert.That(decoded.Digest, Is.EqualTo(digest));
    });

    [Test]
    public void ClockStepped() => Gen.Select(Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks], Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks]).Sample((expected, actual) =>
    {
        var decoded = Decode<DecodedClockStepped, ClockSteppedRecord>(
            new ClockSteppedRecord { Expected = new DateTimeOffset(expected, TimeSpan.Zero), Actual = new DateTimeOffset(actual, TimeSpan.Zero) });
        Assert.That((decoded.Expected.UtcTicks, decoded.Actual.UtcTicks), Is.EqualTo((expected, actual)));
    });

    [Test]
    public void Purged() => Gen.Select(Gen.Long.Array[5], Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks], Bytes, Bytes, Text).Sample((numbers, newest, chain, edge, rule) =>
    {
        var decoded = Decode<DecodedPurged, PurgedRecord>(new PurgedRecord
        {
            FirstSegment = numbers[0],
            LastSegment = numbers[1],
            FirstRecord = numbers[2],
            LastRecord = numbers[3],
            Entries = numbers[4],
            Newest = new DateTimeOffset(newest, TimeSpan.Zero),
            Chain = chain,
            Edge = edge,
            Rule = rule,
        });
        Assert.That(
            new[] { decoded.FirstSegment, decoded.LastSegment, decoded.FirstRecord, decoded.LastRecord, decoded.Entries, decoded.Newest.UtcTicks },
            Is.EqualTo(numbers.Append(newest)));
        Assert.That((decoded.Chain, decoded.Edge, decoded.Rule), Is.EqualTo((chain, edge, rule)));
    });

    [Test]
    public void ContentErased() => Gen.Select(Gen.Long.Array[4], Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks], Bytes, Text).Sample((numbers, newest, headers, rule) =>
    {
        var decoded = Decode<DecodedContentErased, ContentErasedRecord>(new ContentErasedRecord
        {
            FirstSegment = numbers[0],
            LastSegment = numbers[1],
            FirstRecord = numbers[2],
            LastRecord = numbers[3],
            Newest = new DateTimeOffset(newest, TimeSpan.Zero),
            Headers = headers,
            Rule = rule,
        });
        Assert.That(
            new[] { decoded.FirstSegment, decoded.LastSegment, decoded.FirstRecord, decoded.LastRecord, decoded.Newest.UtcTicks },
            Is.EqualTo(numbers.Append(newest)));
        Assert.That((decoded.Headers, decoded.Rule), Is.EqualTo((headers, rule)));
    });

    [Test]
    public void Kept() => Gen.Select(Gen.Long.Array[2], Gen.Byte.Array[32], Gen.Byte.Array[0, 300], Gen.Int[0, 40], Text, Gen.Byte.Array[0, 32]).Sample(
        (numbers, before, keptBody, steps, head, dataKey) =>
        {
            byte[] kept = Detached(number: 7, keptBody);
            byte[][] path = [.. Enumerable.Range(0, steps).Select(step => Enumerable.Repeat((byte)step, 32).ToArray())];
            var decoded = Decode<DecodedKept, KeptRecord>(new KeptRecord
            {
                Segment = numbers[0],
                Index = numbers[1],
                Before = before,
                Entry = kept,
                Path = path.SelectMany(static hash => hash).ToArray(),
                Head = head,
                DataKey = dataKey,
            });
            Assert.That((decoded.Segment, decoded.Index, decoded.Number, decoded.KeptKind), Is.EqualTo((numbers[0], numbers[1], 7L, RecordKind.AuditRead)));
            Assert.That((decoded.Before, decoded.Entry, decoded.Path, decoded.Head), Is.EqualTo((before, kept, path, head)));
            Assert.That(decoded.DataKey.ToArray(), Is.EqualTo(dataKey));
            Assert.That(decoded.Open().Body.ToArray(), Is.EqualTo(keptBody));
        });

    [TestCase(0, 31, TestName = "A record that was kept and is shorter than its header is refused")]
    [TestCase(0, 400, TestName = "A record that was kept and is longer than its bytes is refused")]
    [TestCase(8, 0, TestName = "A record that was kept without a number is refused")]
    public void What_cannot_have_been_a_record_was_not_kept(int offset, int value)
    {
        byte[] kept = Detached(number: 7, new byte[100]);
        BinaryPrimitives.WriteInt32LittleEndian(kept.AsSpan(offset), value);
        var record = new KeptRecord { Segment = 1, Index = 1, Before = new byte[32], Entry = kept, Path = [], Head = "" };
        byte[] body = Body(in record);
        Assert.That(() => RecordDecoder.Decode(Entry(RecordKind.Kept, body)), Throws.InstanceOf<JournalFormatException>());
    }

    [Test]
    public void Cancelled() => Gen.Select(Gen.Guid, Text).Sample((session, address) =>
    {
        var decoded = Decode<DecodedCancelled, CancelledRecord>(new CancelledRecord { SessionId = session, FromAddress = address });
        Assert.That((decoded.SessionId, decoded.FromAddress), Is.EqualTo((session, address)));
    });

    [Test]
    public void A_count_of_groups_that_cannot_be_is_refused_before_anything_is_allocated_for_it()
    {
        var record = new SessionOpenedRecord { Groups = ["a"] };
        byte[] body = Body(in record);
        int groups = 16 + 4 * 4;
        body.AsSpan(groups, 4).Fill(0x7F);
        Assert.That(() => RecordDecoder.Decode(Entry(RecordKind.SessionOpened, body)), Throws.InstanceOf<JournalFormatException>());
    }

    [Test]
    public void Records_print_nothing_of_what_they_hold()
    {
        var record = new IntentRecord { Text = "select 'Ada'"u8, Rule = "a-rule" };
        Assert.That(record.ToString(), Does.Not.Contain("Ada").And.Not.Contain("a-rule"));
        byte[] body = Body(in record);
        Assert.That(RecordDecoder.Decode(Entry(RecordKind.Intent, body)).ToString(), Is.EqualTo("Intent"));
        Assert.That(Entry(RecordKind.Intent, body).ToString(), Does.Not.Contain("Ada"));
    }

    private static TDecoded Decode<TDecoded, TRecord>(scoped TRecord record)
        where TDecoded : DecodedRecord
        where TRecord : IJournalRecord, allows ref struct
    {
        RecordKind kind = record.Kind;
        byte[] body = Body(in record);
        Assert.That(() => RecordDecoder.Decode(Entry(kind, body[..^1])), Throws.InstanceOf<JournalFormatException>(), "a byte short");
        Assert.That(() => RecordDecoder.Decode(Entry(kind, [.. body, 0])), Throws.InstanceOf<JournalFormatException>(), "a byte long");
        return (TDecoded)RecordDecoder.Decode(Entry(kind, body));
    }

    private static byte[] Body<TRecord>(scoped in TRecord record) where TRecord : IJournalRecord, allows ref struct
    {
        // A record that wrote less than it measured would leave these.
        byte[] body = new byte[record.Measure()];
        body.AsSpan().Fill(0xCC);
        record.Write(body);
        return body;
    }

    /// <summary>A record as it lies in a segment, with its padding.</summary>
    private static byte[] Detached(long number, byte[] body)
    {
        int length = RecordHeader.Bytes + body.Length;
        byte[] record = new byte[RecordHeader.Align(length)];
        RecordHeader.Announce(record.AsSpan(0, length), number, ticks: 1, RecordKind.AuditRead);
        BinaryPrimitives.WriteInt32LittleEndian(record, length);
        body.CopyTo(record, RecordHeader.Bytes);
        return record;
    }

    private static JournalEntry Entry(RecordKind kind, byte[] body) => new(1, DateTimeOffset.UnixEpoch, kind, 1, 1, 4096, body);
}
