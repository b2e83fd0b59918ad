using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>
/// What all parsers share: the tokens, and where in them they are. Parsers do not throw and do not stop at once: after a fault there are no more
/// tokens, so every loop ends, and what they return is not used.
/// </summary>
internal ref struct ParseContext(ReadOnlySpan<byte> text, ReadOnlySpan<Token> tokens, MySqlReadSettings settings, StatementNotes notes, OpenIntegers? open)
{
    /// <summary>Levels of parentheses, subqueries and their like.</summary>
    public const int DepthMax = 400;

    /// <summary>Operators that follow one another make a tree as deep as they are many.</summary>
    private const int ChainedMax = 2_500;

    private const string InformationSchema = "information_schema";

    private readonly ReadOnlySpan<byte> _text = text;
    public readonly MySqlReadSettings Settings = settings;
    public readonly StatementNotes Notes = notes;
    private readonly ReadOnlySpan<Token> _tokens = tokens;
    private int _next;

    /// <summary>Asked about several times at each token: kept, so that nobody need look for it. Behind a fault there is none.</summary>
    private Token _current = tokens[0];
    private int _depth;
    private int _chained;

    /// <summary>An operand that has been read already: the next one asked for.</summary>
    public Expression? Pending { get; set; }

    /// <summary>Before the statement's own query, which may have INTO.</summary>
    public bool MayHaveInto { get; set; }

    /// <summary>Where VALUES(column) is a function, and no query begins with VALUES.</summary>
    public bool IsInUpdate { get; set; }

    /// <summary>Where the constant is a statement, which is read whatever its length.</summary>
    public bool KeepsConstants { get; set; }

    /// <summary>Where a table or view is made of the query: its columns are known by name afterwards.</summary>
    public bool MakesColumns { get; set; }

    /// <summary>How deep the parser is: 1 in a query that is the statement.</summary>
    public readonly int Depth => _depth;

    public bool HasFailed { get; private set; }

    /// <summary>Where the fault is, in bytes.</summary>
    public int FaultPosition { get; private set; }

    public readonly Token Current => _current;

    public readonly int Start => _current.Start;

    /// <summary>Behind the last token taken.</summary>
    public readonly int PreviousEnd => _next == 0 ? 0 : _tokens[_next - 1].End;

    public readonly bool IsMySql => Settings.Flavour is MySqlFlavour.MySql;

    public readonly Token Peek(int offset = 1) => HasFailed ? default : _tokens[Math.Min(_next + offset, _tokens.Length - 1)];

    /// <summary>What stands behind the parenthesis that closes the one at this offset; the end where none does.</summary>
    public readonly Token PeekBehindClosing(int offset) =>
        Peek(offset) is { Match: > 0 and var closing } ? _tokens[Math.Min(closing + 1, _tokens.Length - 1)] : default;

    public void Next()
    {
        if (!HasFailed && _next < _tokens.Length - 1) _current = _tokens[++_next];
    }

    /// <summary>The place in the tokens, for <see cref="Return"/>.</summary>
    public readonly int Mark() => _next;

    /// <summary>Back to a mark, over tokens that made nothing but names.</summary>
    public void Return(int mark)
    {
        if (!HasFailed) _current = _tokens[_next = mark];
    }

    public void Fail()
    {
        if (HasFailed) return;
        FaultPosition = _current.Start;
        HasFailed = true;
        _current = default;
    }

    /// <summary>A form that only MySQL knows, and no real server has proven.</summary>
    public void Unproven(string form)
    {
        if (IsMySql) Notes.Opaque($"no server has proven how MySQL reads {form}");
        else Fail();
    }

    public readonly bool At(TokenKind kind) => _current.Kind == kind;

    public readonly bool At(Word word) => _current.Word == word && _current.Kind is TokenKind.Word;

    public readonly bool At(Word first, Word second) => At(first) && Peek().Word == second && Peek().Kind is TokenKind.Word;

    /// <summary>A key word and an opening parenthesis.</summary>
    public readonly bool AtCall(Word word) => At(word) && Peek().Kind is TokenKind.LeftParen;

    public bool Accept(TokenKind kind)
    {
        if (!At(kind)) return false;
        Next();
        return true;
    }

    public bool Accept(Word word)
    {
        if (!At(word)) return false;
        Next();
        return true;
    }

    public bool Accept(Word first, Word second)
    {
        if (!At(first, second)) return false;
        Next();
        Next();
        return true;
    }

    public bool AcceptAny(params ReadOnlySpan<Word> words)
    {
        Token current = Current;
        if (current.Kind is not TokenKind.Word || !words.Contains(current.Word)) return false;
        Next();
        return true;
    }

    public void Expect(TokenKind kind)
    {
        if (!Accept(kind)) Fail();
    }

    public void Expect(Word word)
    {
        if (!Accept(word)) Fail();
    }

    /// <summary>Once for each level. False when that is one too many; else <see cref="Leave"/> must follow.</summary>
    public bool TryEnter()
    {
        // The stack is asked for every few levels only: what it promises is enough for many.
        if (_depth < DepthMax && ((_depth & 7) != 0 || RuntimeHelpers.TryEnsureSufficientExecutionStack()))
        {
            _depth++;
            return true;
        }

        Fail();
        return false;
    }

    public void Leave() => _depth--;

    /// <summary>For each operator that makes the tree deeper without a level of its own.</summary>
    public void Chain()
    {
        if (++_chained > ChainedMax) Fail();
    }

    /// <summary>What is written there.</summary>
    public readonly ReadOnlySpan<byte> TextOf(in Token token)
    {
        OpenOf(token)?.Read();
        return _text[token.Start..token.End];
    }

    /// <summary>What is written from one place to another, whichever tokens that are; none begins behind the current one.</summary>
    public readonly ReadOnlySpan<byte> Between(int start, int end)
    {
        for (int index = _next; open is not null && index >= 0 && _tokens[index].End > start; index--)
        {
            if (_tokens[index].Start < end) OpenOf(_tokens[index])?.Read();
        }

        return _text[start..Math.Max(start, end)];
    }

    /// <summary>The integer that the token is, if others of its form have other digits there; else null.</summary>
    public readonly OpenIntegers? OpenOf(in Token token) => open is not null && MySqlForms.IsOpen(_text, token) ? open : null;

    /// <summary>The digits of a constant that itself tells when its value is read (<see cref="Literal.Open"/>).</summary>
    public readonly ReadOnlySpan<byte> DigitsOf(in Token token) => _text[token.Start..token.End];

    /// <summary>A name, unquoted.</summary>
    public string Name()
    {
        Token token = Current;
        if (!token.IsName || IsReservedHere(token.Word))
        {
            Fail();
            return "";
        }

        Next();
        return NameOf(token);
    }

    /// <summary>Whether a name can stand here.</summary>
    public readonly bool AtName => Current.IsName && !IsReservedHere(Current.Word);

    /// <summary>A name that has no case: of a column, a function, an index.</summary>
    public string ColumnName() => Folded(Name());

    /// <summary>A name that has a case where file systems have one: of a database, a table, an alias.</summary>
    public string TableName() => FoldedTable(Name());

    public readonly string FoldedTable(string name) => Settings.FoldsRelationNames ? Folded(name) : name;

    /// <summary>name or schema.name. A leading dot, which old clients write, stands for the default database.</summary>
    public QualifiedName QualifiedName()
    {
        if (Accept(TokenKind.Dot)) return new QualifiedName(null, TableName());
        string name = TableName();
        if (!Accept(TokenKind.Dot)) return new QualifiedName(null, name);
        // The one schema whose relations have names without case everywhere.
        return string.Equals(name, InformationSchema, StringComparison.OrdinalIgnoreCase)
            ? new QualifiedName(InformationSchema, Folded(Name()))
            : new QualifiedName(name, TableName());
    }

    public static string Folded(string name)
    {
        foreach (char c in name)
        {
            if (c is >= 'A' and <= 'Z' or >= '\u0080') return name.ToLowerInvariant();
        }

        return name;
    }

    /// <summary>(column, column, …); an empty list where that is allowed.</summary>
    public ImmutableArray<string> Names(bool mayBeEmpty = false)
    {
        Expect(TokenKind.LeftParen);
        if (mayBeEmpty && Accept(TokenKind.RightParen)) return [];
        var names = ImmutableArray.CreateBuilder<string>();
        do
        {
            names.Add(ColumnName());
        }
        while (Accept(TokenKind.Comma));
        Expect(TokenKind.RightParen);
        return names.DrainToImmutable();
    }

    /// <summary>Any word or name, key words too: the server looks for names of settings before it looks for key words.</summary>
    public string AnyWord()
    {
        Token token = Current;
        if (token.Kind is not (TokenKind.Word or TokenKind.Identifier)) Fail();
        Next();
        return HasFailed ? "" : NameOf(token);
    }

    /// <summary>GLOBAL, SESSION or LOCAL before a dot.</summary>
    public Word AcceptScope()
    {
        Word scope = Peek().Kind is TokenKind.Dot && Current.Kind is TokenKind.Word or TokenKind.Identifier ? WordTable.Find(TextOf(Current)) : Word.None;
        if (scope is not (Word.Global or Word.Session or Word.Local or Word.Persist or Word.PersistOnly)) return Word.None;
        Next();
        Next();
        return scope;
    }

    /// <summary>A character set or a collation: a name, a string, or BINARY.</summary>
    public string CharsetName()
    {
        Token token = Current;
        if (token.Kind is TokenKind.String)
        {
            return NameInString();
        }

        return token.Kind is TokenKind.Word && token.Word is Word.Binary or Word.Ascii or Word.Default ? AnyWord() : Name();
    }

    /// <summary>A string that is a name, and no longer than names are.</summary>
    public string NameInString()
    {
        Token token = Current;
        if (token.End - token.Start > Lexer.NameBytesMax) Fail();
        Next();
        return HasFailed ? "" : Checked(StringOf(token));
    }

    public readonly string NameOf(in Token token)
    {
        ReadOnlySpan<byte> text = TextOf(token);
        return text is [(byte)'`' or (byte)'"' or (byte)'\'' or (byte)'@', ..] ? Checked(TextReader.Name(text)) : Noted(Notes.Names.Of(text));
    }

    /// <summary>No table or column has a name that ends in a space, but to the server it may be the one without.</summary>
    private readonly string Checked(string name)
    {
        if (name is [.., ' ']) Notes.Opaque("a name that ends in a space");
        return Noted(name);
    }

    /// <summary>The name; to be called with each that the statement gives or means.</summary>
    public readonly string Noted(string name)
    {
        if (Notes.MayHaveOddNames) Notes.WrittenNames.Add(name);
        return name;
    }

    private readonly string StringOf(in Token token) => TextReader.String(TextOf(token), !Settings.Has(MySqlModes.NoBackslashEscapes));

    private readonly bool IsReservedHere(Word word) => IsMySql && word is > Word.LastReserved and <= Word.LastReservedByMySql;
}
