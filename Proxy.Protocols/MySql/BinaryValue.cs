using System.Runtime.CompilerServices;
using Proxy.Core.Masking.MySql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>How long values of the binary protocol are (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html).</summary>
internal static class BinaryValue
{
    /// <summary>It says its length itself.</summary>
    public const int Counted = -1;

    /// <summary>Nobody knows the type.</summary>
    public const int Unknown = -2;

    private static readonly sbyte[] Lengths = CreateLengths();

    /// <summary>Bytes of every value of the type, or <see cref="Counted"/>, or <see cref="Unknown"/>.</summary>
    public static int FixedLength(MySqlFieldType type) => Lengths[(byte)type];

    /// <summary>Measures the value that begins here: bytes of its length, and of its content. False when it is not whole or of no known type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMeasure(MySqlFieldType type, ReadOnlySpan<byte> bytes, out int prefix, out int length)
    {
        prefix = 0;
        length = FixedLength(type);
        if (length == Unknown) return false;
        if (length >= 0) return bytes.Length >= length;
        if (!LengthEncoded.TryRead(bytes, out var counted, out prefix) || counted > bytes.Length - prefix) return false;
        length = (int)counted;
        return true;
    }

    /// <summary>
    /// Whether a server reads a parameter of the type as the protocol says. MariaDB takes some that only stand in rows for NULL and reads no bytes, so that those behind
    /// it become other values than were recorded [ran: INT24, YEAR, BIT, GEOMETRY].
    /// </summary>
    public static bool IsOfParameters(MySqlFieldType type) => type is
        MySqlFieldType.Null or MySqlFieldType.Tiny or MySqlFieldType.Short or MySqlFieldType.Long or MySqlFieldType.LongLong or MySqlFieldType.Float or MySqlFieldType.Double
        or MySqlFieldType.Decimal or MySqlFieldType.NewDecimal or MySqlFieldType.Date or MySqlFieldType.DateTime or MySqlFieldType.Timestamp or MySqlFieldType.Time
        or MySqlFieldType.VarChar or MySqlFieldType.VarString or MySqlFieldType.String or MySqlFieldType.Json or MySqlFieldType.Enum or MySqlFieldType.Set
        or MySqlFieldType.TinyBlob or MySqlFieldType.MediumBlob or MySqlFieldType.LongBlob or MySqlFieldType.Blob;

    private static sbyte[] CreateLengths()
    {
        var lengths = new sbyte[byte.MaxValue + 1]; // One for every byte: no index is out of range.
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = LengthOf((MySqlFieldType)i);
        return lengths;
    }

    private static sbyte LengthOf(MySqlFieldType type) => type switch
    {
        MySqlFieldType.Null => 0,
        MySqlFieldType.Tiny => 1,
        MySqlFieldType.Short or MySqlFieldType.Year => 2,
        MySqlFieldType.Long or MySqlFieldType.Int24 or MySqlFieldType.Float => 4,
        MySqlFieldType.LongLong or MySqlFieldType.Double => 8,
        MySqlFieldType.Date or MySqlFieldType.DateTime or MySqlFieldType.Timestamp or MySqlFieldType.Time
            or MySqlFieldType.Decimal or MySqlFieldType.NewDecimal or MySqlFieldType.VarChar or MySqlFieldType.VarString or MySqlFieldType.String
            or MySqlFieldType.Bit or MySqlFieldType.Json or MySqlFieldType.Enum or MySqlFieldType.Set or MySqlFieldType.Geometry
            or MySqlFieldType.TinyBlob or MySqlFieldType.MediumBlob or MySqlFieldType.LongBlob or MySqlFieldType.Blob => Counted,
        _ => Unknown,
    };
}
