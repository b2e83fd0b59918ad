using System.Globalization;
using System.Text;

namespace Proxy.Host.Identity;

/// <summary>Whether a text can be shown to people and written into lines without looking like another one: a name that runs backwards, or that ends a line, deceives.</summary>
internal static class ShownText
{
    /// <summary>A name: no control character, no end of a line, nothing that is not seen.</summary>
    public static bool IsName(string text) => All(text, joins: false);

    /// <summary>A line of somebody's own words; joiners are parts of scripts and of pictures.</summary>
    public static bool IsLine(string text) => All(text, joins: true);

    private static bool All(string text, bool joins)
    {
        foreach (var rune in text.EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                && !(joins && rune.Value is 0x200C or 0x200D))
                return false;
        return true;
    }
}
