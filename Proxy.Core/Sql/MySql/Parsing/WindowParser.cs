using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>Windows after OVER and in WINDOW.</summary>
internal static class WindowParser
{
    public static Window? OptionalOver(ref ParseContext context) => context.Accept(Word.Over) ? Over(ref context) : null;

    /// <summary>Functions of windows need one, but for LAST_VALUE, which is also another.</summary>
    public static Window? RequiredOver(ref ParseContext context, string function)
    {
        if (!context.At(Word.Over) && function != "last_value") context.Fail();
        return OptionalOver(ref context);
    }

    private static Window Over(ref ParseContext context)
    {
        int start = context.Start;
        if (context.At(TokenKind.LeftParen)) return Specification(ref context, start, name: null);
        return new Window { Base = context.ColumnName(), Position = start, End = context.PreviousEnd };
    }

    /// <summary>WINDOW name AS (…), ….</summary>
    public static ImmutableArray<Window> Optional(ref ParseContext context)
    {
        if (!context.Accept(Word.Window)) return [];
        var windows = ImmutableArray.CreateBuilder<Window>();
        do
        {
            int start = context.Start;
            string name = context.ColumnName();
            context.Expect(Word.As);
            windows.Add(Specification(ref context, start, name));
        }
        while (context.Accept(TokenKind.Comma));
        return windows.DrainToImmutable();
    }

    private static Window Specification(ref ParseContext context, int start, string? name)
    {
        context.Expect(TokenKind.LeftParen);
        string? known = context.AtName && !context.At(Word.Partition) ? context.ColumnName() : null;
        ImmutableArray<Expression> partition = [];
        if (context.Accept(Word.Partition))
        {
            context.Expect(Word.By);
            partition = TailParser.Sorted(ref context);
        }

        ImmutableArray<Expression> order = TailParser.OptionalOrder(ref context);
        bool isOfGroups = context.IsMySql && context.Accept(Word.Groups);
        if (isOfGroups) context.Unproven("a frame of GROUPS");
        bool hasFrame = isOfGroups || context.AcceptAny(Word.Rows, Word.Range);
        ImmutableArray<Expression> frame = hasFrame ? Frame(ref context) : [];
        context.Expect(TokenKind.RightParen);
        return new Window
        {
            Name = name,
            Base = known,
            PartitionBy = partition,
            OrderBy = order,
            HasFrame = hasFrame,
            FrameOffsets = frame,
            Position = start,
            End = context.PreviousEnd,
        };
    }

    private static ImmutableArray<Expression> Frame(ref ParseContext context)
    {
        ListStack<Expression> lists = context.Notes.Expressions;
        int offsets = lists.Count;
        if (context.Accept(Word.Between))
        {
            Bound(ref context, lists);
            context.Expect(Word.And);
        }

        Bound(ref context, lists);
        if (context.Accept(Word.Exclude))
        {
            if (context.Accept(Word.Current)) context.Expect(Word.Row);
            else if (context.Accept(Word.No)) context.Expect(Word.Others);
            else if (!context.AcceptAny(Word.Group, Word.Ties)) context.Fail();
        }

        return lists.Take(offsets);
    }

    private static void Bound(ref ParseContext context, ListStack<Expression> offsets)
    {
        if (context.Accept(Word.Current))
        {
            context.Expect(Word.Row);
            return;
        }

        if (!context.Accept(Word.Unbounded))
        {
            if (context.At(Word.Interval)) offsets.Add(IntervalParser.Amount(ref context)!);
            else offsets.Add(BitExpressionParser.Parse(ref context));
        }

        if (!context.AcceptAny(Word.Preceding, Word.Following)) context.Fail();
    }
}
