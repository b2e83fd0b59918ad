using System.Buffers.Binary;
using System.Buffers.Text;
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
        // Keys of rows are integers nearly always: these allocate nothing.
        if (type is not (MySqlFieldType.Float or MySqlFieldType.Double or MySqlFieldType.Date or MySqlFieldType.DateTime or MySqlFieldType.Timestamp or MySqlFieldType.Time))
            return destination[..WriteInteger(isUnsigned, value, destination)];
        var text = Text(type, value);
        return destination[..Encoding.ASCII.GetBytes(text, destination)];
    }

    private static int WriteInteger(bool isUnsigned, ReadOnlySpan<byte> value, Span<byte> destination)
    {
        int length;
        var isWritten = (value.Length, isUnsigned) switch
        {
            (1, true) => Utf8Formatter.TryFormat(value[0], destination, out length),
            (1, false) => Utf8Formatter.TryFormat((sbyte)value[0], destination, out length),
            (2, true) => Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt16LittleEndian(value), destination, out length),
            (2, false) => Utf8Formatter.TryFormat(BinaryPrimitives.ReadInt16LittleEndian(value), destination, out length),
            (4, true) => Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt32LittleEndian(value), destination, out length),
            (4, false) => Utf8Formatter.TryFormat(BinaryPrimitives.ReadInt32LittleEndian(value), destination, out length),
            (8, true) => Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt64LittleEndian(value), destination, out length),
            (8, false) => Utf8Formatter.TryFormat(BinaryPrimitives.ReadInt64LittleEndian(value), destination, out length),
            _ => (length = 0) == 0,
        };
        return isWritten ? length : 0;
    }

    private static string Text(MySqlFieldType type, ReadOnlySpan<byte> value) => (type, value.Length) switch
    {
        (MySqlFieldType.Float, 4) => BinaryPrimitives.ReadSingleLittleEndian(value).ToString("R", CultureInfo.InvariantCulture),
        (MySqlFieldType.Double, 8) => BinaryPrimitives.ReadDoubleLittleEndian(value).ToString("R", CultureInfo.InvariantCulture),
        (MySqlFieldType.Date or MySqlFieldType.DateTime or MySqlFieldType.Timestamp, >= 4) => Moment(type, value),
        (MySqlFieldType.Time, 8 or 12) => Time(value),
        _ => "",
    };

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
