using System.Globalization;
using CsCheck;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Tests.Core.Masking.Postgres;

/// <summary>A column type and values of it, as a person would write them for the server.</summary>
public sealed record MaskingSamples(string Type, uint Oid, int Modifier, Gen<string> Values)
{
    private static readonly Gen<string> Words = Gen.Frequency(
        (3, Gen.String[Gen.Char["abcxyzäß漢 \t'\"\\{},NULL0123"], 0, 12]),
        (1, Gen.String[Gen.Char["ab "], 0, 200]),
        (1, Gen.Const("NULL")),
        (1, Gen.Const("")));

    private static readonly Gen<string> Dates = Gen.Frequency(
        (8, Gen.Select(Gen.Int[1, 9999], Gen.Int[1, 12], Gen.Int[1, 28], (y, m, d) => $"{y:0000}-{m:00}-{d:00}")),
        (1, Gen.Const("infinity")), (1, Gen.Const("-infinity")), (1, Gen.Const("0044-03-15 BC")), (1, Gen.Const("2000-02-29")),
        (1, Gen.Const("12345-01-01")), (1, Gen.Const("1900-01-01")));

    private static readonly Gen<string> Times = Gen.Frequency(
        (5, Gen.Select(Gen.Int[0, 23], Gen.Int[0, 59], Gen.Int[0, 59], Gen.Int[0, 999999], (h, m, s, f) => $"{h:00}:{m:00}:{s:00}.{f:000000}")),
        (3, Gen.Select(Gen.Int[0, 23], Gen.Int[0, 59], Gen.Int[0, 59], (h, m, s) => $"{h:00}:{m:00}:{s:00}")),
        (1, Gen.Const("00:00:00")));

    private static readonly Gen<string> Zones = OneOf("+00", "-08", "+05:30", "-03:30", "+14", "-12");

    private static readonly Gen<string> Timestamps = Gen.Frequency(
        (8, Gen.Select(Gen.Int[1, 9999], Gen.Int[1, 12], Gen.Int[1, 28], Times, (y, m, d, t) => $"{y:0000}-{m:00}-{d:00} {t}")),
        (1, Gen.Const("infinity")), (1, Gen.Const("-infinity")), (1, Gen.Const("0044-03-15 12:00:00.5 BC")));

    private static readonly Gen<string> Numerics = Gen.Frequency(
        (4, Gen.Select(Gen.Long[-99999999, 99999999], Gen.Int[0, 9999999], Gen.Int[0, 9], (w, f, z) => $"{w}.{f}{new string('0', z)}")),
        (2, Gen.Int[-3, 3].Select(i => i.ToString(CultureInfo.InvariantCulture))),
        (2, Gen.Select(Gen.Int[1, 99], Gen.Int[0, 60], (d, z) => $"{d}{new string('0', z)}")),
        (2, Gen.Select(Gen.Int[1, 99999], Gen.Int[0, 60], (d, z) => $"-0.{new string('0', z)}{d}00")),
        (1, OneOf("0.000", "NaN", "Infinity", "-Infinity", "10000", "0.0001", "99999999")));

    private static readonly Gen<string> Intervals = Gen.Frequency(
        (5, Gen.Select(Gen.Int[-30, 30], Gen.Int[-40, 40], Gen.Int[-100000, 100000], Gen.Int[0, 999999],
            (mo, d, s, f) => $"{mo} mons {d} days {s}.{f:000000} secs")),
        (2, Gen.Select(Gen.Int[-5, 5], Gen.Int[-2, 2], (d, h) => $"{d} days {h} hours")),
        (2, Gen.Select(Gen.Int[-5, 5], Gen.Int[-15, 15], (y, m) => $"{y} years {m} mons")),
        (1, OneOf("0", "30 days", "1 mon", "24 hours", "-00:00:00.5", "2000000:00:01", "-1 days -00:00:01", "1 sec", "1 day")));

    private static readonly Gen<string> Documents = Gen.Frequency(
        (3, Gen.Select(Gen.String[Gen.Char["abcxyz äß漢{},[]"], 0, 20], Gen.Int, (s, i) => $$"""{"name": "{{s}}", "n": {{i}}, "l": [1, null, true]}""")),
        (1, OneOf("null", "1", "\"x\"", "[]", "{}", "\"a\\\"b\\\\c\"")));

    private static readonly Gen<string> Bytes = Gen.Byte.Array[0, 40].Select(bytes => "\\x" + Convert.ToHexStringLower(bytes));

    public override string ToString() => Type;

    public static IEnumerable<MaskingSamples> All
    {
        get
        {
            foreach (var samples in Scalars)
            {
                yield return samples;
                if (ArrayOids.TryGetValue(samples.Oid, out var array))
                    yield return new MaskingSamples(samples.Type + "[]", array, samples.Modifier, ArraysOf(samples.Values));
            }
        }
    }

    private static IEnumerable<MaskingSamples> Scalars =>
    [
        new("int2", PostgresTypeOid.Int2, -1, Gen.Short.Select(Text)),
        new("int4", PostgresTypeOid.Int4, -1, Gen.OneOf(Gen.Int, Gen.Int[-3, 3]).Select(Text)),
        new("int8", PostgresTypeOid.Int8, -1, Gen.OneOf(Gen.Long, Gen.Long[-3, 3], Gen.Const(long.MinValue), Gen.Const(long.MaxValue)).Select(Text)),
        new("float4", PostgresTypeOid.Float4, -1, Gen.OneOf(Gen.Float.Select(Text), OneOf("-0", "NaN", "Infinity", "-Infinity", "1e-40"))),
        new("float8", PostgresTypeOid.Float8, -1, Gen.OneOf(Gen.Double.Select(Text), OneOf("-0", "NaN", "Infinity", "-Infinity", "5e-324"))),
        new("numeric", PostgresTypeOid.Numeric, -1, Numerics),
        new("numeric(5,2)", PostgresTypeOid.Numeric, NumericModifier(5, 2), Gen.Int[-99999, 99999].Select(n => $"{n}e-2")),
        new("numeric(2,2)", PostgresTypeOid.Numeric, NumericModifier(2, 2), Gen.Int[-99, 99].Select(n => $"{n}e-2")),
        new("numeric(3,5)", PostgresTypeOid.Numeric, NumericModifier(3, 5), Gen.Int[-999, 999].Select(n => $"{n}e-5")),
        new("numeric(3,-2)", PostgresTypeOid.Numeric, NumericModifier(3, -2), Gen.Int[-999, 999].Select(n => $"{n}e2")),
        new("numeric(60,50)", PostgresTypeOid.Numeric, NumericModifier(60, 50), Gen.Int[-999, 999].Select(n => $"{n}e-5")),
        new("bool", PostgresTypeOid.Bool, -1, Gen.Bool.Select(b => b ? "t" : "f")),
        new("text", PostgresTypeOid.Text, -1, Words),
        new("varchar(40)", PostgresTypeOid.Varchar, 44, Words.Select(word => Cut(word, 40))),
        new("varchar(18)", PostgresTypeOid.Varchar, 22, Words.Select(word => Cut(word, 18))),
        new("varchar(6)", PostgresTypeOid.Varchar, 10, Words.Select(word => Cut(word, 6))),
        new("varchar(1)", PostgresTypeOid.Varchar, 5, Words.Select(word => Cut(word, 1))),
        new("char(30)", PostgresTypeOid.Bpchar, 34, Words.Select(word => Cut(word, 30))),
        new("char(2)", PostgresTypeOid.Bpchar, 6, Words.Select(word => Cut(word, 2))),
        new("bpchar", PostgresTypeOid.Bpchar, -1, Words),
        new("name", PostgresTypeOid.Name, -1, Words.Select(word => Cut(word, 15))),
        new("\"char\"", PostgresTypeOid.Char, -1, OneOf("a", "M", "9")),
        new("bytea", PostgresTypeOid.Bytea, -1, Bytes),
        new("date", PostgresTypeOid.Date, -1, Dates),
        new("time", PostgresTypeOid.Time, -1, Times),
        new("time(0)", PostgresTypeOid.Time, 0, Times),
        new("timetz", PostgresTypeOid.TimeTz, -1, Gen.Select(Times, Zones, (t, z) => t + z)),
        new("timestamp", PostgresTypeOid.Timestamp, -1, Timestamps),
        new("timestamp(3)", PostgresTypeOid.Timestamp, 3, Timestamps),
        new("timestamptz", PostgresTypeOid.TimestampTz, -1, Timestamps),
        new("interval", PostgresTypeOid.Interval, -1, Intervals),
        new("uuid", PostgresTypeOid.Uuid, -1, Gen.Guid.Select(g => g.ToString())),
        new("json", PostgresTypeOid.Json, -1, Documents),
        new("jsonb", PostgresTypeOid.Jsonb, -1, Documents),
    ];

    private static Dictionary<uint, uint> ArrayOids { get; } = Enumerable.Range(100, 4000)
        .Select(oid => (uint)oid)
        .Where(oid => PostgresTypeOid.ElementOf(oid) != oid)
        .ToDictionary(PostgresTypeOid.ElementOf);

    private static Gen<string> ArraysOf(Gen<string> values) => Gen.Frequency(
        (1, Gen.Const("{}")),
        (4, values.Array[1, 5].Select(OneDimension)),
        (1, Gen.Select(values.Array[2, 2], values.Array[2, 2], (a, b) => $"{{{OneDimension(a)},{OneDimension(b)}}}")),
        (1, values.Array[2, 2].Select(a => "[-1:0]=" + OneDimension(a))),
        (1, values.Array[1, 3].Select(a => "{NULL," + OneDimension(a)[1..])));

    private static string OneDimension(string[] values) =>
        "{" + string.Join(',', values.Select(v => '"' + v.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"')) + "}";

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static int NumericModifier(int precision, int scale) => ((precision << 16) | (scale & 0x7FF)) + 4;

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(value is float or double ? "R" : "D", CultureInfo.InvariantCulture);

    private static string Cut(string word, int length) => word.Length <= length ? word : word[..length];
}
