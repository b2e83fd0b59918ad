using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>CASE.</summary>
internal static class CaseParser
{
    public static Conditional Parse(ref ParseContext context)
    {
        int start = context.Start;
        context.Expect(Word.Case);
        Expression? operand = context.At(Word.When) ? null : ExpressionParser.Parse(ref context);
        ListStack<ConditionalArm> lists = context.Notes.Arms;
        int arms = lists.Count;
        if (!context.At(Word.When)) context.Fail();
        while (context.At(Word.When)) lists.Add(Arm(ref context));
        ImmutableArray<ConditionalArm> taken = lists.Take(arms);
        Expression? otherwise = context.Accept(Word.Else) ? ExpressionParser.Parse(ref context) : null;
        context.Expect(Word.End);
        return new Conditional { Operand = operand, Arms = taken, Else = otherwise, Position = start, End = context.PreviousEnd };
    }

    private static ConditionalArm Arm(ref ParseContext context)
    {
        int start = context.Start;
        context.Expect(Word.When);
        Expression when = ExpressionParser.Parse(ref context);
        context.Expect(Word.Then);
        Expression then = ExpressionParser.Parse(ref context);
        return new ConditionalArm { When = when, Then = then, Position = start, End = context.PreviousEnd };
    }
}
