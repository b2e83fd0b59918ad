namespace Proxy.Core.Sql.MySql.Lexing;

/// <summary>The tokens of one text. Its memory is kept from text to text, so that reading allocates none for them.</summary>
internal sealed class TokenBuffer
{
    /// <summary>More than this is given back after the text.</summary>
    private const int KeptMax = 16 * 1024;

    private const int First = 256;

    private const int None = -1;

    private Token[] _tokens = new Token[First];

    /// <summary>The innermost parenthesis that is open; until it is closed, its match is the next one outside of it.</summary>
    private int _open = None;

    public int Count { get; private set; }

    /// <summary>Ends with a token of kind <see cref="TokenKind.End"/>.</summary>
    public ReadOnlySpan<Token> Tokens => _tokens.AsSpan(0, Count);

    public void Add(Token token)
    {
        if (Count == _tokens.Length) Array.Resize(ref _tokens, 2 * _tokens.Length);
        if (token.Kind is TokenKind.LeftParen)
        {
            token = token with { Match = _open };
            _open = Count;
        }
        else if (token.Kind is TokenKind.RightParen && _open != None)
        {
            int open = _open;
            _open = _tokens[open].Match;
            _tokens[open] = _tokens[open] with { Match = Count };
        }
        else if (token.Kind is TokenKind.End)
        {
            while (_open != None)
            {
                int open = _open;
                _open = _tokens[open].Match;
                _tokens[open] = _tokens[open] with { Match = 0 };
            }
        }

        _tokens[Count++] = token;
    }

    public void Clear()
    {
        Count = 0;
        _open = None;
        if (_tokens.Length > KeptMax) _tokens = new Token[First];
    }
}
