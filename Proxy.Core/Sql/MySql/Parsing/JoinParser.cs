using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>
/// Joins. A condition belongs to the last join before it that has none: in <c>a JOIN b JOIN c ON x ON y</c> the right side of the first is
/// <c>b JOIN c ON x</c>. Joins that never get one, which are inner ones, go from left to right.
/// </summary>
internal static class JoinParser
{
    public static Source Parse(ref ParseContext context)
    {
        int start = context.Start;
        Source first = SourceParser.Factor(ref context);
        if (!AtJoin(context)) return first;
        ListStack<JoinStep> steps = context.Notes.Joins;
        int begin = steps.Count;
        int open = JoinStep.None;
        while (AtJoin(context))
        {
            if (steps.Count > begin) context.Chain();
            JoinStep step = Operator(ref context);
            step.Right = SourceParser.Factor(ref context);
            step.End = context.PreviousEnd;
            if (!step.IsNatural)
            {
                step.OpenBefore = open;
                open = steps.Count;
            }

            steps.Add(step);
            for (; open != JoinStep.None && (context.At(Word.On) || context.At(Word.Using)); open = steps[open].OpenBefore)
            {
                steps[open] = Condition(ref context, steps[open], steps.Count - 1);
            }
        }

        for (int i = begin; i < steps.Count; i++)
        {
            if (steps[i] is { NeedsCondition: true, HasCondition: false }) context.Fail();
        }

        Source joined = context.HasFailed ? first : Build(first, steps, begin, steps.Count - 1, start);
        steps.Discard(begin);
        return joined;
    }

    private static bool AtJoin(in ParseContext context) => context.Current.Kind is TokenKind.Word && context.Current.Word switch
    {
        Word.Join or Word.Inner or Word.Cross or Word.StraightJoin or Word.Natural => true,
        Word.Left or Word.Right => context.Peek().Word is Word.Join or Word.Outer,
        _ => false,
    };

    private static JoinStep Operator(ref ParseContext context)
    {
        var step = new JoinStep { Using = [], IsNatural = context.Accept(Word.Natural) };
        if (!step.IsNatural && context.Accept(Word.StraightJoin)) return step;
        if (context.At(Word.Left) || context.At(Word.Right))
        {
            step.Kind = context.Accept(Word.Left) ? JoinKind.Left : JoinKind.Right;
            context.Accept(Word.Right);
            context.Accept(Word.Outer);
            step.NeedsCondition = !step.IsNatural;
        }
        else if (!context.Accept(Word.Inner) && !step.IsNatural)
        {
            context.Accept(Word.Cross);
        }

        context.Expect(Word.Join);
        return step;
    }

    private static JoinStep Condition(ref ParseContext context, JoinStep step, int last)
    {
        if (context.Accept(Word.Using)) step.Using = context.Names();
        else if (context.Accept(Word.On)) step.On = ExpressionParser.Parse(ref context);
        step.HasCondition = true;
        step.LastOfRight = last;
        step.End = context.PreviousEnd;
        return step;
    }

    private static Source Build(Source first, ListStack<JoinStep> steps, int from, int to, int start)
    {
        Source left = first;
        for (int i = from; i <= to;)
        {
            JoinStep step = steps[i];
            int last = step.HasCondition ? step.LastOfRight : i;
            left = new JoinSource
            {
                Kind = step.Kind,
                Left = left,
                Right = last > i ? Build(step.Right, steps, i + 1, last, step.Right.Position) : step.Right,
                On = step.On,
                IsNatural = step.IsNatural,
                Using = step.Using,
                Position = start,
                End = step.End,
            };
            i = last + 1;
        }

        return left;
    }
}
