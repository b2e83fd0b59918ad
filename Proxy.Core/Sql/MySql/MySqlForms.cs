using System.IO.Hashing;
using Proxy.Core.Sql.MySql.Lexing;

namespace Proxy.Core.Sql.MySql;

/// <summary>
/// Forms of texts that come again and again with other integers, from drivers that write values into the text. Two texts have the same form when they are the same but for digits of
/// integers that are tokens of their own. Of such a token the lexer asks only whether its bytes are digits, so the tokens are the same; the digits that it asks more of are in no such
/// token (versions in comments, a zero in front of x and b, what stands in quotes). What the parser reads of them it says (<see cref="OpenIntegers"/>). One per set of settings, of 256 KB at most. Thread-safe: of two that write at once, one counts.
/// </summary>
internal sealed class MySqlForms
{
    private const int TextBytesMax = 2 * 1024;

    /// <summary>With so many each is an INT or a BIGINT, and none a DECIMAL.</summary>
    private const int DigitsMax = 18;

    private readonly Form?[] _forms = new Form?[128];

    /// <summary>Forms that have come before: what comes only once is not worth one.</summary>
    private readonly ulong[] _seen = new ulong[512];

    /// <summary>Whether other texts of the form may have other digits here. A zero in front can make another token of it.</summary>
    public static bool IsOpen(ReadOnlySpan<byte> text, in Token token) =>
        token.Kind is TokenKind.Integer && token.End - token.Start <= DigitsMax && text[token.Start] != (byte)'0';

    /// <summary>The integers of the text in which others differ; null where no such texts have come.</summary>
    /// <param name="text">Has no NUL.</param>
    /// <param name="tokens">Of the text.</param>
    public OpenIntegers? Find(ReadOnlySpan<byte> text, ReadOnlySpan<Token> tokens)
    {
        if (text.Length > TextBytesMax) return null;
        Span<byte> blanked = stackalloc byte[TextBytesMax];
        blanked = blanked[..text.Length];
        text.CopyTo(blanked);
        bool hasOpen = false;
        foreach (ref readonly Token token in tokens)
        {
            if (!IsOpen(text, token)) continue;
            blanked[token.Start..token.End].Clear();
            hasOpen = true;
        }

        if (!hasOpen) return null;
        ulong hash = XxHash3.HashToUInt64(blanked);
        ref Form? place = ref _forms[hash % (ulong)_forms.Length];
        if (Volatile.Read(ref place) is { } known && known.Is(blanked)) return new OpenIntegers(known);
        ref ulong seen = ref _seen[hash % (ulong)_seen.Length];
        if (seen == hash) Volatile.Write(ref place, new Form(blanked));
        seen = hash;
        return null;
    }

    /// <summary>A text with NUL in the place of each digit that may differ.</summary>
    private sealed class Form(ReadOnlySpan<byte> blanked)
    {
        private readonly byte[] _blanked = blanked.ToArray();

        public bool Is(ReadOnlySpan<byte> blanked) => blanked.SequenceEqual(_blanked);
    }
}
