using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>Functions whose arguments the grammar spells out, and those whose names are reserved.</summary>
internal static class WordCallParser
{
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\n\v\f\r"u8);

    /// <summary>False when it is a call like any other.</summary>
    public static bool TryParse(ref ParseContext context, in Token name, [NotNullWhen(true)] out Expression? call)
    {
        call = null;
        if (IsFunctionWord(name.Word) && !IsBeside(context, name.End, context.Peek().Start))
        {
            // With a space before its parenthesis it is an ordinary name, and the call one of a user's function.
            context.Notes.Opaque("a space before a parenthesis makes a function of the server one of a user");
            return false;
        }

        call = name.Word switch
        {
            Word.Count or Word.Sum or Word.Min or Word.Max or Word.Avg or Word.BitAnd or Word.BitOr or Word.BitXor or Word.Std or Word.Stddev
                or Word.StddevPop or Word.StddevSamp or Word.Variance or Word.VarPop or Word.VarSamp => CallParser.Aggregate(ref context, name),
            Word.GroupConcat or Word.JsonArrayagg => AggregateParser.Joined(ref context, name),
            Word.JsonObjectagg => AggregateParser.Pairs(ref context, name),
            Word.PercentileCont or Word.PercentileDisc => AggregateParser.Percentile(ref context, name),
            Word.Cast => Cast(ref context, name),
            Word.Convert => Convert(ref context, name),
            Word.Extract => Extract(ref context, name),
            Word.Trim => Trim(ref context, name),
            Word.Substring or Word.Substr or Word.Mid => Substring(ref context, name),
            Word.Position => Position(ref context, name),
            Word.DateAdd or Word.DateSub or Word.Adddate or Word.Subdate => DateArithmetic(ref context, name),
            Word.Timestampadd or Word.Timestampdiff => Timestamp(ref context, name),
            Word.GetFormat => GetFormat(ref context, name),
            Word.WeightString => WeightString(ref context, name),
            Word.Char => Char(ref context, name),
            Word.Exists => Exists(ref context, name),
            Word.Row => Row(ref context, name),
            Word.Default => OfColumn(ref context, name),
            Word.Values or Word.Value => Inserted(ref context, name),
            Word.Nextval or Word.Lastval or Word.Setval => Sequence(ref context, name),
            Word.ColumnCreate or Word.ColumnAdd or Word.ColumnGet => Dynamic(ref context, name),
            Word.Grouping => Grouping(ref context, name),
            Word.CumeDist or Word.DenseRank or Word.FirstValue or Word.Lag or Word.LastValue or Word.Lead or Word.NthValue or Word.Ntile or Word.PercentRank
                or Word.Rank or Word.If or Word.Left or Word.Right or Word.Mod or Word.Repeat or Word.Replace or Word.Insert or Word.RowNumber
                or Word.CurrentDate or Word.CurrentTime or Word.CurrentTimestamp or Word.CurrentUser or Word.CurrentRole or Word.Localtime
                or Word.Localtimestamp or Word.UtcDate or Word.UtcTime or Word.UtcTimestamp => Reserved(ref context, name),
            _ => null,
        };
        return call is not null;
    }

    /// <summary>MATCH (columns) AGAINST (text mode).</summary>
    public static Call Match(ref ParseContext context)
    {
        int start = context.Start;
        context.Next();
        bool isInParentheses = context.Accept(TokenKind.LeftParen);
        var arguments = ImmutableArray.CreateBuilder<Expression>();
        do
        {
            arguments.Add(PrimaryParser.Column(ref context));
        }
        while (context.Accept(TokenKind.Comma));
        if (isInParentheses) context.Expect(TokenKind.RightParen);
        context.Expect(Word.Against);
        context.Expect(TokenKind.LeftParen);
        arguments.Add(BitExpressionParser.Parse(ref context));
        if (context.Accept(Word.In))
        {
            if (context.Accept(Word.Natural))
            {
                context.Expect(Word.Language);
            }
            else
            {
                context.Expect(Word.Boolean);
            }

            context.Expect(Word.Mode);
        }

        if (context.Accept(Word.With))
        {
            context.Expect(Word.Query);
            context.Expect(Word.Expansion);
        }

        context.Expect(TokenKind.RightParen);
        return CallParser.Named(context, start, "match_against", arguments.DrainToImmutable());
    }

    private static bool IsFunctionWord(Word word) => word is
        Word.Adddate or Word.BitAnd or Word.BitOr or Word.BitXor or Word.Cast or Word.Count or Word.CumeDist or Word.Curdate or Word.Curtime
        or Word.DateAdd or Word.DateSub or Word.DenseRank or Word.Extract or Word.FirstValue or Word.GroupConcat or Word.JsonArrayagg
        or Word.JsonObjectagg or Word.Lag or Word.LastValue or Word.Lead or Word.Max or Word.Median or Word.Mid or Word.Min or Word.Now
        or Word.NthValue or Word.Ntile or Word.PercentRank or Word.PercentileCont or Word.PercentileDisc or Word.Position or Word.Rank
        or Word.SessionUser or Word.Std or Word.Stddev or Word.StddevPop or Word.StddevSamp or Word.Subdate or Word.Substr or Word.Substring
        or Word.Sum or Word.Sysdate or Word.SystemUser or Word.Trim or Word.TrimOracle or Word.Variance or Word.VarPop or Word.VarSamp;

    /// <summary>Nothing between a name and its parenthesis; under IGNORE_SPACE white space, but no comment.</summary>
    private static bool IsBeside(in ParseContext context, int end, int start) =>
        end == start || (context.Settings.Has(MySqlModes.IgnoreSpace) && !context.Between(end, start).ContainsAnyExcept(Blanks));

    private static void Open(ref ParseContext context)
    {
        context.Next();
        context.Expect(TokenKind.LeftParen);
    }

    private static Call Close(ref ParseContext context, in Token name, ImmutableArray<Expression> arguments)
    {
        context.Expect(TokenKind.RightParen);
        return CallParser.Named(context, name.Start, PrimaryParser.LowerName(context, name), arguments);
    }

    /// <summary>In MariaDB a function like any other.</summary>
    private static Expression Grouping(ref ParseContext context, in Token name)
    {
        if (context.IsMySql) context.Unproven("GROUPING");
        return Reserved(ref context, name);
    }

    private static Expression Reserved(ref ParseContext context, in Token name)
    {
        context.Next();
        return CallParser.Of(ref context, name.Start, new QualifiedName(null, PrimaryParser.LowerName(context, name)));
    }

    private static Cast Cast(ref ParseContext context, in Token name)
    {
        Open(ref context);
        Expression argument = ExpressionParser.Parse(ref context);
        context.Expect(Word.As);
        QualifiedName type = TypeParser.Parse(ref context);
        context.Expect(TokenKind.RightParen);
        return new Cast { Argument = argument, Type = type, Position = name.Start, End = context.PreviousEnd };
    }

    private static Expression Convert(ref ParseContext context, in Token name)
    {
        Open(ref context);
        Expression argument = ExpressionParser.Parse(ref context);
        if (context.Accept(Word.Using))
        {
            context.CharsetName();
            context.Expect(TokenKind.RightParen);
            return CallParser.Named(context, name.Start, "convert_using", [argument]);
        }

        context.Expect(TokenKind.Comma);
        QualifiedName type = TypeParser.Parse(ref context);
        context.Expect(TokenKind.RightParen);
        return new Cast { Argument = argument, Type = type, Position = name.Start, End = context.PreviousEnd };
    }

    private static Call Extract(ref ParseContext context, in Token name)
    {
        Open(ref context);
        IntervalParser.ExpectUnit(ref context);
        context.Expect(Word.From);
        return Close(ref context, name, [ExpressionParser.Parse(ref context)]);
    }

    private static Call Trim(ref ParseContext context, in Token name)
    {
        Open(ref context);
        bool hasSide = context.AcceptAny(Word.Leading, Word.Trailing, Word.Both);
        if (hasSide && context.Accept(Word.From)) return Close(ref context, name, [ExpressionParser.Parse(ref context)]);
        Expression first = ExpressionParser.Parse(ref context);
        if (!context.Accept(Word.From))
        {
            if (hasSide) context.Fail();
            return Close(ref context, name, [first]);
        }

        return Close(ref context, name, [ExpressionParser.Parse(ref context), first]);
    }

    private static Call Substring(ref ParseContext context, in Token name)
    {
        Open(ref context);
        var arguments = ImmutableArray.CreateBuilder<Expression>(3);
        arguments.Add(ExpressionParser.Parse(ref context));
        bool isStandard = context.Accept(Word.From);
        if (!isStandard) context.Expect(TokenKind.Comma);
        arguments.Add(ExpressionParser.Parse(ref context));
        if (isStandard ? context.Accept(Word.For) : context.Accept(TokenKind.Comma)) arguments.Add(ExpressionParser.Parse(ref context));
        return Close(ref context, name, arguments.DrainToImmutable());
    }

    private static Call Position(ref ParseContext context, in Token name)
    {
        Open(ref context);
        Expression part = BitExpressionParser.Parse(ref context);
        context.Expect(Word.In);
        return Close(ref context, name, [part, ExpressionParser.Parse(ref context)]);
    }

    private static Call DateArithmetic(ref ParseContext context, in Token name)
    {
        Open(ref context);
        Expression date = ExpressionParser.Parse(ref context);
        context.Expect(TokenKind.Comma);
        if (!context.At(Word.Interval))
        {
            if (name.Word is Word.DateAdd or Word.DateSub) context.Fail();
            return Close(ref context, name, [date, ExpressionParser.Parse(ref context)]);
        }

        Expression amount = IntervalParser.Amount(ref context)!;
        // The function INTERVAL as a number of days.
        if (context.Pending is not null) amount = ExpressionParser.Parse(ref context);
        return Close(ref context, name, [date, amount]);
    }

    private static Call Timestamp(ref ParseContext context, in Token name)
    {
        Open(ref context);
        IntervalParser.ExpectUnit(ref context);
        context.Expect(TokenKind.Comma);
        Expression first = ExpressionParser.Parse(ref context);
        context.Expect(TokenKind.Comma);
        return Close(ref context, name, [first, ExpressionParser.Parse(ref context)]);
    }

    private static Call GetFormat(ref ParseContext context, in Token name)
    {
        Open(ref context);
        if (!context.AcceptAny(Word.Date, Word.Time, Word.Datetime, Word.Timestamp)) context.Fail();
        context.Expect(TokenKind.Comma);
        return Close(ref context, name, [ExpressionParser.Parse(ref context)]);
    }

    private static Call WeightString(ref ParseContext context, in Token name)
    {
        Open(ref context);
        Expression argument = ExpressionParser.Parse(ref context);
        if (context.Accept(Word.As))
        {
            if (!context.AcceptAny(Word.Char, Word.Binary)) context.Fail();
            context.Expect(TokenKind.LeftParen);
            if (context.Between(context.Start, context.Start + 1) is [(byte)'0']) context.Fail();
            context.Expect(TokenKind.Integer);
            context.Expect(TokenKind.RightParen);
        }

        if (context.Accept(Word.Level)) SkipLevels(ref context);
        while (context.Accept(TokenKind.Comma)) context.Expect(TokenKind.Integer);
        return Close(ref context, name, [argument]);
    }

    private static void SkipLevels(ref ParseContext context)
    {
        do
        {
            context.Expect(TokenKind.Integer);
            if (context.Accept(TokenKind.Minus))
            {
                context.Expect(TokenKind.Integer);
                return;
            }

            while (context.AcceptAny(Word.Asc, Word.Desc, Word.Reverse))
            {
            }
        }
        while (context.Accept(TokenKind.Comma));
    }

    private static Call Char(ref ParseContext context, in Token name)
    {
        Open(ref context);
        ImmutableArray<Expression> codes = ExpressionParser.List(ref context);
        if (context.Accept(Word.Using)) context.CharsetName();
        return Close(ref context, name, codes);
    }

    private static SubqueryExpression Exists(ref ParseContext context, in Token name)
    {
        context.Next();
        Query query = QueryParser.Parenthesised(ref context);
        return new SubqueryExpression { Form = SubqueryForm.Exists, Query = query, Position = name.Start, End = context.PreviousEnd };
    }

    private static Construction Row(ref ParseContext context, in Token name)
    {
        Open(ref context);
        ImmutableArray<Expression> values = ExpressionParser.List(ref context);
        if (values.Length < 2) context.Fail();
        context.Expect(TokenKind.RightParen);
        return new Construction { Kind = ConstructionKind.Row, Arguments = values, Position = name.Start, End = context.PreviousEnd };
    }

    /// <summary>DEFAULT(column): may be made of other columns of the row.</summary>
    private static Call OfColumn(ref ParseContext context, in Token name)
    {
        Open(ref context);
        return Close(ref context, name, [PrimaryParser.Column(ref context)]);
    }

    /// <summary>VALUES(column) in ON DUPLICATE KEY UPDATE: what was to be inserted into the column.</summary>
    private static Call Inserted(ref ParseContext context, in Token name)
    {
        Open(ref context);
        ColumnReference column = PrimaryParser.Column(ref context);
        context.Expect(TokenKind.RightParen);
        return CallParser.Named(context, name.Start, "values", [column]);
    }

    private static Call Sequence(ref ParseContext context, in Token name)
    {
        Open(ref context);
        Call call = CallParser.OfSequence(ref context, name.Start, PrimaryParser.LowerName(context, name), []);
        if (name.Word is not Word.Setval) return Close(ref context, name, call.Arguments);
        context.Expect(TokenKind.Comma);
        return Close(ref context, name, ExpressionParser.List(ref context));
    }

    /// <summary>Dynamic columns: values with types.</summary>
    private static Call Dynamic(ref ParseContext context, in Token name)
    {
        Open(ref context);
        var arguments = ImmutableArray.CreateBuilder<Expression>();
        do
        {
            arguments.Add(ExpressionParser.Parse(ref context));
            if (context.Accept(Word.As)) TypeParser.Parse(ref context);
        }
        while (context.Accept(TokenKind.Comma));
        // Names and values, behind a document but for the one that makes it.
        int names = name.Word is Word.ColumnCreate ? arguments.Count : arguments.Count - 1;
        if (name.Word is not Word.ColumnGet && names % 2 != 0) context.Fail();
        return Close(ref context, name, arguments.DrainToImmutable());
    }
}
