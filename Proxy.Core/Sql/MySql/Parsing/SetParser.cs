using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>SET: settings, variables, character sets, transactions, passwords and roles; SET STATEMENT … FOR.</summary>
internal static class SetParser
{
    public static ParsedStatement Parse(ref ParseContext context)
    {
        int start = context.Start;
        context.Expect(Word.Set);
        if (context.At(Word.Statement) && context.Peek().IsName) return ForStatement(ref context);
        if (IsAboutPrivileges(context)) return StatementParser.Skip(ref context, StatementKind.Privilege);
        if (context.At(Word.Transaction) || (context.Peek().Word is Word.Transaction && context.Peek(2).Word is Word.Isolation or Word.Read))
        {
            return Transaction(ref context);
        }

        var computed = ImmutableArray.CreateBuilder<Expression>();
        bool isGlobal = false;
        Word scope = Word.None;
        do
        {
            Item(ref context, computed, ref scope);
            isGlobal |= scope is Word.Global or Word.Persist or Word.PersistOnly;
        }
        while (context.Accept(TokenKind.Comma));
        Statement? syntax = computed.Count == 0
            ? null
            : new EvaluateStatement { Expressions = computed.DrainToImmutable(), Position = start, End = context.PreviousEnd };
        // What is computed may read anything: it is judged as that, whatever settings stand beside it.
        StatementKind kind = isGlobal ? StatementKind.Administrative : syntax is null ? StatementKind.SetSetting : StatementKind.Evaluate;
        return new ParsedStatement(kind, syntax);
    }

    private static bool IsAboutPrivileges(in ParseContext context)
    {
        if (context.At(Word.Password)) return context.Peek().Kind is TokenKind.Equal || context.Peek().Word is Word.For;
        if (context.At(Word.Role)) return context.Peek().Kind is not (TokenKind.Equal or TokenKind.Assign);
        return context.At(Word.Default, Word.Role);
    }

    /// <summary>SET STATEMENT setting = value, … FOR statement: the settings hold for that statement alone.</summary>
    private static ParsedStatement ForStatement(ref ParseContext context)
    {
        context.Next();
        var computed = ImmutableArray.CreateBuilder<Expression>();
        do
        {
            string name = SettingName(ref context, out _);
            Value(ref context, name, isLocal: true, computed);
            // The text is already cut into tokens; what the statement prepares or calls would be read otherwise.
            if (name is "sql_mode" || name.StartsWith("character_set", StringComparison.Ordinal)) context.Notes.Opaque($"{name} changes within the text");
        }
        while (context.Accept(TokenKind.Comma));
        if (computed.Count > 0) context.Notes.Opaque("a setting is computed");
        context.Expect(Word.For);
        return StatementParser.Parse(ref context);
    }

    private static void Item(ref ParseContext context, ImmutableArray<Expression>.Builder computed, ref Word scope)
    {
        if (context.At(TokenKind.UserVariable))
        {
            Variable(ref context, computed);
            return;
        }

        if (context.At(Word.Names) && context.Peek().Kind is not (TokenKind.Equal or TokenKind.Assign))
        {
            context.Next();
            Charset(ref context, "names");
            return;
        }

        if (context.Accept(Word.Character, Word.Set) || context.Accept(Word.Char, Word.Set)
            || (context.Peek().Kind is not (TokenKind.Equal or TokenKind.Assign) && context.Accept(Word.Charset)))
        {
            Charset(ref context, "character set");
            return;
        }

        string name = SettingName(ref context, out Word written);
        // A scope without @@ stays for the items that follow.
        if (written is not Word.None) scope = written;
        Value(ref context, name, isLocal: false, computed);
    }

    /// <summary>[@@][scope] name, as the server calls it.</summary>
    private static string SettingName(ref ParseContext context, out Word scope)
    {
        if (context.Accept(TokenKind.SystemVariable))
        {
            scope = context.AcceptScope();
        }
        else
        {
            scope = context.Current.Kind is TokenKind.Word
                && context.Current.Word is Word.Global or Word.Session or Word.Local or Word.Persist or Word.PersistOnly
                && context.Peek().Kind is TokenKind.Word or TokenKind.Identifier
                ? context.Current.Word
                : Word.None;
            if (scope is not Word.None) context.Next();
        }

        string name = context.AnyWord();
        if (context.Accept(TokenKind.Dot)) name = $"{name}.{context.AnyWord()}";
        return ParseContext.Folded(name);
    }

    private static void Variable(ref ParseContext context, ImmutableArray<Expression>.Builder computed)
    {
        Token token = context.Current;
        context.Next();
        if (!context.Accept(TokenKind.Assign)) context.Expect(TokenKind.Equal);
        var name = new Literal { Kind = LiteralKind.Text, Value = ParseContext.Folded(context.NameOf(token)), Position = token.Start, End = token.End };
        computed.Add(CallParser.Named(context, token.Start, ":=", [name, ExpressionParser.Parse(ref context)]));
    }

    private static void Charset(ref ParseContext context, string setting)
    {
        string value = ParseContext.Folded(context.CharsetName());
        context.Notes.Settings.Add(new SettingMention(setting, value, IsChanged: true, IsLiteral: true, IsLocal: false));
        if (context.Accept(Word.Collate))
        {
            string collation = ParseContext.Folded(context.CharsetName());
            context.Notes.Settings.Add(new SettingMention("collation_connection", collation, IsChanged: true, IsLiteral: true, IsLocal: false));
        }
    }

    private static void Value(ref ParseContext context, string name, bool isLocal, ImmutableArray<Expression>.Builder computed)
    {
        if (!context.Accept(TokenKind.Assign)) context.Expect(TokenKind.Equal);
        bool isWord = context.Current.Kind is TokenKind.Word && IsBehindValue(context.Peek());
        string? value = null;
        bool isLiteral = true;
        bool isAddition = false;
        if (isWord && context.At(Word.Default))
        {
            context.Next();
        }
        else if (isWord)
        {
            value = context.AnyWord();
        }
        else
        {
            Expression expression = ExpressionParser.Parse(ref context);
            isAddition = name is "sql_mode" && SqlModeAddition.TryRead(expression, out value);
            isLiteral = isAddition || TryReadLiteral(expression, out value);
            if (!isLiteral) computed.Add(expression);
        }

        context.Notes.Settings.Add(new SettingMention(name, value, IsChanged: true, isLiteral, isLocal) { IsAddition = isAddition });
    }

    private static bool IsBehindValue(in Token token) =>
        token.IsEnd || token.Kind is TokenKind.Comma || (token.Kind is TokenKind.Word && token.Word is Word.For);

    private static bool TryReadLiteral(Expression expression, out string? value)
    {
        value = null;
        switch (expression)
        {
            case Literal literal:
                value = literal.Value;
                return true;
            case OperatorCall { Operator.Name: "-", Left: null, Right: [Literal { Kind: LiteralKind.Number } number] }:
                value = $"-{number.Value}";
                return true;
            default:
                return false;
        }
    }

    /// <summary>SET [scope] TRANSACTION: without a scope for the next one alone.</summary>
    private static ParsedStatement Transaction(ref ParseContext context)
    {
        bool isGlobal = context.At(Word.Global);
        bool isNext = context.At(Word.Transaction);
        if (!isNext && !context.AcceptAny(Word.Global, Word.Session, Word.Local)) context.Fail();
        context.Expect(Word.Transaction);
        do
        {
            (string setting, string value) = Mode(ref context);
            context.Notes.Settings.Add(new SettingMention(setting, value, IsChanged: true, IsLiteral: true, isNext));
        }
        while (context.Accept(TokenKind.Comma));
        return new ParsedStatement(isGlobal ? StatementKind.Administrative : StatementKind.SetTransaction);
    }

    private static (string Setting, string Value) Mode(ref ParseContext context)
    {
        if (context.Accept(Word.Read))
        {
            bool isReadOnly = context.Accept(Word.Only);
            if (!isReadOnly) context.Expect(Word.Write);
            return ("tx_read_only", isReadOnly ? "1" : "0");
        }

        context.Expect(Word.Isolation);
        context.Expect(Word.Level);
        if (context.Accept(Word.Serializable)) return ("tx_isolation", "serializable");
        if (context.Accept(Word.Repeatable))
        {
            context.Expect(Word.Read);
            return ("tx_isolation", "repeatable-read");
        }

        context.Expect(Word.Read);
        bool isCommitted = context.Accept(Word.Committed);
        if (!isCommitted) context.Expect(Word.Uncommitted);
        return ("tx_isolation", isCommitted ? "read-committed" : "read-uncommitted");
    }
}
