using System.Buffers;

namespace Proxy.Core.Sql.MySql.Lexing;

/// <summary>The tokens of one text. Its memory is kept from text to text, or comes from a pool for long ones, so that reading allocates none for them.</summary>
internal sealed class TokenBuffer
{
    private const int Kept = 512;

    private const int None = -1;

    private readonly Token[] _kept = new Token[Kept];
    private Token[] _tokens;

    /// <summary>The innermost parenthesis that is open; until it is closed, its match is the next one outside of it.</summary>
    private int _open = None;

    public TokenBuffer() => _tokens = _kept;

    public int Count { get; private set; }

    /// <summary>Ends with a token of kind <see cref="TokenKind.End"/>.</summary>
    public ReadOnlySpan<Token> Tokens => _tokens.AsSpan(0, Count);

    public void Add(Token token)
    {
        if (Count == _tokens.Length) Grow();
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
        if (_tokens != _kept) ArrayPool<Token>.Shared.Return(_tokens);
        _tokens = _kept;
    }

    private void Grow()
    {
        Token[] grown = ArrayPool<Token>.Shared.Rent(2 * _tokens.Length);
        _tokens.CopyTo(grown, 0);
        if (_tokens != _kept) ArrayPool<Token>.Shared.Return(_tokens);
        _tokens = grown;
    }
}
