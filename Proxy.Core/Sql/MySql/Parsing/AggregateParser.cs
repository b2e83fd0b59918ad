using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>Aggregates with clauses of their own.</summary>
internal static class AggregateParser
{
    /// <summary>GROUP_CONCAT and JSON_ARRAYAGG: DISTINCT, ORDER BY, SEPARATOR, LIMIT.</summary>
    public static Call Joined(ref ParseContext context, in Token name)
    {
        Open(ref context);
        bool isDistinct = context.AcceptAny(Word.Distinct, Word.Distinctrow);
        ImmutableArray<Expression> arguments = ExpressionParser.List(ref context);
        ImmutableArray<Expression> order = TailParser.OptionalOrder(ref context);
        if (name.Word is Word.GroupConcat && context.Accept(Word.Separator) && !context.Accept(TokenKind.Hex) && !context.Accept(TokenKind.Bits)
            && !context.Accept(TokenKind.Parameter))
        {
            LiteralParser.String(ref context);
        }

        if (context.Accept(Word.Limit)) arguments = arguments.AddRange(Limit(ref context));
        context.Expect(TokenKind.RightParen);
        return new Call
        {
            Function = new QualifiedName(null, PrimaryParser.LowerName(context, name)),
            Arguments = arguments,
            IsDistinct = isDistinct,
            OrderBy = order,
            Over = WindowParser.OptionalOver(ref context),
            Position = name.Start,
            End = context.PreviousEnd,
        };
    }

    public static Call Pairs(ref ParseContext context, in Token name)
    {
        Open(ref context);
        ImmutableArray<Expression> arguments = ExpressionParser.List(ref context);
        if (arguments.Length != 2) context.Fail();
        context.Expect(TokenKind.RightParen);
        return new Call
        {
            Function = new QualifiedName(null, PrimaryParser.LowerName(context, name)),
            Arguments = arguments,
            Over = WindowParser.OptionalOver(ref context),
            Position = name.Start,
            End = context.PreviousEnd,
        };
    }

    /// <summary>PERCENTILE_CONT(fraction) WITHIN GROUP (ORDER BY value) OVER (…).</summary>
    public static Call Percentile(ref ParseContext context, in Token name)
    {
        Open(ref context);
        Expression fraction = ExpressionParser.Parse(ref context);
        context.Expect(TokenKind.RightParen);
        context.Expect(Word.Within);
        context.Expect(Word.Group);
        context.Expect(TokenKind.LeftParen);
        ImmutableArray<Expression> order = TailParser.OptionalOrder(ref context);
        if (order.Length != 1) context.Fail();
        context.Expect(TokenKind.RightParen);
        return new Call
        {
            Function = new QualifiedName(null, PrimaryParser.LowerName(context, name)),
            Arguments = [fraction],
            OrderBy = order,
            IsWithinGroup = true,
            Over = WindowParser.OptionalOver(ref context),
            Position = name.Start,
            End = context.PreviousEnd,
        };
    }

    private static void Open(ref ParseContext context)
    {
        context.Next();
        context.Expect(TokenKind.LeftParen);
    }

    private static ImmutableArray<Expression> Limit(ref ParseContext context)
    {
        Expression first = ExpressionParser.Parse(ref context);
        return context.Accept(TokenKind.Comma) || context.Accept(Word.Offset) ? [first, ExpressionParser.Parse(ref context)] : [first];
    }
}
