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

    /// <summary>Whether the type has a redaction of every length that a value of it can have.</summary>
    public bool HasEveryLength { get; init; } = true;

    /// <summary>The same for arrays of it.</summary>
    public bool ArraysHaveEveryLength { get; init; } = true;

    public override string ToString() => Type;

    public static IEnumerable<MaskingSamples> All
    {
        get
        {
            foreach (var samples in Scalars)
            {
                yield return samples;
                if (ArrayOids.TryGetValue(samples.Oid, out var array))
                    yield return samples with { Type = samples.Type + "[]", Oid = array, Values = ArraysOf(samples.Values, samples.Oid == PostgresTypeOid.Box ? ';' : ','), HasEveryLength = samples.HasEveryLength && samples.ArraysHaveEveryLength };
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
        new("bit(8)", PostgresTypeOid.Bit, 8, Bits(8, 8)) { ArraysHaveEveryLength = false },
        new("bit(21)", PostgresTypeOid.Bit, 21, Bits(21, 21)) { ArraysHaveEveryLength = false },
        new("bit(300)", PostgresTypeOid.Bit, 300, Bits(300, 300)) { ArraysHaveEveryLength = false },
        new("varbit(20)", PostgresTypeOid.Varbit, 20, Bits(0, 20)) { ArraysHaveEveryLength = false },
        new("varbit", PostgresTypeOid.Varbit, -1, Bits(0, 90)),
        new("inet", PostgresTypeOid.Inet, -1, Addresses) { HasEveryLength = false },
        new("cidr", PostgresTypeOid.Cidr, -1, OneOf("10.0.0.0/8", "192.168.7.0/24", "1.2.3.4/32", "::/0", "2001:db8::/32", "2001:db8::1/128")) { HasEveryLength = false },
        new("macaddr", PostgresTypeOid.Macaddr, -1, Gen.Byte.Array[6].Select(bytes => Convert.ToHexStringLower(bytes))) { HasEveryLength = false },
        new("macaddr8", PostgresTypeOid.Macaddr8, -1, Gen.Byte.Array[8].Select(bytes => Convert.ToHexStringLower(bytes))) { HasEveryLength = false },
        new("money", PostgresTypeOid.Money, -1, Gen.OneOf(Gen.Long[-99999999999, 99999999999].Select(cents => $"{cents / 100}.{Math.Abs(cents % 100):00}"), OneOf("0", "-0.01", "92233720368547758.07", "-92233720368547758.08"))),
        new("xml", PostgresTypeOid.Xml, -1, OneOf("<a>b</a>", "plain", "<?xml version=\"1.0\" encoding=\"utf-8\"?><a/>", "<a>ß 漢</a>")),
        new("tsvector", PostgresTypeOid.Tsvector, -1, OneOf("", "'a':1A 'b c':2,3", "a fat cat")) { HasEveryLength = false },
        new("tsquery", PostgresTypeOid.Tsquery, -1, OneOf("a", "'fat' & ('rat' | !'cat')", "a:AB <-> b:*")),
        new("point", PostgresTypeOid.Point, -1, Points),
        new("line", PostgresTypeOid.Line, -1, OneOf("{1,2,3}", "{-1,0,5.5}")) { HasEveryLength = false },
        new("lseg", PostgresTypeOid.Lseg, -1, Gen.Select(Points, Points, (a, b) => $"[{a},{b}]")),
        new("box", PostgresTypeOid.Box, -1, Gen.Select(Points, Points, (a, b) => $"{a},{b}")),
        new("path", PostgresTypeOid.Path, -1, Gen.Select(Points.Array[1, 5], Gen.Bool, (p, open) => open ? $"[{string.Join(',', p)}]" : $"({string.Join(',', p)})")) { ArraysHaveEveryLength = false },
        new("polygon", PostgresTypeOid.Polygon, -1, Points.Array[1, 5].Select(p => $"({string.Join(',', p)})")),
        new("circle", PostgresTypeOid.Circle, -1, Gen.Select(Points, Gen.Int[0, 99], (p, r) => $"<{p},{r}>")),
        new("jsonpath", PostgresTypeOid.Jsonpath, -1, OneOf("$", "$.a[*] ? (@ > 1)", "strict $.\"x y\"")),
        new("pg_lsn", PostgresTypeOid.PgLsn, -1, OneOf("0/0", "16/B374D848", "FFFFFFFF/FFFFFFFF")),
        new("oid", PostgresTypeOid.Oid, -1, OneOf("0", "26", "4294967295")),
        new("regclass", 2205, -1, OneOf("pg_class", "-", "2605")),
        new("regtype", 2206, -1, OneOf("integer", "-", "timestamp with time zone")),
        new("xid", PostgresTypeOid.Xid, -1, OneOf("3", "4294967295")),
        new("xid8", PostgresTypeOid.Xid8, -1, OneOf("3", "18446744073709551615")),
        new("tid", PostgresTypeOid.Tid, -1, OneOf("(0,1)", "(77,3)")),
        new("int4range", 3904, -1, OneOf("empty", "[1,5)", "(,3)", "[7,)", "(,)")) { HasEveryLength = false },
        new("numrange", 3906, -1, OneOf("empty", "[1.5,5.25]", "(,3)")) { HasEveryLength = false },
        new("tstzrange", 3910, -1, OneOf("empty", "[2001-02-03 04:05:06+00,2002-01-01 00:00:00+00)", "(,)")) { HasEveryLength = false },
        new("daterange", 3912, -1, OneOf("empty", "[2001-02-03,2002-01-01)", "(,)")) { HasEveryLength = false },
        new("int8multirange", 4536, -1, OneOf("{}", "{[1,5)}", "{[1,5),[9,12)}")) { HasEveryLength = false },
        new("datemultirange", 4535, -1, OneOf("{}", "{[2001-02-03,2002-01-01)}")) { HasEveryLength = false },
    ];

    private static Gen<string> Addresses => Gen.OneOf(
        Gen.Byte.Array[4].Select(bytes => new System.Net.IPAddress(bytes).ToString()),
        Gen.Byte.Array[16].Select(bytes => new System.Net.IPAddress(bytes).ToString()),
        OneOf("10.1.2.3/8", "::", "::1", "1::", "2001:db8::2/64", "::ffff:1.2.3.4", "::1.2.3.4", "1:0:0:2:0:0:0:3", "fe80::1:0:0"));

    private static Gen<string> Points => Gen.Select(Gen.Int[-99, 99], Gen.Double[-9, 9], (x, y) => $"({x},{Text(y)})");

    private static Gen<string> Bits(int min, int max) => Gen.Bool.Array[min, max].Select(bits => string.Concat(bits.Select(bit => bit ? '1' : '0')));

    private static Dictionary<uint, uint> ArrayOids { get; } = Enumerable.Range(100, 7000)
        .Select(oid => (uint)oid)
        .Where(oid => PostgresTypeOid.ElementOf(oid) != oid)
        .ToDictionary(PostgresTypeOid.ElementOf);

    private static Gen<string> ArraysOf(Gen<string> values, char delimiter) => Gen.Frequency(
        (1, Gen.Const("{}")),
        (4, values.Array[1, 5].Select(a => OneDimension(a, delimiter))),
        (1, Gen.Select(values.Array[2, 2], values.Array[2, 2], (a, b) => $"{{{OneDimension(a, delimiter)}{delimiter}{OneDimension(b, delimiter)}}}")),
        (1, values.Array[2, 2].Select(a => "[-1:0]=" + OneDimension(a, delimiter))),
        (1, values.Array[1, 3].Select(a => $"{{NULL{delimiter}{OneDimension(a, delimiter)[1..]}")));

    private static string OneDimension(string[] values, char delimiter) =>
        "{" + string.Join(delimiter, values.Select(v => '"' + v.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"')) + "}";

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static int NumericModifier(int precision, int scale) => ((precision << 16) | (scale & 0x7FF)) + 4;

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(value is float or double ? "R" : "D", CultureInfo.InvariantCulture);

    private static string Cut(string word, int length) => word.Length <= length ? word : word[..length];
}
