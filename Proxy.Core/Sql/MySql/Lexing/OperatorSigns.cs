namespace Proxy.Core.Sql.MySql.Lexing;

/// <summary>Operators and punctuation.</summary>
internal static class OperatorSigns
{
    /// <summary>The longest sign that the text begins with; End for none, and for what the server makes another of.</summary>
    public static TokenKind Find(ReadOnlySpan<byte> text, MySqlFlavour flavour, out int length)
    {
        byte second = text.Length > 1 ? text[1] : (byte)0;
        byte third = text.Length > 2 ? text[2] : (byte)0;
        (TokenKind kind, length) = (text[0], second) switch
        {
            ((byte)'<', (byte)'=') => third == '>' ? (TokenKind.NullSafeEqual, 3) : (TokenKind.LessOrEqual, 2),
            ((byte)'<', (byte)'>') => (TokenKind.NotEqual, 2),
            ((byte)'<', (byte)'<') => (TokenKind.ShiftLeft, 2),
            ((byte)'>', (byte)'=') => (TokenKind.GreaterOrEqual, 2),
            ((byte)'>', (byte)'>') => (TokenKind.ShiftRight, 2),
            ((byte)'!', (byte)'=') => (TokenKind.NotEqual, 2),
            ((byte)'&', (byte)'&') => (TokenKind.AndAnd, 2),
            ((byte)'|', (byte)'|') => (TokenKind.OrOr, 2),
            ((byte)':', (byte)'=') => (TokenKind.Assign, 2),
            ((byte)'-', (byte)'>') when flavour is MySqlFlavour.MySql => third == '>' ? (TokenKind.LongArrow, 3) : (TokenKind.Arrow, 2),
            _ => (OneByte(text[0]), 1),
        };
        return IsFollowedByMore(length, text[0], second, third) ? TokenKind.End : kind;
    }

    /// <summary>The server takes a second and, behind &lt;, a third character of comparisons before it looks whether there is such an operator.</summary>
    private static bool IsFollowedByMore(int length, byte first, byte second, byte third)
    {
        if (length == 1) return IsComparison(first) && IsComparison(second);
        return length == 2 && first == '<' && third != '<' && IsComparison(third);
    }

    private static bool IsComparison(byte b) => b is (byte)'<' or (byte)'>' or (byte)'=' or (byte)'!';

    private static TokenKind OneByte(byte b) => b switch
    {
        (byte)',' => TokenKind.Comma,
        (byte)'(' => TokenKind.LeftParen,
        (byte)')' => TokenKind.RightParen,
        (byte)'=' => TokenKind.Equal,
        (byte)'*' => TokenKind.Star,
        (byte)';' => TokenKind.Semicolon,
        (byte)'+' => TokenKind.Plus,
        (byte)'-' => TokenKind.Minus,
        (byte)'/' => TokenKind.Slash,
        (byte)'%' => TokenKind.Percent,
        (byte)'<' => TokenKind.Less,
        (byte)'>' => TokenKind.Greater,
        (byte)'!' => TokenKind.Exclamation,
        (byte)'&' => TokenKind.Ampersand,
        (byte)'|' => TokenKind.Pipe,
        (byte)'^' => TokenKind.Caret,
        (byte)'~' => TokenKind.Tilde,
        (byte)':' => TokenKind.Colon,
        (byte)'{' => TokenKind.LeftBrace,
        (byte)'}' => TokenKind.RightBrace,
        _ => TokenKind.End,
    };
}
