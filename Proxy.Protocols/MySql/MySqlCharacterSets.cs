namespace Proxy.Protocols.MySql;

/// <summary>
/// Which collations a client may begin with, by the number in its first packet. In GBK, SJIS, BIG5 and their like a byte of a character can be a quote or a
/// backslash, so that the same bytes are another statement there.
/// </summary>
internal static class MySqlCharacterSets
{
    /// <summary>utf8mb4_general_ci: what a client gets that names none.</summary>
    public const byte Default = 45;

    /// <summary>gbk_chinese_ci: stands for every collation that is refused.</summary>
    public const byte Unreadable = 28;

    /// <summary>utf8mb4 and utf8mb3: the text is what the reader takes it for.</summary>
    public static bool IsUtf8(byte collation) => collation is 33 or 45 or 46 or 76 or 83 or (>= 192 and <= 215) or (>= 223 and <= 247) or 255;

    /// <summary>ascii and latin1: one byte a character, so that a text of ASCII is the same in them; another one is refused.</summary>
    public static bool IsSingleByte(byte collation) => collation is 5 or 8 or 11 or 15 or 31 or 47 or 48 or 49 or 65 or 94;
}
