using System.Buffers;
using System.Buffers.Text;

namespace Proxy.Protocols.Postgres.Messages;

/// <summary>The tag of CommandComplete, for example <c>INSERT 0 3</c>. Its last word is a row count for the commands that have one.</summary>
public static class CommandTag
{
    /// <summary>COMPLETION_TAG_BUFSIZE of PostgreSQL's cmdtag.h, the final zero included.</summary>
    private const int BytesMax = 64;

    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ "u8);
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789 "u8);

    /// <summary>False for what is no tag: capitals and blanks, then numbers (cmdtaglist.h). The client is shown it, so it may hold nothing else.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> tag)
    {
        tag = default;
        if (body is not [.. var text, 0] || body.Length > BytesMax) return false;
        var words = text.IndexOfAnyExcept(Letters);
        if (words >= 0 && text[words..].ContainsAnyExcept(Digits)) return false;
        tag = text;
        return true;
    }

    /// <summary>Rows that the tag counts; 0 when it counts none.</summary>
    public static long Rows(ReadOnlySpan<byte> tag)
    {
        var number = tag[(tag.LastIndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(number, out long rows, out var used) && used == number.Length ? rows : 0;
    }
}
