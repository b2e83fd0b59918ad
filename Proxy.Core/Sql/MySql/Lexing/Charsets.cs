using System.Text;

namespace Proxy.Core.Sql.MySql.Lexing;

/// <summary>Character sets whose names, behind an underscore, stand before strings. Other words that begin so are names.</summary>
internal static class Charsets
{
    private static readonly byte[][] Names =
        [.. ("armscii8 ascii big5 binary cp1250 cp1251 cp1256 cp1257 cp850 cp852 cp866 cp932 dec8 eucjpms euckr gb18030 gb2312 gbk geostd8 greek hebrew hp8 "
            + "keybcs2 koi8r koi8u latin1 latin2 latin5 latin7 macce macroman sjis swe7 tis620 ucs2 ujis utf16 utf16le utf32 utf8 utf8mb3 utf8mb4")
            .Split(' ').Select(Encoding.ASCII.GetBytes)];

    public static bool IsIntroducer(ReadOnlySpan<byte> word)
    {
        ReadOnlySpan<byte> charset = word[1..];
        foreach (byte[] name in Names)
        {
            if (name.Length == charset.Length && Ascii.EqualsIgnoreCase(charset, name)) return true;
        }

        return false;
    }
}
