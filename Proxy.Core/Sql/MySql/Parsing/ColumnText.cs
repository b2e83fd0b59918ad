using System.Text;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>What the server calls a column by the text of its expression: as many bytes as a name may have, of whole characters (Item::set_name of MariaDB's item.cc) [ran].</summary>
internal static class ColumnText
{
    public const int BytesMax = 255;

    public static string Of(ReadOnlySpan<byte> text)
    {
        int length = Math.Min(text.Length, BytesMax);
        while (length < text.Length && (text[length] & 0xC0) == 0x80) length--;
        return Encoding.UTF8.GetString(text[..length]);
    }

    /// <summary>Of a string, without what stands before its first letter or sign.</summary>
    public static string OfLiteral(string value)
    {
        int start = 0;
        while (start < value.Length && value[start] is <= ' ' or '\u007F') start++;
        return start == 0 && value.Length <= BytesMax / 3 ? value : Of(Encoding.UTF8.GetBytes(value[start..]));
    }
}
