using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>Entries of FROM, and of UPDATE and DELETE of several tables: tables, queries, table functions, parentheses.</summary>
internal static class SourceParser
{
    /// <summary>FROM DUAL is no table.</summary>
    public static ImmutableArray<Source> From(ref ParseContext context) => context.Accept(Word.Dual) ? [] : List(ref context);

    public static ImmutableArray<Source> List(ref ParseContext context)
    {
        Source first = JoinParser.Parse(ref context);
        if (!context.At(TokenKind.Comma)) return [first];
        var sources = ImmutableArray.CreateBuilder<Source>();
        sources.Add(first);
        while (context.Accept(TokenKind.Comma)) sources.Add(JoinParser.Parse(ref context));
        return sources.DrainToImmutable();
    }

    public static Source Factor(ref ParseContext context)
    {
        int start = context.Start;
        if (!context.TryEnter()) return Nothing;
        Source source = Parse(ref context, start);
        context.Leave();
        return source;
    }

    private static Source Nothing { get; } = new OpaqueSource { Because = "a fault" };

    private static Source Parse(ref ParseContext context, int start)
    {
        if (context.At(TokenKind.LeftParen)) return Parenthesised(ref context, start);
        if (context.Accept(TokenKind.LeftBrace))
        {
            // {OJ …}, of ODBC.
            context.Name();
            Source joined = JoinParser.Parse(ref context);
            context.Expect(TokenKind.RightBrace);
            return joined;
        }

        if (context.AtCall(Word.JsonTable)) return JsonTableParser.Parse(ref context);
        if (context.IsMySql && context.Accept(Word.Lateral))
        {
            context.Unproven("LATERAL");
            return Derived(ref context, start, QueryParser.Parenthesised(ref context), isLateral: true);
        }

        return Table(ref context);
    }

    /// <summary>A query, or joins and lists of sources, which are joins without a condition.</summary>
    private static Source Parenthesised(ref ParseContext context, int start)
    {
        if (QueryParser.AtParenthesised(context))
        {
            SubquerySource? source = Queried(ref context, start);
            if (source is not null) return source;
        }

        context.Expect(TokenKind.LeftParen);
        Source left = JoinParser.Parse(ref context);
        while (context.Accept(TokenKind.Comma))
        {
            context.Chain();
            Source right = JoinParser.Parse(ref context);
            left = new JoinSource { Kind = JoinKind.Inner, Left = left, Right = right, Position = start, End = context.PreviousEnd };
        }

        context.Expect(TokenKind.RightParen);
        return left;
    }

    /// <summary>
    /// Behind ((SELECT …) an alias may follow, and then the outer parenthesis is around joins; or anything that makes it a query. Null for the former,
    /// with nothing taken.
    /// </summary>
    private static SubquerySource? Queried(ref ParseContext context, int start)
    {
        if (!QueryParser.AtQuery(context, 1) && !IsQuery(context)) return null;
        Query query = QueryParser.Parenthesised(ref context);
        return Derived(ref context, start, query, isLateral: false);
    }

    /// <summary>Whether all the parentheses that begin here are of a query: each is followed by the end of the next, or by more of a query.</summary>
    private static bool IsQuery(in ParseContext context)
    {
        int innermost = 0;
        while (context.Peek(innermost + 1).Kind is TokenKind.LeftParen) innermost++;
        for (int level = innermost; level > 0; level--)
        {
            Token behind = context.PeekBehindClosing(level);
            bool isMore = behind.Kind is TokenKind.RightParen
                || (behind.Kind is TokenKind.Word
                    && behind.Word is Word.Union or Word.Except or Word.Intersect or Word.Order or Word.Limit or Word.Offset or Word.Fetch or Word.Lock);
            if (!isMore) return false;
        }

        return true;
    }

    private static SubquerySource Derived(ref ParseContext context, int start, Query query, bool isLateral)
    {
        string? alias = OptionalAlias(ref context);
        if (alias is null) context.Fail();
        ImmutableArray<string> columns = [];
        if (alias is not null && context.At(TokenKind.LeftParen))
        {
            context.Unproven("names of columns behind a query");
            columns = context.Names();
        }

        return new SubquerySource
        {
            Query = query,
            IsLateral = isLateral,
            Alias = alias,
            ColumnAliases = columns,
            Position = start,
            End = context.PreviousEnd,
        };
    }

    public static string? OptionalAlias(ref ParseContext context)
    {
        bool isExplicit = context.Accept(Word.As);
        if (isExplicit && context.At(Word.Window)) context.Fail();
        if (isExplicit) return context.TableName();
        return context.AtName && !context.At(Word.Window) && !context.At(Word.SystemTime) ? context.TableName() : null;
    }

    public static TableSource Table(ref ParseContext context)
    {
        int start = context.Start;
        QualifiedName name = context.QualifiedName();
        ImmutableArray<string> partitions = context.At(Word.Partition) ? Partitions(ref context) : [];
        ImmutableArray<Expression> period = context.At(Word.For, Word.SystemTime) ? Period(ref context) : [];
        string? alias = OptionalAlias(ref context);
        while (context.At(Word.Use) || context.At(Word.Force) || context.At(Word.Ignore)) SkipHint(ref context);
        return new TableSource
        {
            Name = name,
            Partitions = partitions,
            Period = period,
            Alias = alias,
            Position = start,
            End = context.PreviousEnd,
        };
    }

    public static ImmutableArray<string> Partitions(ref ParseContext context)
    {
        context.Expect(Word.Partition);
        return context.Names();
    }

    private static ImmutableArray<Expression> Period(ref ParseContext context)
    {
        context.Next();
        context.Next();
        if (context.Accept(Word.All)) return [];
        if (context.Accept(Word.As, Word.Of) || context.Accept(Word.Before)) return [Point(ref context)];
        bool isBetween = context.Accept(Word.Between);
        if (!isBetween) context.Expect(Word.From);
        Expression from = Point(ref context);
        if (isBetween) context.Expect(Word.And);
        else context.Expect(Word.To);
        return [from, Point(ref context)];
    }

    private static Expression Point(ref ParseContext context)
    {
        if (context.At(Word.Timestamp) && context.Peek().Kind is not TokenKind.LeftParen and not TokenKind.String) context.Next();
        else context.Accept(Word.Transaction);
        return BitExpressionParser.Parse(ref context);
    }

    private static void SkipHint(ref ParseContext context)
    {
        bool isUse = context.At(Word.Use);
        context.Next();
        if (!context.AcceptAny(Word.Index, Word.Key)) context.Fail();
        if (context.Accept(Word.For) && !context.Accept(Word.Join))
        {
            if (!context.AcceptAny(Word.Order, Word.Group)) context.Fail();
            context.Expect(Word.By);
        }

        context.Expect(TokenKind.LeftParen);
        if (isUse && context.Accept(TokenKind.RightParen)) return;
        do
        {
            if (!context.Accept(Word.Primary)) context.Name();
        }
        while (context.Accept(TokenKind.Comma));
        context.Expect(TokenKind.RightParen);
    }
}
