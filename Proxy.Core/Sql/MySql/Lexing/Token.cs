namespace Proxy.Core.Sql.MySql.Lexing;

/// <summary>A token: where it stands in the text, in bytes, and what it is.</summary>
internal readonly record struct Token(int Start, int End, TokenKind Kind, Word Word = Word.None)
{
    /// <summary>Of an opening parenthesis: the number of the token that closes it; 0 where none does.</summary>
    public int Match { get; init; }

    /// <summary>A name may be quoted; a key word that is reserved may not be a name unless it is.</summary>
    public bool IsName => Kind is TokenKind.Identifier || (Kind is TokenKind.Word && Word is Word.None or > Word.LastReserved);

    /// <summary>The end of the statement.</summary>
    public bool IsEnd => Kind <= TokenKind.Semicolon;
}
