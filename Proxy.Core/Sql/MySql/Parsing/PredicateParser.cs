using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>IN, BETWEEN, LIKE, REGEXP, SOUNDS LIKE, MEMBER OF.</summary>
internal static class PredicateParser
{
    private static readonly QualifiedName EqualsOperator = new(null, "=");

    public static Expression Parse(ref ParseContext context)
    {
        int start = context.Start;
        Expression left = BitExpressionParser.Parse(ref context);
        for (int count = 0; ; count++)
        {
            if (!AtPredicate(context)) return left;
            if (count > 0) context.Chain();
            bool isNegated = context.At(Word.Not) && context.Peek().Word is Word.In or Word.Between or Word.Like or Word.Regexp or Word.Rlike;
            if (isNegated) context.Next();
            if (context.Accept(Word.In))
            {
                left = In(ref context, start, left, isNegated);
            }
            else if (context.Accept(Word.Between))
            {
                left = Between(ref context, start, left, isNegated);
            }
            else if (context.Accept(Word.Like))
            {
                left = Like(ref context, start, left, isNegated);
            }
            else if (context.AcceptAny(Word.Regexp, Word.Rlike))
            {
                left = ExpressionParser.Operator(context, start, "regexp", left, BitExpressionParser.Parse(ref context));
                if (isNegated) left = ExpressionParser.Negated(context, start, left);
            }
            else if (context.Accept(Word.Sounds, Word.Like))
            {
                left = ExpressionParser.Operator(context, start, "sounds like", left, BitExpressionParser.Parse(ref context));
            }
            else if (context.IsMySql && context.At(Word.Member))
            {
                left = MemberOf(ref context, start, left);
            }
            else
            {
                return left;
            }
        }
    }

    /// <summary>All of these begin with words, and most operands are followed by a sign.</summary>
    private static bool AtPredicate(in ParseContext context) => context.Current.Kind is TokenKind.Word && context.Current.Word is
        Word.Not or Word.In or Word.Between or Word.Like or Word.Regexp or Word.Rlike or Word.Sounds or Word.Member;

    private static Expression In(ref ParseContext context, int start, Expression left, bool isNegated)
    {
        Expression result;
        if (QueryParser.AtParenthesised(context))
        {
            Expression operand = PrimaryParser.Parenthesised(ref context);
            // ((SELECT 1), 2) is a list, (SELECT 1) a query.
            result = operand is SubqueryExpression { Form: SubqueryForm.Scalar } query
                ? new SubqueryExpression
                {
                    Form = SubqueryForm.Any,
                    Test = left,
                    Operator = EqualsOperator,
                    Query = query.Query,
                    Position = start,
                    End = context.PreviousEnd,
                }
                : InList(context, start, left, operand is Construction { Kind: ConstructionKind.Row } row ? row.Arguments : [operand]);
        }
        else
        {
            context.Expect(TokenKind.LeftParen);
            ImmutableArray<Expression> list = ExpressionParser.List(ref context);
            context.Expect(TokenKind.RightParen);
            result = InList(context, start, left, list);
        }

        return isNegated ? ExpressionParser.Negated(context, start, result) : result;
    }

    private static OperatorCall InList(in ParseContext context, int start, Expression left, ImmutableArray<Expression> list) => new()
    {
        Operator = EqualsOperator,
        Form = OperatorForm.In,
        Left = left,
        Right = list,
        Position = start,
        End = context.PreviousEnd,
    };

    private static OperatorCall Between(ref ParseContext context, int start, Expression left, bool isNegated)
    {
        Expression low = BitExpressionParser.Parse(ref context);
        context.Expect(Word.And);
        if (!context.TryEnter()) return ExpressionParser.Operator(context, start, "BETWEEN", left, low);
        Expression high = Parse(ref context);
        context.Leave();
        return new OperatorCall
        {
            Operator = new QualifiedName(null, "BETWEEN"),
            Form = OperatorForm.Between,
            IsNegated = isNegated,
            Left = left,
            Right = [low, high],
            Position = start,
            End = context.PreviousEnd,
        };
    }

    private static OperatorCall Like(ref ParseContext context, int start, Expression left, bool isNegated)
    {
        Expression pattern = BitExpressionParser.Parse(ref context);
        Expression? escape = context.Accept(Word.Escape) ? BitExpressionParser.Parse(ref context) : null;
        return new OperatorCall
        {
            Operator = new QualifiedName(null, "like"),
            Form = OperatorForm.Like,
            IsNegated = isNegated,
            Left = left,
            Right = escape is null ? [pattern] : [pattern, escape],
            Position = start,
            End = context.PreviousEnd,
        };
    }

    private static OperatorCall MemberOf(ref ParseContext context, int start, Expression left)
    {
        context.Unproven("MEMBER OF");
        context.Next();
        context.Accept(Word.Of);
        context.Expect(TokenKind.LeftParen);
        Expression array = ExpressionParser.Parse(ref context);
        context.Expect(TokenKind.RightParen);
        return ExpressionParser.Operator(context, start, "member of", left, array);
    }
}
