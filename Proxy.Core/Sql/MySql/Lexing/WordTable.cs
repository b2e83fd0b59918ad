using System.Text;

namespace Proxy.Core.Sql.MySql.Lexing;

/// <summary>Finds key words in the text, whatever their case, without making strings.</summary>
internal static class WordTable
{
    private const int Size = 2048;
    private const int LengthMax = 32;

    private static readonly byte[]?[] Names = new byte[]?[Size];
    private static readonly Word[] Words = new Word[Size];

    static WordTable()
    {
        foreach (Word word in Enum.GetValues<Word>())
        {
            if (word is Word.None or Word.LastReserved or Word.LastReservedByMySql) continue;
            byte[] name = Encoding.ASCII.GetBytes(NameOf(word));
            uint place = Hash(name);
            while (Names[place] is not null) place = (place + 1) & (Size - 1);
            Names[place] = name;
            Words[place] = word;
        }
    }

    public static Word Find(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 2 or > LengthMax) return Word.None;
        for (uint place = Hash(text); Names[place] is { } name; place = (place + 1) & (Size - 1))
        {
            if (name.Length == text.Length && Ascii.EqualsIgnoreCase(text, name)) return Words[place];
        }

        return Word.None;
    }

    /// <summary>HourMinute is HOUR_MINUTE.</summary>
    private static string NameOf(Word word)
    {
        var name = new StringBuilder();
        foreach (char c in word.ToString())
        {
            if (char.IsAsciiLetterUpper(c) && name.Length > 0) name.Append('_');
            name.Append(char.ToUpperInvariant(c));
        }

        return name.ToString();
    }

    // Bit 0x20 is what upper and lower case differ in.
    private static uint Hash(ReadOnlySpan<byte> text)
    {
        uint hash = (uint)text.Length;
        foreach (byte b in text) hash = (hash * 31) + (uint)(b | 0x20);
        return (hash ^ (hash >> 11)) & (Size - 1);
    }
}
