using System.Buffers;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;

namespace Proxy.Tests.Core.Journal;

public sealed class JournalFormatterTests
{
    private const string Statement = "select ssn from patients where name = 'Ada'";
    private static readonly string[] RiskNames = ["read", "phi_read"];

    [Test]
    public void A_statement_is_shown_only_when_asked_for()
    {
        JsonElement hidden = Format(IntentEntry(Encoding.UTF8.GetBytes(Statement)), default);
        JsonElement shown = Format(IntentEntry(Encoding.UTF8.GetBytes(Statement)), new JournalFormatterOptions(true, false));
        Assert.That(hidden.ToString(), Does.Not.Contain("Ada"));
        Assert.That(hidden.GetProperty("text_bytes").GetInt32(), Is.EqualTo(Statement.Length));
        Assert.That(shown.GetProperty("text").GetString(), Is.EqualTo(Statement));
    }

    [Test]
    public void A_statement_that_is_not_utf8_is_shown_as_base64()
    {
        byte[] latin1 = [0x73, 0xE9, 0xFF];
        JsonElement shown = Format(IntentEntry(latin1), new JournalFormatterOptions(true, false));
        Assert.That(shown.GetProperty("text_base64").GetBytesFromBase64(), Is.EqualTo(latin1));
    }

    [Test]
    public void Parameters_are_shown_only_when_asked_for()
    {
        byte[] parameters = Encoding.UTF8.GetBytes("912-57-3461");
        var record = new ExecutionRecord { IntentNumber = 7, Parameters = parameters };
        JournalEntry entry = Entry(in record);
        Assert.That(Format(entry, default).TryGetProperty("parameters_base64", out _), Is.False);
        JsonElement shown = Format(entry, new JournalFormatterOptions(false, true));
        Assert.That(shown.GetProperty("parameters_base64").GetBytesFromBase64(), Is.EqualTo(parameters));
        Assert.That(shown.GetProperty("intent").GetInt64(), Is.EqualTo(7));
    }

    [Test]
    public void Risk_verdict_and_fingerprint_are_named()
    {
        JsonElement shown = Format(IntentEntry([]), default);
        Assert.That(shown.GetProperty("risk").EnumerateArray().Select(risk => risk.GetString()), Is.EqualTo(RiskNames));
        Assert.That(shown.GetProperty("verdict").GetString(), Is.EqualTo("mask"));
        Assert.That(shown.GetProperty("fingerprint").GetString(), Is.EqualTo("ffffffffffffffff"));
        Assert.That(shown.GetProperty("number").GetInt64(), Is.EqualTo(42));
    }

    [Test]
    public void Damage_is_a_line_with_its_place()
    {
        var output = new ArrayBufferWriter<byte>();
        using var formatter = new JournalFormatter(output, default);
        formatter.Write(new JournalDamage(3, 4096, DamageKind.Checksum, 17, RecordKind.None));
        JsonElement line = JsonDocument.Parse(output.WrittenMemory).RootElement;
        Assert.That(line.GetProperty("damage").GetString(), Is.EqualTo("checksum"));
        Assert.That(line.GetProperty("segment").GetInt64(), Is.EqualTo(3));
        Assert.That(line.GetProperty("offset").GetInt64(), Is.EqualTo(4096));
    }

    [Test]
    public void A_kind_from_a_newer_program_is_shown_by_number()
    {
        var entry = new JournalEntry(1, DateTimeOffset.UnixEpoch, (RecordKind)999, 1, 1, 4096, new byte[5]);
        JsonElement line = Format(entry, default);
        Assert.That(line.GetProperty("kind").GetString(), Is.EqualTo("999"));
        Assert.That(line.GetProperty("body_bytes").GetInt32(), Is.EqualTo(5));
    }

    private static JournalEntry IntentEntry(byte[] text)
    {
        var record = new IntentRecord
        {
            Text = text,
            Fingerprint = ulong.MaxValue,
            Risk = RiskClasses.Read | RiskClasses.PhiRead,
            Verdict = Verdict.Mask,
        };
        return Entry(in record);
    }

    private static JournalEntry Entry<TRecord>(in TRecord record) where TRecord : IJournalRecord, allows ref struct
    {
        byte[] body = new byte[record.Measure()];
        record.Write(body);
        return new JournalEntry(42, DateTimeOffset.UnixEpoch, record.Kind, 1, 1, 4096, body);
    }

    private static JsonElement Format(in JournalEntry entry, JournalFormatterOptions options)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var formatter = new JournalFormatter(output, options))
            formatter.Write(entry);
        Assert.That(output.WrittenSpan.Count((byte)'\n'), Is.EqualTo(1));
        Assert.That(output.WrittenSpan[^1], Is.EqualTo((byte)'\n'));
        return JsonDocument.Parse(output.WrittenMemory).RootElement;
    }
}
