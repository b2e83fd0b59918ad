using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>ORDER BY, LIMIT, FETCH, FOR UPDATE, INTO.</summary>
internal static class TailParser
{
    public static void Parse(ref ParseContext context, ref QueryTail tail)
    {
        if (tail.OrderBy.IsEmpty) tail.OrderBy = OptionalOrder(ref context);
        Limits(ref context, ref tail);
        if (tail.MayHaveInto && tail.Into is null && context.At(Word.Procedure))
        {
            SkipProcedure(ref context);
            tail.MayHaveInto = false;
        }

        for (int i = 0; i < 3; i++)
        {
            if (tail.MayHaveInto && context.At(Word.Into) && tail.Into is null) tail.Into = Into(ref context);
            else if (context.At(Word.For) || context.At(Word.Lock)) Lock(ref context, ref tail);
            else break;
        }
    }

    public static ImmutableArray<Expression> OptionalOrder(ref ParseContext context)
    {
        if (!context.Accept(Word.Order)) return [];
        context.Expect(Word.By);
        return Sorted(ref context);
    }

    /// <summary>Expressions with or without directions.</summary>
    public static ImmutableArray<Expression> Sorted(ref ParseContext context)
    {
        ListStack<Expression> lists = context.Notes.Expressions;
        int list = lists.Count;
        do
        {
            lists.Add(ExpressionParser.Parse(ref context));
            context.AcceptAny(Word.Asc, Word.Desc);
        }
        while (context.Accept(TokenKind.Comma));
        return lists.Take(list);
    }

    public static IntoClause Into(ref ParseContext context)
    {
        int start = context.Start;
        context.Expect(Word.Into);
        if (context.Accept(Word.Outfile))
        {
            LiteralParser.String(ref context);
            FileFormatParser.Parse(ref context);
            return new IntoClause { IsFile = true, Position = start, End = context.PreviousEnd };
        }

        if (context.Accept(Word.Dumpfile))
        {
            LiteralParser.String(ref context);
            return new IntoClause { IsFile = true, Position = start, End = context.PreviousEnd };
        }

        var variables = ImmutableArray.CreateBuilder<string>();
        do
        {
            Token variable = context.Current;
            context.Expect(TokenKind.UserVariable);
            if (!context.HasFailed) variables.Add(context.NameOf(variable));
        }
        while (context.Accept(TokenKind.Comma));
        return new IntoClause { Variables = variables.DrainToImmutable(), Position = start, End = context.PreviousEnd };
    }

    /// <summary>LIMIT of UPDATE and DELETE: a number alone.</summary>
    public static Expression? OptionalCount(ref ParseContext context)
    {
        if (!context.Accept(Word.Limit)) return null;
        Expression count = Count(ref context);
        return count;
    }

    private static void Limits(ref ParseContext context, ref QueryTail tail)
    {
        if (context.Accept(Word.Limit))
        {
            if (context.Accept(Word.Rows))
            {
                Examined(ref context);
                return;
            }

            tail.Limit = Count(ref context);
            if (context.Accept(TokenKind.Comma))
            {
                tail.Offset = tail.Limit;
                tail.Limit = Count(ref context);
            }
            else if (context.Accept(Word.Offset))
            {
                tail.Offset = Count(ref context);
            }

            if (context.Accept(Word.Rows)) Examined(ref context);
            return;
        }

        if (context.Accept(Word.Offset))
        {
            tail.Offset = Count(ref context);
            if (!context.AcceptAny(Word.Row, Word.Rows)) context.Fail();
        }

        if (!context.Accept(Word.Fetch)) return;
        if (!context.AcceptAny(Word.First, Word.Next)) context.Fail();
        if (!context.At(Word.Row) && !context.At(Word.Rows)) tail.Limit = Count(ref context);
        else tail.Limit = new Literal { Kind = LiteralKind.Number, Value = "1" };
        if (!context.AcceptAny(Word.Row, Word.Rows)) context.Fail();
        if (context.Accept(Word.Only)) return;
        context.Expect(Word.With);
        context.Expect(Word.Ties);
        tail.HasTies = true;
    }

    /// <summary>LIMIT ROWS EXAMINED: how many rows are read decides what the answer is.</summary>
    private static void Examined(ref ParseContext context)
    {
        context.Expect(Word.Examined);
        Count(ref context);
        context.Notes.Opaque("LIMIT ROWS EXAMINED cuts the answer by rows that it does not show");
    }

    private static Expression Count(ref ParseContext context)
    {
        Token token = context.Current;
        if (token.Kind is TokenKind.Parameter || token.IsName) return PrimaryParser.Parse(ref context);
        if (token.Kind is not (TokenKind.Integer or TokenKind.Hex)) context.Fail();
        return LiteralParser.Parse(ref context);
    }

    /// <summary>PROCEDURE ANALYSE prints the smallest and the largest values.</summary>
    private static void SkipProcedure(ref ParseContext context)
    {
        context.Next();
        context.Name();
        context.Expect(TokenKind.LeftParen);
        if (!context.At(TokenKind.RightParen)) ExpressionParser.List(ref context);
        context.Expect(TokenKind.RightParen);
        context.Notes.Opaque("PROCEDURE makes another answer of the rows");
    }

    private static void Lock(ref ParseContext context, ref QueryTail tail)
    {
        tail.Locks = true;
        if (context.Accept(Word.Lock))
        {
            context.Expect(Word.In);
            context.Expect(Word.Share);
            context.Expect(Word.Mode);
        }
        else
        {
            context.Expect(Word.For);
            if (context.At(Word.Share)) context.Unproven("FOR SHARE");
            if (!context.AcceptAny(Word.Update, Word.Share)) context.Fail();
            if (context.At(Word.Of))
            {
                context.Unproven("FOR UPDATE OF");
                context.Next();
                do
                {
                    context.Name();
                }
                while (context.Accept(TokenKind.Comma));
            }
        }

        if (context.Accept(Word.Wait)) Count(ref context);
        else if (!context.Accept(Word.Nowait)) context.Accept(Word.Skip, Word.Locked);
    }
}
