namespace Proxy.Core.Masking;

/// <summary>
/// The kind of value a token stands for; the first byte under the key. Types whose values compare as equal share one: a varchar and a
/// text, a smallint and a bigint. The numbers are in every token ever shown: never reuse one.
/// </summary>
internal enum ValueTag : byte
{
    Text = 1,
    Integer = 2,
    Float = 3,
    Numeric = 4,
    Bytea = 5,
    Date = 6,
    Time = 7,
    TimeTz = 8,
    Timestamp = 9,
    TimestampTz = 10,
    Interval = 11,
    Uuid = 12,
    Json = 13,
    Bits = 14,
    Network = 15,
    MacAddress = 16,
    MacAddress8 = 17,
    Money = 18,
    Xml = 19,
}
