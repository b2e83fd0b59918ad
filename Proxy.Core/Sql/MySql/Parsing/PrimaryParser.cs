using System.Collections.Immutable;
using System.Text;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>Operands: literals, parameters, variables, columns, calls, and what stands in parentheses.</summary>
internal static class PrimaryParser
{
    public static Expression Parse(ref ParseContext context)
    {
        Token token = context.Current;
        switch (token.Kind)
        {
            case TokenKind.LeftParen:
                return Parenthesised(ref context);
            case TokenKind.UserVariable:
                return Variable(ref context);
            case TokenKind.SystemVariable:
                return Setting(ref context);
            case TokenKind.Parameter:
                context.Next();
                return new Parameter { Number = ++context.Notes.Parameters, Position = token.Start, End = token.End };
            case TokenKind.LeftBrace:
                return Braced(ref context);
            case TokenKind.Identifier:
                return context.Peek().Kind is TokenKind.LeftParen ? CallParser.Generic(ref context) : ColumnOrCall(ref context);
            case TokenKind.Dot:
                return ColumnOrCall(ref context);
            case TokenKind.Word:
                return Word(ref context, token);
            default:
                return LiteralParser.Parse(ref context);
        }
    }

    /// <summary>(expression), (expression, …), which is a row, or (query).</summary>
    public static Expression Parenthesised(ref ParseContext context)
    {
        int start = context.Start;
        context.Expect(TokenKind.LeftParen);
        if (!context.TryEnter()) return ExpressionParser.Nothing;
        Expression result = Content(ref context, start);
        context.Leave();
        return result;
    }

    private static Expression Content(ref ParseContext context, int start)
    {
        if (QueryParser.AtQuery(context)) return Subquery(ref context, start, QueryParser.Parse(ref context));
        if (QueryParser.AtParenthesised(context))
        {
            Expression inner = Parenthesised(ref context);
            if (inner is SubqueryExpression { Form: SubqueryForm.Scalar } query && QueryParser.ContinuesOrCloses(context))
            {
                return Subquery(ref context, start, QueryParser.Continue(ref context, query.Query));
            }

            context.Pending = inner;
        }

        ImmutableArray<Expression> list = ExpressionParser.List(ref context);
        context.Expect(TokenKind.RightParen);
        if (list is [var only]) return only;
        return new Construction { Kind = ConstructionKind.Row, Arguments = list, Position = start, End = context.PreviousEnd };
    }

    private static SubqueryExpression Subquery(ref ParseContext context, int start, Query query)
    {
        context.Expect(TokenKind.RightParen);
        return new SubqueryExpression { Form = SubqueryForm.Scalar, Query = query, Position = start, End = context.PreviousEnd };
    }

    /// <summary>column, table.column, schema.table.column.</summary>
    public static ColumnReference Column(ref ParseContext context)
    {
        int start = context.Start;
        context.Accept(TokenKind.Dot);
        string first = context.Name();
        if (!context.Accept(TokenKind.Dot)) return Reference(context, start, context.Notes.Names.Path(ParseContext.Folded(first)));
        string second = context.Name();
        first = context.FoldedTable(first);
        return context.Accept(TokenKind.Dot)
            ? Reference(context, start, [first, context.FoldedTable(second), context.ColumnName()])
            : Reference(context, start, context.Notes.Names.Path(first, ParseContext.Folded(second)));
    }

    /// <summary>A column, a function of a schema, or, in MySQL, a path into a JSON column.</summary>
    private static Expression ColumnOrCall(ref ParseContext context)
    {
        ColumnReference column = Column(ref context);
        if (context.At(TokenKind.LeftParen) && column.Parts is [var schema, var function])
        {
            return CallParser.Of(ref context, column.Position, new QualifiedName(schema, function.ToLowerInvariant()));
        }

        bool isText = context.At(TokenKind.LongArrow);
        if (!isText && !context.At(TokenKind.Arrow)) return column;
        context.Unproven("-> and ->>");
        context.Next();
        Expression path = LiteralParser.String(ref context);
        Call value = CallParser.Named(context, column.Position, "json_extract", [column, path]);
        return isText ? CallParser.Named(context, column.Position, "json_unquote", [value]) : value;
    }

    private static ColumnReference Reference(in ParseContext context, int start, ImmutableArray<string> parts)
    {
        if (parts[^1] == "_rowid") context.Notes.Opaque("_rowid is whatever integer a table has as its key");
        return new ColumnReference { Parts = parts, Position = start, End = context.PreviousEnd };
    }

    /// <summary>@name reads a variable of the session, @name := value stores the value in it, and is the value: calls by these signs.</summary>
    private static Call Variable(ref ParseContext context)
    {
        Token token = context.Current;
        context.Next();
        var name = new Literal { Kind = LiteralKind.Text, Value = ParseContext.Folded(context.NameOf(token)), Position = token.Start, End = token.End };
        if (!context.Accept(TokenKind.Assign)) return CallParser.Named(context, token.Start, "@", [name]);
        return CallParser.Named(context, token.Start, ":=", [name, ExpressionParser.Parse(ref context)]);
    }

    private static Call Setting(ref ParseContext context)
    {
        int start = context.Start;
        context.Next();
        string name = SettingName(ref context);
        context.Notes.Settings.Add(new SettingMention(name, Value: null, IsChanged: false, IsLiteral: true, IsLocal: false));
        var written = new Literal { Kind = LiteralKind.Text, Value = name, Position = start, End = context.PreviousEnd };
        return CallParser.Named(context, start, "@@", [written]);
    }

    /// <summary>[scope.][cache.]name, in lower case, without the scope.</summary>
    public static string SettingName(ref ParseContext context)
    {
        // A second scope is none, and no setting has such a name.
        if (context.AcceptScope() is not Lexing.Word.None && context.AcceptScope() is not Lexing.Word.None) context.Fail();
        if (context.Current.Kind is TokenKind.Word && context.Current.Word is Lexing.Word.Global or Lexing.Word.Session or Lexing.Word.Local or Lexing.Word.Default) context.Fail();
        string name = context.AnyWord();
        if (context.Accept(TokenKind.Dot)) name = $"{name}.{context.AnyWord()}";
        return name.ToLowerInvariant();
    }

    /// <summary>{d '…'} and its like of ODBC: the value of what stands inside.</summary>
    private static Expression Braced(ref ParseContext context)
    {
        int start = context.Start;
        context.Next();
        string name = context.Name();
        Expression inner = ExpressionParser.Parse(ref context);
        context.Expect(TokenKind.RightBrace);
        string? type = name.ToUpperInvariant() switch
        {
            "D" => "date",
            "T" => "time",
            "TS" => "datetime",
            _ => null,
        };
        if (type is null) return inner;
        return new Cast { Argument = inner, Type = new QualifiedName(null, type), Position = start, End = context.PreviousEnd };
    }

    private static Expression Word(ref ParseContext context, in Token token)
    {
        TokenKind next = context.Peek().Kind;
        if (next is TokenKind.LeftParen && WordCallParser.TryParse(ref context, token, out Expression? call)) return call;
        switch (token.Word)
        {
            case Lexing.Word.Null or Lexing.Word.True or Lexing.Word.False:
                return LiteralParser.Parse(ref context);
            case Lexing.Word.Date or Lexing.Word.Time or Lexing.Word.Timestamp when next is TokenKind.String:
                return LiteralParser.Typed(ref context);
            case Lexing.Word.Case:
                return CaseParser.Parse(ref context);
            case Lexing.Word.Match:
                return WordCallParser.Match(ref context);
            case Lexing.Word.CurrentDate or Lexing.Word.CurrentTime or Lexing.Word.CurrentTimestamp or Lexing.Word.CurrentUser
                or Lexing.Word.CurrentRole or Lexing.Word.Localtime or Lexing.Word.Localtimestamp or Lexing.Word.UtcDate or Lexing.Word.UtcTime
                or Lexing.Word.UtcTimestamp:
                context.Next();
                return CallParser.Named(context, token.Start, LowerName(context, token), []);
            case Lexing.Word.Next or Lexing.Word.Previous when context.Peek().Word is Lexing.Word.Value && context.Peek(2).Word is Lexing.Word.For:
                return Sequence(ref context, token);
        }

        if (next is not TokenKind.LeftParen) return ColumnOrCall(ref context);
        return CallParser.Generic(ref context);
    }

    /// <summary>NEXT VALUE FOR sequence: advances it.</summary>
    private static Call Sequence(ref ParseContext context, in Token token)
    {
        context.Next();
        context.Next();
        context.Next();
        return CallParser.OfSequence(ref context, token.Start, token.Word is Lexing.Word.Next ? "nextval" : "lastval", []);
    }

    /// <summary>Names of functions have no case.</summary>
    public static string LowerName(in ParseContext context, in Token token)
    {
        ReadOnlySpan<byte> word = context.TextOf(token);
        Span<byte> lower = stackalloc byte[64];
        return word.Length <= lower.Length && Ascii.ToLower(word, lower, out int length) is System.Buffers.OperationStatus.Done
            ? context.Notes.Names.Of(lower[..length])
            : Encoding.UTF8.GetString(word).ToLowerInvariant();
    }
}
