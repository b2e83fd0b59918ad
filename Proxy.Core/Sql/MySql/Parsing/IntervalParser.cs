using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>INTERVAL amount unit, beside a date, and the function INTERVAL (n, n, …), which begins like it.</summary>
internal static class IntervalParser
{
    public static bool StartsHere(in ParseContext context) =>
        context.At(Word.Interval) || (context.At(TokenKind.Plus) && context.Peek().Kind is TokenKind.Word && context.Peek().Word is Word.Interval);

    /// <summary>INTERVAL 1 DAY + date; or an operand that begins with the function.</summary>
    public static Expression Leading(ref ParseContext context)
    {
        int start = context.Start;
        context.Accept(TokenKind.Plus);
        Expression amount = Amount(ref context)!;
        if (context.Pending is { } call)
        {
            context.Pending = null;
            return call;
        }

        context.Expect(TokenKind.Plus);
        Expression date = ExpressionParser.Parse(ref context);
        return Moved(context, start, "date_add", date, amount);
    }

    /// <summary>Behind the operator, or at the beginning. When it was the function, that is pending.</summary>
    public static Expression? Amount(ref ParseContext context)
    {
        int start = context.Start;
        context.Expect(Word.Interval);
        if (!context.At(TokenKind.LeftParen) || QueryParser.AtParenthesised(context)) return WithUnit(ref context);
        int inner = context.Start;
        context.Next();
        ImmutableArray<Expression> list = ExpressionParser.List(ref context);
        context.Expect(TokenKind.RightParen);
        if (list.Length == 1)
        {
            // What stands in the parentheses is where the amount begins.
            context.Pending = list[0];
            return WithUnit(ref context);
        }

        if (AtUnit(context))
        {
            context.Next();
            return new Construction { Kind = ConstructionKind.Row, Arguments = list, Position = inner, End = context.PreviousEnd };
        }

        context.Pending = CallParser.Named(context, start, "interval", list);
        return context.Pending;
    }

    /// <summary>A date and an amount, whose unit changes nothing about where the value comes from.</summary>
    public static Expression Moved(in ParseContext context, int start, string function, Expression date, Expression amount) =>
        CallParser.Named(context, start, function, [date, amount]);

    public static bool AtUnit(in ParseContext context) => context.Current.Kind is TokenKind.Word && IsUnit(context.Current.Word);

    public static void ExpectUnit(ref ParseContext context)
    {
        if (AtUnit(context)) context.Next();
        else context.Fail();
    }

    private static Expression WithUnit(ref ParseContext context)
    {
        Expression amount = ExpressionParser.Parse(ref context);
        ExpectUnit(ref context);
        return amount;
    }

    private static bool IsUnit(Word word) => word is
        Word.Microsecond or Word.Second or Word.Minute or Word.Hour or Word.Day or Word.Week or Word.Month or Word.Quarter or Word.Year
        or Word.SecondMicrosecond or Word.MinuteMicrosecond or Word.MinuteSecond or Word.HourMicrosecond or Word.HourSecond or Word.HourMinute
        or Word.DayMicrosecond or Word.DaySecond or Word.DayMinute or Word.DayHour or Word.YearMonth
        or Word.SqlTsiSecond or Word.SqlTsiMinute or Word.SqlTsiHour or Word.SqlTsiDay or Word.SqlTsiWeek or Word.SqlTsiMonth or Word.SqlTsiQuarter
        or Word.SqlTsiYear;
}
