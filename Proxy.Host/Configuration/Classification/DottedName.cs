using System.Collections.Immutable;
using System.Text;

namespace Proxy.Host.Configuration.Classification;

/// <summary>A name of parts divided by dots. A part in double quotes may hold dots; a doubled quote in it is one quote.</summary>
internal static class DottedName
{
    /// <summary>Null when a part is empty or a quote does not close.</summary>
    public static ImmutableArray<DottedNamePart>? Parse(string text)
    {
        var parts = ImmutableArray.CreateBuilder<DottedNamePart>();
        var position = 0;
        while (true)
        {
            if (ReadPart(text, ref position) is not { Text.Length: > 0 } part)
                return null;
            parts.Add(part);
            if (position == text.Length)
                return parts.ToImmutable();
            if (text[position++] != '.')
                return null;
        }
    }

    private static DottedNamePart? ReadPart(string text, ref int position)
    {
        if (position < text.Length && text[position] == '"')
            return ReadQuoted(text, ref position);
        var end = text.IndexOf('.', position);
        if (end < 0)
            end = text.Length;
        var part = text[position..end];
        position = end;
        return part.Contains('"', StringComparison.Ordinal) ? null : new DottedNamePart(part, IsQuoted: false);
    }

    private static DottedNamePart? ReadQuoted(string text, ref int position)
    {
        var part = new StringBuilder();
        for (position++; position < text.Length; position++)
        {
            if (text[position] != '"')
            {
                part.Append(text[position]);
            }
            else if (position + 1 < text.Length && text[position + 1] == '"')
            {
                part.Append('"');
                position++;
            }
            else
            {
                position++;
                return new DottedNamePart(part.ToString(), IsQuoted: true);
            }
        }
        return null;
    }
}
