namespace Proxy.Core.Sql.MySql.Lexing;

/// <summary>The tokens of one text. Its memory is kept from text to text, so that reading allocates none for them.</summary>
internal sealed class TokenBuffer
{
    /// <summary>More than this is given back after the text.</summary>
    private const int KeptMax = 16 * 1024;

    private const int First = 256;

    private Token[] _tokens = new Token[First];

    public int Count { get; private set; }

    /// <summary>Ends with a token of kind <see cref="TokenKind.End"/>.</summary>
    public ReadOnlySpan<Token> Tokens => _tokens.AsSpan(0, Count);

    public void Add(Token token)
    {
        if (Count == _tokens.Length) Array.Resize(ref _tokens, 2 * _tokens.Length);
        _tokens[Count++] = token;
    }

    public void Clear()
    {
        Count = 0;
        if (_tokens.Length > KeptMax) _tokens = new Token[First];
    }
}
