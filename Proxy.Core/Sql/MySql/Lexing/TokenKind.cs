namespace Proxy.Core.Sql.MySql.Lexing;

/// <summary>What a token is.</summary>
internal enum TokenKind : byte
{
    /// <summary>The end of the text.</summary>
    End = 0,
    Semicolon,

    /// <summary>An unquoted name or key word.</summary>
    Word,

    /// <summary>A quoted name, or one that stands beside a dot, where the server looks for no key words.</summary>
    Identifier,
    String,
    NationalString,
    Integer,
    Decimal,
    Float,
    Hex,
    Bits,

    /// <summary>_utf8mb4 and its like, before a string.</summary>
    Introducer,
    Parameter,

    /// <summary>@name, quoted or not; the token covers both.</summary>
    UserVariable,

    /// <summary>@@; the name follows.</summary>
    SystemVariable,

    /// <summary>\N, which is NULL.</summary>
    NullEscape,
    Comma,
    Dot,
    Colon,
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Caret,
    Tilde,
    Exclamation,
    Ampersand,
    Pipe,
    AndAnd,
    OrOr,
    Equal,
    NullSafeEqual,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    ShiftLeft,
    ShiftRight,

    /// <summary>:=.</summary>
    Assign,

    /// <summary>-&gt;, MySQL only.</summary>
    Arrow,

    /// <summary>-&gt;&gt;, MySQL only.</summary>
    LongArrow,
}
