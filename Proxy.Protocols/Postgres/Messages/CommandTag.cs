using System.Buffers.Text;

namespace Proxy.Protocols.Postgres.Messages;

/// <summary>The tag of CommandComplete, for example <c>INSERT 0 3</c>. Its last word is a row count for the commands that have one.</summary>
public static class CommandTag
{
    public static bool TryDecode(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> tag)
    {
        tag = body is [.. var text, 0] && !text.Contains((byte)0) ? text : default;
        return body is [.., 0] && tag.Length == body.Length - 1;
    }

    /// <summary>Rows that the tag counts; 0 when it counts none.</summary>
    public static long Rows(ReadOnlySpan<byte> tag)
    {
        var number = tag[(tag.LastIndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(number, out long rows, out var used) && used == number.Length ? rows : 0;
    }
}
