using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>Expressions down to predicates: OR, XOR, AND, NOT, IS, comparisons, IN, BETWEEN, LIKE (expr to predicate in MariaDB's sql_yacc.yy).</summary>
internal static class ExpressionParser
{
    public static Expression Parse(ref ParseContext context)
    {
        if (!context.TryEnter()) return Nothing;
        Expression expression = Or(ref context);
        context.Leave();
        return expression;
    }

    /// <summary>What stands in the tree after a fault, which nobody sees.</summary>
    public static Expression Nothing { get; } = new OpaqueExpression { Because = "a fault" };

    public static ImmutableArray<Expression> List(ref ParseContext context)
    {
        ListStack<Expression> lists = context.Notes.Expressions;
        int list = lists.Count;
        do
        {
            lists.Add(Parse(ref context));
        }
        while (context.Accept(TokenKind.Comma));
        return lists.Take(list);
    }

    /// <summary>DEFAULT and, in MariaDB, IGNORE are values of their own in lists of values and assignments.</summary>
    public static Expression OrDefault(ref ParseContext context)
    {
        bool isDefault = context.At(Word.Default) && context.Peek().Kind is not TokenKind.LeftParen;
        if (!isDefault && !(context.At(Word.Ignore) && !context.IsMySql)) return Parse(ref context);
        int start = context.Start;
        context.Next();
        return new DefaultValue { Position = start, End = context.PreviousEnd };
    }

    private static Expression Or(ref ParseContext context)
    {
        int start = context.Start;
        Expression left = Xor(ref context);
        if (!AtOr(context)) return left;
        ListStack<Expression> lists = context.Notes.Expressions;
        int operands = lists.Count;
        lists.Add(left);
        while (AtOr(context))
        {
            context.Next();
            lists.Add(Xor(ref context));
        }

        return Combination(context, start, BooleanOperator.Or, lists.Take(operands));
    }

    private static bool AtOr(in ParseContext context) =>
        context.At(Word.Or) || (context.At(TokenKind.OrOr) && !context.Settings.Has(MySqlModes.PipesAsConcat));

    private static Expression Xor(ref ParseContext context)
    {
        int start = context.Start;
        Expression left = And(ref context);
        while (context.Accept(Word.Xor))
        {
            context.Chain();
            left = Operator(context, start, "xor", left, And(ref context));
        }

        return left;
    }

    private static Expression And(ref ParseContext context)
    {
        int start = context.Start;
        Expression left = Not(ref context);
        if (!context.At(Word.And) && !context.At(TokenKind.AndAnd)) return left;
        ListStack<Expression> lists = context.Notes.Expressions;
        int operands = lists.Count;
        lists.Add(left);
        while (context.Accept(Word.And) || context.Accept(TokenKind.AndAnd)) lists.Add(Not(ref context));
        return Combination(context, start, BooleanOperator.And, lists.Take(operands));
    }

    private static Expression Not(ref ParseContext context)
    {
        int start = context.Start;
        int count = 0;
        if (context.Pending is null && !context.Settings.Has(MySqlModes.HighNotPrecedence))
        {
            for (; context.Accept(Word.Not); count++) context.Chain();
        }

        Expression operand = BooleanTest(ref context);
        for (; count > 0; count--) operand = Negated(context, start, operand);
        return operand;
    }

    public static Expression Negated(in ParseContext context, int start, Expression operand) =>
        new BooleanCombination { Operator = BooleanOperator.Not, Operands = [operand], Position = start, End = context.PreviousEnd };

    private static BooleanCombination Combination(in ParseContext context, int start, BooleanOperator kind, ImmutableArray<Expression> operands) =>
        new() { Operator = kind, Operands = operands, Position = start, End = context.PreviousEnd };

    public static OperatorCall Operator(in ParseContext context, int start, string name, Expression? left, Expression right) => new()
    {
        Operator = new QualifiedName(null, name),
        Left = left,
        Right = [right],
        Position = start,
        End = context.PreviousEnd,
    };

    private static Expression BooleanTest(ref ParseContext context)
    {
        int start = context.Start;
        Expression left = PredicateParser.Parse(ref context);
        for (int count = 0; ; count++)
        {
            string? name = Comparison(context.Current.Kind);
            if (name is null && !context.At(Word.Is)) return left;
            if (count > 0) context.Chain();
            context.Next();
            if (name is null)
            {
                left = Is(ref context, start, left);
                continue;
            }

            left = Compared(ref context, start, name, left);
        }
    }

    private static string? Comparison(TokenKind kind) => kind switch
    {
        TokenKind.Equal => "=",
        TokenKind.NullSafeEqual => "<=>",
        TokenKind.NotEqual => "<>",
        TokenKind.Less => "<",
        TokenKind.LessOrEqual => "<=",
        TokenKind.Greater => ">",
        TokenKind.GreaterOrEqual => ">=",
        _ => null,
    };

    private static Expression Is(ref ParseContext context, int start, Expression operand)
    {
        bool isNegated = context.Accept(Word.Not);
        if (context.Accept(Word.Null))
        {
            return new NullTest { Argument = operand, IsNegated = isNegated, Position = start, End = context.PreviousEnd };
        }

        if (!context.AcceptAny(Word.True, Word.False, Word.Unknown)) context.Fail();
        return new Construction { Kind = ConstructionKind.TruthTest, Arguments = [operand], Position = start, End = context.PreviousEnd };
    }

    private static Expression Compared(ref ParseContext context, int start, string name, Expression left)
    {
        bool isAll = context.At(Word.All);
        if (name != "<=>" && context.Peek().Kind is TokenKind.LeftParen && (isAll || context.At(Word.Any) || context.At(Word.Some)))
        {
            context.Next();
            return new SubqueryExpression
            {
                Form = isAll ? SubqueryForm.All : SubqueryForm.Any,
                Test = left,
                Operator = new QualifiedName(null, name),
                Query = QueryParser.Parenthesised(ref context),
                Position = start,
                End = context.PreviousEnd,
            };
        }

        Expression right = PredicateParser.Parse(ref context);
        if (left is Construction { Kind: ConstructionKind.Row }) right = AsRow(right);
        if (name != "<=>") return Operator(context, start, name, left, right);
        return new OperatorCall
        {
            Operator = new QualifiedName(null, name),
            Form = OperatorForm.DistinctFrom,
            IsNegated = true,
            Left = left,
            Right = [right],
            Position = start,
            End = context.PreviousEnd,
        };
    }

    private static Expression AsRow(Expression expression) => expression is SubqueryExpression { Form: SubqueryForm.Scalar } scalar
        ? new SubqueryExpression { Form = SubqueryForm.Row, Query = scalar.Query, Position = scalar.Position, End = scalar.End }
        : expression;
}
