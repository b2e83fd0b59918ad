namespace Proxy.Core.Masking.MySql;

/// <summary>
/// What a mask has to know of a character set, by the number of one of its collations (information_schema.COLLATIONS). MariaDB numbers the
/// collations without padding from 1024 on as the padding one's number plus 1024, and those of UCA 14.0.0 in blocks of 256 from 2048 on: utf8mb3,
/// utf8mb4, ucs2, utf16, utf32 [ran: 10.11].
/// </summary>
internal static class MySqlCharacterSet
{
    public const int Binary = 63;

    /// <summary>The most bytes that a character takes; 0 for a character set whose ASCII is not ASCII, or that is not known.</summary>
    public static int BytesPerCharacter(int collation)
    {
        if (collation is >= 2048 and < 3328)
            return ((collation - 2048) >> 8) switch { 0 => 3, 1 => 4, _ => 0 };
        var number = collation is >= 1024 and < 2048 ? collation - 1024 : collation;
        return number switch
        {
            // utf8mb4, of MySQL 8 the languages and UCA 9.0.0, too.
            45 or 46 or (>= 224 and <= 247) or (>= 255 and <= 323) => 4,
            // utf8mb3.
            33 or 76 or 83 or (>= 192 and <= 215) or 223 => 3,
            // latin1, ascii, latin2, latin5, latin7, cp1250, cp1251, cp1256, cp1257, hebrew, greek, koi8: one byte each.
            5 or 8 or 15 or 31 or 47 or 48 or 49 or 94 or 11 or 65 or 2 or 9 or 21 or 27 or 77 or 30 or 78 or 20 or 41 or 42 or 79 or 26 or 34 or 44 or 66
                or 14 or 23 or 50 or 51 or 52 or 57 or 67 or 29 or 58 or 59 or 16 or 71 or 25 or 70 or 7 or 74 or 22 or 75 => 1,
            _ => 0,
        };
    }
}
