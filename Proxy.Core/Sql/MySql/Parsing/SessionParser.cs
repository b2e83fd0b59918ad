using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>DO, USE, CALL, KILL, LOCK TABLES, HANDLER, LOAD.</summary>
internal static class SessionParser
{
    public static ParsedStatement Parse(ref ParseContext context)
    {
        int start = context.Start;
        Word first = context.Current.Word;
        context.Next();
        switch (first)
        {
            case Word.Do:
                ImmutableArray<Expression> expressions = [.. SelectParser.Targets(ref context).Select(static target => target.Value)];
                return new ParsedStatement(
                    StatementKind.Evaluate,
                    new EvaluateStatement { Expressions = expressions, Position = start, End = context.PreviousEnd });
            case Word.Use:
                context.Notes.ObjectName = context.TableName();
                return new ParsedStatement(StatementKind.UseDatabase);
            case Word.Call:
                return Call(ref context, start);
            case Word.Kill:
                return Kill(ref context);
            case Word.Lock:
                return Lock(ref context);
            case Word.Unlock:
                if (!context.AcceptAny(Word.Table, Word.Tables)) context.Fail();
                return new ParsedStatement(StatementKind.Lock);
            case Word.Handler:
                context.Notes.Relations.Add(new RelationMention(context.QualifiedName(), IsWritten: false));
                context.Notes.Opaque("HANDLER reads rows without a query");
                return StatementParser.Skip(ref context, StatementKind.Handler);
            default:
                return Load(ref context);
        }
    }

    private static ParsedStatement Call(ref ParseContext context, int start)
    {
        QualifiedName name = context.QualifiedName();
        context.Notes.Functions.Add(new QualifiedName(name.Schema, ParseContext.Folded(name.Name)));
        ImmutableArray<Expression> arguments = [];
        if (context.Accept(TokenKind.LeftParen))
        {
            if (!context.At(TokenKind.RightParen)) arguments = ExpressionParser.List(ref context);
            context.Expect(TokenKind.RightParen);
        }

        return new ParsedStatement(
            StatementKind.Call,
            new EvaluateStatement { Expressions = arguments, Position = start, End = context.PreviousEnd });
    }

    /// <summary><see cref="StatementNotes.ObjectName"/> is "connection 5" or "query 5"; null for anything but a number.</summary>
    private static ParsedStatement Kill(ref ParseContext context)
    {
        context.AcceptAny(Word.Hard, Word.Soft);
        bool isQuery = context.Accept(Word.Query);
        if (!isQuery) context.Accept(Word.Connection);
        Token id = context.Current;
        if (id.Kind is TokenKind.Integer && context.Peek().IsEnd)
        {
            context.Notes.ObjectName = $"{(isQuery ? "query" : "connection")} {System.Text.Encoding.UTF8.GetString(context.TextOf(id))}";
        }
        else
        {
            context.Notes.Opaque("whom KILL means is computed");
        }

        return StatementParser.Skip(ref context, StatementKind.Kill);
    }

    private static ParsedStatement Lock(ref ParseContext context)
    {
        if (!context.AcceptAny(Word.Table, Word.Tables)) return StatementParser.Skip(ref context, StatementKind.Administrative);
        do
        {
            QualifiedName name = context.QualifiedName();
            SourceParser.OptionalAlias(ref context);
            bool isRead = context.Accept(Word.Read);
            if (isRead) context.Accept(Word.Local);
            else if (!context.Accept(Word.Write) && !(context.Accept(Word.LowPriority) && context.Accept(Word.Write))) context.Accept(Word.Concurrent);
            context.Notes.Relations.Add(new RelationMention(name, !isRead));
        }
        while (context.Accept(TokenKind.Comma));
        return StatementParser.Skip(ref context, StatementKind.Lock);
    }

    private static ParsedStatement Load(ref ParseContext context)
    {
        if (context.Accept(Word.Index)) return StatementParser.Skip(ref context, StatementKind.Administrative);
        if (!context.AcceptAny(Word.Data, Word.Xml)) context.Fail();
        context.AcceptAny(Word.LowPriority, Word.Concurrent);
        bool isLocal = context.Accept(Word.Local);
        context.Expect(Word.Infile);
        LiteralParser.String(ref context);
        context.AcceptAny(Word.Replace, Word.Ignore);
        context.Expect(Word.Into);
        context.Expect(Word.Table);
        context.Notes.Relations.Add(new RelationMention(context.QualifiedName(), IsWritten: true));
        context.Notes.Opaque("what a file holds, and what is computed of it, is not read");
        return StatementParser.Skip(ref context, isLocal ? StatementKind.LoadLocal : StatementKind.CopyServerSide);
    }
}
