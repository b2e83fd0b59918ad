using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>Arithmetic, bits, intervals, joined strings and signs (bit_expr to simple_expr in MariaDB's sql_yacc.yy).</summary>
internal static class BitExpressionParser
{
    private const int Lowest = 1;
    private const int Additive = 4;
    private const int Concatenation = 7;

    public static Expression Parse(ref ParseContext context) => Parse(ref context, Lowest);

    private static Expression Parse(ref ParseContext context, int level)
    {
        int start = context.Start;
        if (!context.TryEnter()) return ExpressionParser.Nothing;
        Expression left = context.Pending is null && IntervalParser.StartsHere(context) ? IntervalParser.Leading(ref context) : Sign(ref context);
        for (int count = 0; LevelOf(context, out string name) is var found && found >= level; count++)
        {
            if (count > 0) context.Chain();
            context.Next();
            bool isSum = found == Additive && context.At(Word.Interval);
            if (isSum && IntervalParser.Amount(ref context) is { } amount)
            {
                // Anything else begins with INTERVAL, too: the function, of which more may follow.
                left = context.Pending is null
                    ? IntervalParser.Moved(context, start, name == "+" ? "date_add" : "date_sub", left, amount)
                    : ExpressionParser.Operator(context, start, name, left, Parse(ref context, found + 1));
                continue;
            }

            Expression right = Parse(ref context, found + 1);
            left = found == Concatenation
                ? CallParser.Named(context, start, "concat", [left, right])
                : ExpressionParser.Operator(context, start, name, left, right);
        }

        context.Leave();
        return left;
    }

    private static int LevelOf(in ParseContext context, out string name)
    {
        Token token = context.Current;
        (int level, name) = token.Kind switch
        {
            TokenKind.Pipe => (1, "|"),
            TokenKind.Ampersand => (2, "&"),
            TokenKind.ShiftLeft => (3, "<<"),
            TokenKind.ShiftRight => (3, ">>"),
            TokenKind.Plus => (Additive, "+"),
            TokenKind.Minus => (Additive, "-"),
            TokenKind.Star => (5, "*"),
            TokenKind.Slash => (5, "/"),
            TokenKind.Percent => (5, "%"),
            TokenKind.Caret => (6, "^"),
            TokenKind.OrOr when context.Settings.Has(MySqlModes.PipesAsConcat) => (Concatenation, "||"),
            TokenKind.Word => token.Word switch
            {
                Word.Div => (5, "div"),
                Word.Mod => (5, "%"),
                _ => (0, ""),
            },
            _ => (0, ""),
        };
        return level;
    }

    private static Expression Sign(ref ParseContext context)
    {
        if (context.Pending is not null) return Factor(ref context);
        int start = context.Start;
        string? name = context.Current.Kind switch
        {
            TokenKind.Plus => "+",
            TokenKind.Minus => "-",
            TokenKind.Tilde => "~",
            TokenKind.Exclamation => "!",
            _ => null,
        };
        bool isNot = context.At(Word.Not) && context.Settings.Has(MySqlModes.HighNotPrecedence);
        bool isBinary = context.At(Word.Binary);
        if (name is null && !isNot && !isBinary) return Factor(ref context);
        context.Next();
        if (!context.TryEnter()) return ExpressionParser.Nothing;
        Expression operand = Sign(ref context);
        context.Leave();
        if (isBinary)
        {
            return new Cast { Argument = operand, Type = new QualifiedName(null, "binary"), Position = start, End = context.PreviousEnd };
        }

        return name is null or "!" ? ExpressionParser.Negated(context, start, operand) : ExpressionParser.Operator(context, start, name, null, operand);
    }

    /// <summary>An operand and its collations.</summary>
    private static Expression Factor(ref ParseContext context)
    {
        int start = context.Start;
        Expression operand;
        if (context.Pending is { } pending)
        {
            context.Pending = null;
            operand = pending;
        }
        else
        {
            operand = PrimaryParser.Parse(ref context);
        }

        for (int count = 0; context.Accept(Word.Collate); count++)
        {
            if (count > 0) context.Chain();
            if (!context.Accept(TokenKind.String) && !context.Accept(Word.Binary)) context.Name();
            operand = new Construction { Kind = ConstructionKind.Collate, Arguments = [operand], Position = start, End = context.PreviousEnd };
        }

        return operand;
    }
}
