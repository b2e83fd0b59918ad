using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Proxy.Core.Masking.MySql;

namespace Proxy.Protocols.MySql;

/// <summary>Values of the binary protocol as the server would write them in text.</summary>
internal static class BinaryText
{
    public const int BytesMax = 64;

    /// <summary>Whether the binary form is the text itself.</summary>
    public static bool IsText(MySqlFieldType type) => BinaryValue.FixedLength(type) == -1
        && type is not (MySqlFieldType.Date or MySqlFieldType.DateTime or MySqlFieldType.Timestamp or MySqlFieldType.Time);

    /// <summary>Writes the value and returns what was written; a malformed one gives nothing.</summary>
    public static ReadOnlySpan<byte> Write(MySqlFieldType type, bool isUnsigned, ReadOnlySpan<byte> value, Span<byte> destination)
    {
        var text = Text(type, isUnsigned, value);
        return destination[..Encoding.ASCII.GetBytes(text, destination)];
    }

    private static string Text(MySqlFieldType type, bool isUnsigned, ReadOnlySpan<byte> value) => (type, value.Length) switch
    {
        (MySqlFieldType.Float, 4) => BinaryPrimitives.ReadSingleLittleEndian(value).ToString("R", CultureInfo.InvariantCulture),
        (MySqlFieldType.Double, 8) => BinaryPrimitives.ReadDoubleLittleEndian(value).ToString("R", CultureInfo.InvariantCulture),
        (MySqlFieldType.Date or MySqlFieldType.DateTime or MySqlFieldType.Timestamp, >= 4) => Moment(type, value),
        (MySqlFieldType.Time, 8 or 12) => Time(value),
        (_, 1) => isUnsigned ? Invariant(value[0]) : Invariant((sbyte)value[0]),
        (_, 2) => isUnsigned ? Invariant(BinaryPrimitives.ReadUInt16LittleEndian(value)) : Invariant(BinaryPrimitives.ReadInt16LittleEndian(value)),
        (_, 4) => isUnsigned ? Invariant(BinaryPrimitives.ReadUInt32LittleEndian(value)) : Invariant(BinaryPrimitives.ReadInt32LittleEndian(value)),
        (_, 8) => isUnsigned
            ? BinaryPrimitives.ReadUInt64LittleEndian(value).ToString(CultureInfo.InvariantCulture)
            : Invariant(BinaryPrimitives.ReadInt64LittleEndian(value)),
        _ => "",
    };

    private static string Invariant(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Moment(MySqlFieldType type, ReadOnlySpan<byte> value)
    {
        var date = string.Create(CultureInfo.InvariantCulture, $"{BinaryPrimitives.ReadUInt16LittleEndian(value):D4}-{value[2]:D2}-{value[3]:D2}");
        if (type is MySqlFieldType.Date) return date;
        return value.Length < 7 ? date + " 00:00:00" : string.Create(CultureInfo.InvariantCulture, $"{date} {value[4]:D2}:{value[5]:D2}:{value[6]:D2}{Fraction(value[7..])}");
    }

    private static string Time(ReadOnlySpan<byte> value)
    {
        var hours = (24L * BinaryPrimitives.ReadUInt32LittleEndian(value[1..])) + value[5];
        return string.Create(CultureInfo.InvariantCulture, $"{(value[0] == 1 ? "-" : "")}{hours:D2}:{value[6]:D2}:{value[7]:D2}{Fraction(value[8..])}");
    }

    private static string Fraction(ReadOnlySpan<byte> value) =>
        value.Length < 4 ? "" : string.Create(CultureInfo.InvariantCulture, $".{BinaryPrimitives.ReadUInt32LittleEndian(value):D6}");
}
