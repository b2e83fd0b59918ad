using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>DELETE in its three forms: from one table, of tables by a join, and of tables USING a join.</summary>
internal static class DeleteParser
{
    public static ParsedStatement Parse(ref ParseContext context, WithClause? with)
    {
        int start = with?.Position ?? context.Start;
        if (with is not null) context.Unproven("WITH … DELETE");
        context.Expect(Word.Delete);
        while (context.AcceptAny(Word.LowPriority, Word.Quick, Word.Ignore))
        {
        }

        if (context.At(Word.History) && context.Peek().Word is Word.From) return History(ref context, start);
        if (!context.Accept(Word.From))
        {
            ImmutableArray<TableSource> targets = Targets(ref context);
            context.Expect(Word.From);
            return Joined(ref context, start, with, targets);
        }

        int mark = context.Mark();
        ImmutableArray<TableSource> names = Targets(ref context);
        if (context.Accept(Word.Using)) return Joined(ref context, start, with, names);
        context.Return(mark);
        return Single(ref context, start, with);
    }

    private static ParsedStatement Single(ref ParseContext context, int start, WithClause? with)
    {
        int place = context.Start;
        QualifiedName name = context.QualifiedName();
        ImmutableArray<string> partitions = context.At(Word.Partition) ? SourceParser.Partitions(ref context) : [];
        if (context.At(Word.For)) PortionParser.Skip(ref context);
        string? alias = null;
        if (context.At(Word.As) || context.AtName)
        {
            context.Unproven("an alias in DELETE");
            alias = SourceParser.OptionalAlias(ref context);
        }

        var target = new TableSource { Name = name, Partitions = partitions, Alias = alias, Position = place, End = context.PreviousEnd };
        Expression? where = context.Accept(Word.Where) ? ExpressionParser.Parse(ref context) : null;
        ImmutableArray<Expression> order = TailParser.OptionalOrder(ref context);
        Expression? limit = TailParser.OptionalCount(ref context);
        ImmutableArray<Target> returning = context.Accept(Word.Returning) ? SelectParser.Targets(ref context) : [];
        return new ParsedStatement(StatementKind.Delete, new DeleteStatement
        {
            With = with,
            Target = target,
            Where = where,
            OrderBy = order,
            Limit = limit,
            Returning = returning,
            Position = start,
            End = context.PreviousEnd,
        });
    }

    private static ParsedStatement Joined(ref ParseContext context, int start, WithClause? with, ImmutableArray<TableSource> targets)
    {
        ImmutableArray<Source> sources = SourceParser.List(ref context);
        Expression? where = context.Accept(Word.Where) ? ExpressionParser.Parse(ref context) : null;
        return new ParsedStatement(StatementKind.Delete, new DeleteJoinStatement
        {
            With = with,
            Targets = targets,
            Sources = sources,
            Where = where,
            Position = start,
            End = context.PreviousEnd,
        });
    }

    /// <summary>Names of tables, with or without .* behind.</summary>
    private static ImmutableArray<TableSource> Targets(ref ParseContext context)
    {
        var targets = ImmutableArray.CreateBuilder<TableSource>(1);
        do
        {
            int start = context.Start;
            string first = context.TableName();
            string? second = context.At(TokenKind.Dot) && context.Peek().Kind is not TokenKind.Star && context.Accept(TokenKind.Dot) ? context.TableName() : null;
            if (context.Accept(TokenKind.Dot)) context.Expect(TokenKind.Star);
            targets.Add(new TableSource
            {
                Name = second is null ? new QualifiedName(null, first) : new QualifiedName(first, second),
                Position = start,
                End = context.PreviousEnd,
            });
        }
        while (context.Accept(TokenKind.Comma));
        return targets.DrainToImmutable();
    }

    /// <summary>DELETE HISTORY: old versions of rows.</summary>
    private static ParsedStatement History(ref ParseContext context, int start)
    {
        context.Next();
        context.Next();
        int place = context.Start;
        var target = new TableSource { Name = context.QualifiedName(), Position = place, End = context.PreviousEnd };
        if (context.Accept(Word.Before))
        {
            context.Expect(Word.SystemTime);
            if (context.At(Word.Timestamp) && context.Peek().Kind is not TokenKind.LeftParen) context.Next();
            BitExpressionParser.Parse(ref context);
        }

        context.Notes.Opaque("DELETE HISTORY removes what rows were");
        return new ParsedStatement(StatementKind.Delete, new DeleteStatement { Target = target, Position = start, End = context.PreviousEnd });
    }
}
