using Proxy.Core.Masking.MySql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>How long values of the binary protocol are (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html).</summary>
internal static class BinaryValue
{
    /// <summary>Bytes of every value of the type; -1 where they say their length themselves, -2 for a type that nobody knows.</summary>
    public static int FixedLength(MySqlFieldType type) => type switch
    {
        MySqlFieldType.Null => 0,
        MySqlFieldType.Tiny => 1,
        MySqlFieldType.Short or MySqlFieldType.Year => 2,
        MySqlFieldType.Long or MySqlFieldType.Int24 or MySqlFieldType.Float => 4,
        MySqlFieldType.LongLong or MySqlFieldType.Double => 8,
        MySqlFieldType.Date or MySqlFieldType.DateTime or MySqlFieldType.Timestamp or MySqlFieldType.Time
            or MySqlFieldType.Decimal or MySqlFieldType.NewDecimal or MySqlFieldType.VarChar or MySqlFieldType.VarString or MySqlFieldType.String
            or MySqlFieldType.Bit or MySqlFieldType.Json or MySqlFieldType.Enum or MySqlFieldType.Set or MySqlFieldType.Geometry
            or MySqlFieldType.TinyBlob or MySqlFieldType.MediumBlob or MySqlFieldType.LongBlob or MySqlFieldType.Blob => -1,
        _ => -2,
    };

    /// <summary>Measures the value that begins here: bytes of its length, and of its content. False when it is not whole or of no known type.</summary>
    public static bool TryMeasure(MySqlFieldType type, ReadOnlySpan<byte> bytes, out int prefix, out int length)
    {
        prefix = 0;
        length = FixedLength(type);
        if (length == -2) return false;
        if (length >= 0) return bytes.Length >= length;
        if (!LengthEncoded.TryRead(bytes, out var counted, out prefix) || counted > bytes.Length - prefix) return false;
        length = (int)counted;
        return true;
    }
}
