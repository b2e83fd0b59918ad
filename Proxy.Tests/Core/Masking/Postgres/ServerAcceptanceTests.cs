using System.Text;
using CsCheck;
using Npgsql;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Masking.Postgres;

/// <summary>What a real server makes of masked values, under the settings that change how it writes.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ServerAcceptanceTests
{
    private const int ValuesPerType = 120;

    private static readonly MaskingKeys Keys = new(Enumerable.Range(7, 32).Select(i => (byte)i).ToArray());

    private NpgsqlConnection _connection = null!;

    /// <summary>Session settings, and how they write dates.</summary>
    private static IEnumerable<(string Settings, DateStyle Style)> Sessions =>
    [
        ("set datestyle = 'ISO, MDY'; set timezone = 'Asia/Kolkata'; set intervalstyle = postgres; set bytea_output = hex", DateStyle.Iso),
        ("set datestyle = 'ISO, DMY'; set timezone = 'America/St_Johns'; set intervalstyle = iso_8601; set bytea_output = escape", DateStyle.Iso),
        ("set datestyle = 'SQL, MDY'; set timezone = 'UTC'; set intervalstyle = sql_standard; set bytea_output = escape", DateStyle.SqlMonthFirst),
        ("set datestyle = 'SQL, DMY'; set timezone = 'UTC'; set intervalstyle = postgres_verbose; set bytea_output = hex", DateStyle.SqlDayFirst),
        ("set datestyle = 'German'; set timezone = 'UTC'; set intervalstyle = postgres; set bytea_output = hex", DateStyle.German),
        ("set datestyle = 'Postgres, MDY'; set timezone = 'UTC'; set intervalstyle = sql_standard; set bytea_output = hex", DateStyle.PostgresMonthFirst),
        ("set datestyle = 'Postgres, DMY'; set timezone = 'Etc/GMT-3'; set intervalstyle = postgres; set bytea_output = hex", DateStyle.PostgresDayFirst),
    ];

    private static IEnumerable<MaskingSamples> Types => MaskingSamples.All;

    [SetUp]
    public async Task Connect() => _connection = await (await SharedServers.PostgresAsync()).OpenAsync();

    [TearDown]
    public async Task Disconnect() => await _connection.DisposeAsync();

    [TestCaseSource(nameof(Types))]
    public Task Text_and_binary_of_a_value_give_the_same_token_and_the_server_takes_it_in_both(MaskingSamples samples) =>
        ForEverySession(samples, async (table, original, style) =>
        {
            var (fromText, fromBinary) = Mask(samples, MaskKind.Pseudonym, style, original);
            await table.FillFromTextAsync("t", fromText);
            await table.FillFromBinaryAsync("b", fromBinary);
            Assert.That(await table.CountAsync("select count(*) from t join b using (id) where t.v::text is distinct from b.v::text"), Is.Zero);
            Assert.That(await table.CountAsync("select count(*) from t where v is null"), Is.Zero);
            // The table may hold a value twice, and short domains collide: fewer tokens than values, never more.
            Assert.That(
                await table.CountAsync("select count(distinct v::text) from b"),
                Is.LessThanOrEqualTo(await table.CountAsync("select count(distinct v::text) from o")));
        });

    [TestCaseSource(nameof(Types))]
    public Task The_server_takes_a_redaction_in_both_formats(MaskingSamples samples) =>
        ForEverySession(samples, async (table, original, style) =>
        {
            var (fromText, fromBinary) = Mask(samples, MaskKind.Redact, style, original);
            await table.FillFromTextAsync("t", fromText);
            await table.FillFromBinaryAsync("b", fromBinary);
            Assert.That(await table.CountAsync("select count(*) from t join b using (id) where t.v::text is distinct from b.v::text"), Is.Zero);
            Assert.That(await table.CountAsync("select count(distinct v::text) + count(*) filter (where v is null) from t"), Is.EqualTo(1));
        });

    [TestCaseSource(nameof(Types))]
    public Task The_server_takes_a_redaction_of_the_same_length_in_both_formats(MaskingSamples samples) =>
        ForEverySession(samples, async (table, original, style) =>
        {
            await table.FillFromTextAsync("t", [.. original.Select(value => SameLength(samples, style, isBinary: false, value.Text))]);
            await table.FillFromBinaryAsync("b", [.. original.Select(value => SameLength(samples, style, isBinary: true, value.Binary))]);
            Assert.That(await table.CountAsync("select count(*) from t join b using (id)"), Is.EqualTo(original.Count));
        });

    private Task ForEverySession(
        MaskingSamples samples, Func<MaskingTable, IReadOnlyList<(byte[] Binary, byte[] Text)>, DateStyle, Task> check) =>
        samples.Values.Array[ValuesPerType].SampleAsync(
            async values =>
            {
                var table = new MaskingTable(_connection, samples.Type);
                await table.ExecuteAsync("set datestyle = 'ISO, MDY'; set timezone = 'UTC'; set intervalstyle = postgres");
                foreach (var name in (string[])["o", "t", "b"])
                    await table.CreateAsync(name);
                await table.FillFromTextAsync("o", [.. values.Select(value => Encoding.UTF8.GetBytes(value))]);
                foreach (var (settings, style) in Sessions)
                {
                    await table.ExecuteAsync($"delete from t; delete from b; {settings}");
                    await check(table, await table.ReadAsync("o"), style);
                }
            },
            iter: 1,
            threads: 1);

    private static (byte[]?[] FromText, byte[]?[] FromBinary) Mask(
        MaskingSamples samples, MaskKind kind, DateStyle style, IReadOnlyList<(byte[] Binary, byte[] Text)> original)
    {
        var domain = Keys.Domain("patients");
        var text = PostgresType.Mask(kind, samples.Oid, samples.Modifier, isBinary: false, domain, style);
        var binary = PostgresType.Mask(kind, samples.Oid, samples.Modifier, isBinary: true, domain, style);
        return (
            [.. original.Select(value => MaskedValue.Of(text, value.Text))],
            [.. original.Select(value => MaskedValue.Of(binary, value.Binary))]);
    }

    private static byte[]? SameLength(MaskingSamples samples, DateStyle style, bool isBinary, byte[] value)
    {
        var mask = PostgresType.Mask(MaskKind.Redact, samples.Oid, samples.Modifier, isBinary, domain: null, style);
        var hasLength = LengthPreservingRedactor.TryCreate(mask, value.Length, out var redactor);
        if (!hasLength && !samples.HasEveryLength)
            return null;
        Assert.That(hasLength, Is.True, $"{samples.Type}, {value.Length} bytes");
        var redacted = new byte[value.Length];
        redactor.Fill(0, redacted);
        return redacted;
    }
}
