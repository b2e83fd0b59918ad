using System.Buffers;

namespace Proxy.Core.Sql.MySql.Lexing;

/// <summary>
/// Cuts a text into tokens as the server does (lex_one_token in MariaDB's sql/sql_lex.cc; what differs in MySQL is said where it does). The text is
/// UTF-8 without NUL. What the server's lexer leaves to chance is refused.
/// </summary>
internal ref struct Lexer(ReadOnlySpan<byte> text, MySqlReadSettings settings, TokenBuffer tokens)
{
    /// <summary>An alias may have 256 characters of up to four bytes, each of which may be doubled; longer names the server refuses, too.</summary>
    public const int NameBytesMax = 2048 + 2;

    private static readonly SearchValues<byte> SingleQuoteStops = SearchValues.Create("'\\"u8);
    private static readonly SearchValues<byte> DoubleQuoteStops = SearchValues.Create("\"\\"u8);

    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;

    /// <summary>Whether the text is inside of a comment that the server executes.</summary>
    private bool _isInExecutable;

    /// <summary>Directly behind a dot there are names only, and they may begin with digits.</summary>
    private bool _isBehindDot;

    /// <summary>Why the text cannot be cut; null when it can.</summary>
    public string? Fault { get; private set; }

    /// <summary>False when the text cannot be cut into tokens.</summary>
    public bool TryRead()
    {
        while (Fault is null && SkipBlanks())
        {
            int start = _at;
            TokenKind kind = ReadToken();
            if (_at - start > NameBytesMax && kind is TokenKind.Identifier or TokenKind.Word or TokenKind.UserVariable) Fail("a name that is too long");
            else if (kind is not (TokenKind.End or TokenKind.Word)) Add(start, kind);
        }

        if (Fault is null && _isInExecutable) Fault = "a comment without an end";
        if (Fault is not null) return false;
        Add(_text.Length, TokenKind.End);
        return true;
    }

    private readonly byte Peek(int offset = 0) => _at + offset < _text.Length ? _text[_at + offset] : (byte)0;

    private readonly void Add(int start, TokenKind kind, Word word = Word.None) => tokens.Add(new Token(start, _at, kind, word));

    /// <summary>End when it was white space or a fault, Word when the token is already added.</summary>
    private TokenKind ReadToken()
    {
        byte first = _text[_at];
        if (_isBehindDot)
        {
            _isBehindDot = false;
            if (IsNameByte(first)) return ReadNameBehindDot();
        }

        if (IsDigit(first)) return ReadNumberOrName();
        switch (first)
        {
            case (byte)'\'':
                return ReadString(SingleQuoteStops, first);
            case (byte)'"':
                return settings.Has(MySqlModes.AnsiQuotes) ? ReadQuotedName(first) : ReadString(DoubleQuoteStops, first);
            case (byte)'`':
                return ReadQuotedName(first);
            case (byte)'x' or (byte)'X' when Peek(1) == '\'':
                return ReadHexString();
            case (byte)'b' or (byte)'B' when Peek(1) == '\'':
                return ReadBitString();
            case (byte)'n' or (byte)'N' when Peek(1) == '\'':
                _at++;
                return ReadString(SingleQuoteStops, (byte)'\'') is TokenKind.String ? TokenKind.NationalString : TokenKind.End;
            case (byte)'.':
                return ReadDot();
            case (byte)'@':
                return ReadVariable();
            case (byte)'?':
                _at++;
                return IsNameByte(Peek()) ? Fail("a ? before a name") : TokenKind.Parameter;
            case (byte)'\\':
                if (Peek(1) != 'N') return Fail("a backslash");
                _at += 2;
                return TokenKind.NullEscape;
            default:
                return IsNameByte(first) ? ReadWord() : ReadOperator();
        }
    }

    private TokenKind Fail(string reason)
    {
        Fault ??= reason;
        _at = _text.Length;
        return TokenKind.End;
    }

    /// <summary>False at the end.</summary>
    private bool SkipBlanks()
    {
        while (_at < _text.Length)
        {
            byte b = _text[_at];
            if (b is (byte)' ' or (>= 9 and <= 13))
            {
                _at++;
                _isBehindDot = false;
                continue;
            }

            bool isComment = b switch
            {
                (byte)'#' => true,
                (byte)'-' => Peek(1) == '-' && (_at + 2 >= _text.Length || _text[_at + 2] is <= 32 or 127),
                _ => false,
            };
            if (isComment)
            {
                int length = _text[_at..].IndexOf((byte)'\n');
                _at = length < 0 ? _text.Length : _at + length + 1;
            }
            else if (b == '/' && Peek(1) == '*')
            {
                SkipComment();
            }
            else if (b == '*' && Peek(1) == '/' && _isInExecutable)
            {
                _isInExecutable = false;
                _at += 2;
            }
            else
            {
                return true;
            }

            _isBehindDot = false;
        }

        return false;
    }

    private void SkipComment()
    {
        bool isMaria = settings.Flavour is MySqlFlavour.MariaDb;
        bool isMariaOnly = isMaria && Peek(2) == 'M' && Peek(3) == '!';
        if (!isMariaOnly && Peek(2) != '!')
        {
            // Optimizer hints change settings, too.
            if (!isMaria && Peek(2) == '+') Fail("an optimizer hint");
            if (_isInExecutable) Fail("a comment in a comment");
            SkipPlainComment();
            return;
        }

        // Servers differ about versions, and no real MySQL has shown how it does it.
        if (!isMaria) Fail("an executable comment");
        if (_isInExecutable) Fail("a comment in a comment");
        if (Fault is not null) return;
        _at += isMariaOnly ? 4 : 3;
        int digits = 0;
        while (digits < 6 && IsDigit(Peek(digits))) digits++;
        if (digits < 5)
        {
            _isInExecutable = true;
            return;
        }

        int version = 0;
        for (int i = 0; i < digits; i++) version = (version * 10) + (Peek(i) - '0');
        // Numbers from 50700 to 99999 are MySQL's, whose forms MariaDB does not know.
        if (version <= settings.ServerVersion && (version is < 50700 or > 99999 || isMariaOnly))
        {
            _at += digits;
            _isInExecutable = true;
        }
        else
        {
            SkipVersionComment();
        }
    }

    private void SkipPlainComment()
    {
        int end = _text[Math.Min(_at + 2, _text.Length)..].IndexOf("*/"u8);
        if (end < 0) Fail("a comment without an end");
        else _at += end + 4;
    }

    /// <summary>One level of comments may stand in a comment for another version.</summary>
    private void SkipVersionComment()
    {
        while (_at < _text.Length)
        {
            if (_text[_at] == '/' && Peek(1) == '*')
            {
                SkipPlainComment();
            }
            else if (_text[_at] == '*' && Peek(1) == '/')
            {
                _at += 2;
                return;
            }
            else
            {
                _at++;
            }
        }

        Fail("a comment without an end");
    }

    private TokenKind ReadNameBehindDot()
    {
        while (IsNameByte(Peek())) _at++;
        return TokenKind.Identifier;
    }

    private TokenKind ReadWord()
    {
        int start = _at;
        while (_at < _text.Length && IsNameByte(_text[_at])) _at++;
        // A dot and a name directly behind it make any word a name.
        if (Peek() == '.' && IsNameByte(Peek(1))) return TokenKind.Identifier;
        ReadOnlySpan<byte> word = _text[start.._at];
        if (word[0] == '_' && Charsets.IsIntroducer(word)) return TokenKind.Introducer;
        Add(start, TokenKind.Word, WordTable.Find(word));
        return TokenKind.Word;
    }

    private TokenKind ReadDot()
    {
        if (IsDigit(Peek(1)) && !IsBehindName())
        {
            return ReadFraction();
        }

        _at++;
        _isBehindDot = true;
        return TokenKind.Dot;
    }

    /// <summary>A dot directly behind an unquoted name separates names, whatever follows it.</summary>
    private readonly bool IsBehindName()
    {
        if (tokens.Count == 0) return false;
        Token last = tokens.Tokens[^1];
        return last.End == _at && last.Kind is TokenKind.Identifier or TokenKind.Word && _text[last.End - 1] is not ((byte)'`' or (byte)'"');
    }

    private TokenKind ReadNumberOrName()
    {
        int start = _at;
        if (_text[_at] == '0' && Peek(1) is (byte)'x' or (byte)'b')
        {
            bool isHex = Peek(1) == 'x';
            int end = _at + 2;
            while (end < _text.Length && (isHex ? char.IsAsciiHexDigit((char)_text[end]) : _text[end] is (byte)'0' or (byte)'1')) end++;
            if (end - start >= 3 && (end == _text.Length || !IsNameByte(_text[end])))
            {
                _at = end;
                return isHex ? TokenKind.Hex : TokenKind.Bits;
            }
        }

        while (IsDigit(Peek())) _at++;
        if (!IsNameByte(Peek())) return Peek() == '.' ? ReadFraction() : TokenKind.Integer;
        if (TryReadExponent()) return TokenKind.Float;
        while (IsNameByte(Peek())) _at++;
        return TokenKind.Identifier;
    }

    private TokenKind ReadFraction()
    {
        _at++;
        while (IsDigit(Peek())) _at++;
        if (Peek() is not ((byte)'e' or (byte)'E')) return TokenKind.Decimal;
        return TryReadExponent() ? TokenKind.Float : Fail("a number without an exponent");
    }

    private bool TryReadExponent()
    {
        if (Peek() is not ((byte)'e' or (byte)'E')) return false;
        int digits = Peek(1) is (byte)'+' or (byte)'-' ? 2 : 1;
        if (!IsDigit(Peek(digits))) return false;
        _at += digits;
        while (IsDigit(Peek())) _at++;
        return true;
    }

    private TokenKind ReadString(SearchValues<byte> stops, byte quote)
    {
        bool hasEscapes = !settings.Has(MySqlModes.NoBackslashEscapes);
        _at++;
        while (true)
        {
            ReadOnlySpan<byte> rest = _text[_at..];
            int stop = hasEscapes ? rest.IndexOfAny(stops) : rest.IndexOf(quote);
            if (stop < 0) return Fail("a string without an end");
            _at += stop + 1;
            if (rest[stop] != quote)
            {
                // Whatever is escaped, a quote or a backslash too. Of a character of several bytes this is the first, and none is a quote.
                if (_at == _text.Length) return Fail("a string without an end");
                _at++;
            }
            else if (Peek() == quote && _at < _text.Length)
            {
                _at++;
            }
            else
            {
                return TokenKind.String;
            }
        }
    }

    private TokenKind ReadQuotedName(byte quote)
    {
        int start = _at++;
        while (true)
        {
            int stop = _text[_at..].IndexOf(quote);
            if (stop < 0) return Fail("a name without an end");
            _at += stop + 1;
            if (Peek() != quote || _at >= _text.Length) break;
            _at++;
        }

        return _at - start <= 2 ? Fail("a name without letters") : TokenKind.Identifier;
    }

    private TokenKind ReadHexString()
    {
        int start = _at + 2;
        _at = start;
        while (char.IsAsciiHexDigit((char)Peek())) _at++;
        if (Peek() != '\'' || (_at - start) % 2 != 0) return Fail("a hexadecimal string");
        _at++;
        return TokenKind.Hex;
    }

    private TokenKind ReadBitString()
    {
        _at += 2;
        while (Peek() is (byte)'0' or (byte)'1') _at++;
        if (Peek() != '\'') return Fail("a bit string");
        _at++;
        return TokenKind.Bits;
    }

    private TokenKind ReadVariable()
    {
        int start = _at++;
        switch (Peek())
        {
            case (byte)'@':
                _at++;
                Add(start, TokenKind.SystemVariable);
                return ReadSystemName();
            case (byte)'`':
                return ReadQuotedName((byte)'`') is TokenKind.Identifier ? TokenKind.UserVariable : TokenKind.End;
            case (byte)'\'':
                return ReadString(SingleQuoteStops, (byte)'\'') is TokenKind.String ? TokenKind.UserVariable : TokenKind.End;
            case (byte)'"':
                TokenKind quoted = settings.Has(MySqlModes.AnsiQuotes) ? ReadQuotedName((byte)'"') : ReadString(DoubleQuoteStops, (byte)'"');
                return quoted is TokenKind.End ? quoted : TokenKind.UserVariable;
            default:
                while (char.IsAsciiLetterOrDigit((char)Peek()) || Peek() is (byte)'.' or (byte)'_' or (byte)'$') _at++;
                return _at == start + 1 ? Fail("an @ without a name") : TokenKind.UserVariable;
        }
    }

    /// <summary>The name behind @@ follows at once.</summary>
    private TokenKind ReadSystemName()
    {
        int start = _at;
        if (Peek() == '`') return ReadQuotedName((byte)'`');
        while (IsNameByte(Peek())) _at++;
        if (_at == start) return Fail("@@ without a name");
        Add(start, TokenKind.Word, WordTable.Find(_text[start.._at]));
        return TokenKind.Word;
    }

    private TokenKind ReadOperator()
    {
        TokenKind kind = OperatorSigns.Find(_text[_at..], settings.Flavour, out int length);
        if (kind is TokenKind.End) return Fail("a character that is no operator");
        if (kind is TokenKind.Semicolon && _isInExecutable) return Fail("a statement that ends in a comment");
        _at += length;
        return kind;
    }

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';

    private static bool IsNameByte(byte b) => b >= 0x80 || char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'$';
}
