using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>SELECT, and lists of targets.</summary>
internal static class SelectParser
{
    /// <param name="context">At SELECT.</param>
    /// <param name="tail">Of the whole query.</param>
    /// <param name="isWhole">Whether the tail is this SELECT's, should no set operation follow.</param>
    public static SelectQuery Parse(ref ParseContext context, ref QueryTail tail, bool isWhole)
    {
        int start = context.Start;
        context.Expect(Word.Select);
        bool isDistinct = Options(ref context);
        ImmutableArray<Target> targets = Targets(ref context);
        var own = new QueryTail();
        if (isWhole && tail.MayHaveInto && context.At(Word.Into)) own.Into = TailParser.Into(ref context);
        ImmutableArray<Source> from = context.Accept(Word.From) ? SourceParser.From(ref context) : [];
        Expression? where = context.Accept(Word.Where) ? ExpressionParser.Parse(ref context) : null;
        bool isGrouped = context.Accept(Word.Group);
        ImmutableArray<Expression> group = isGrouped ? Group(ref context) : [];
        Expression? having = context.Accept(Word.Having) ? ExpressionParser.Parse(ref context) : null;
        ImmutableArray<Window> windows = WindowParser.Optional(ref context);
        bool hasTail = isWhole && !context.At(Word.Union) && !context.At(Word.Except) && !context.At(Word.Intersect);
        if (!hasTail && own.Into is not null) context.Fail();
        if (hasTail)
        {
            own.With = tail.With;
            own.MayHaveInto = tail.MayHaveInto;
            tail.With = null;
            tail.IsTaken = true;
            TailParser.Parse(ref context, ref own);
        }

        return new SelectQuery
        {
            IsDistinct = isDistinct,
            Targets = targets,
            From = from,
            Where = where,
            GroupBy = group,
            IsGrouped = isGrouped,
            Having = having,
            Windows = windows,
            With = own.With,
            OrderBy = own.OrderBy,
            Limit = own.Limit,
            Offset = own.Offset,
            HasTies = own.HasTies,
            Locks = own.Locks,
            Into = own.Into,
            Position = start,
            End = context.PreviousEnd,
        };
    }

    public static ImmutableArray<Target> Targets(ref ParseContext context)
    {
        ListStack<Target> lists = context.Notes.Targets;
        int targets = lists.Count;
        do
        {
            lists.Add(Target(ref context));
        }
        while (context.Accept(TokenKind.Comma));
        return lists.Take(targets);
    }

    private static bool Options(ref ParseContext context)
    {
        bool isDistinct = false;
        while (context.Current.Kind is TokenKind.Word)
        {
            switch (context.Current.Word)
            {
                case Word.Distinct or Word.Distinctrow:
                    isDistinct = true;
                    break;
                case Word.All or Word.HighPriority or Word.StraightJoin or Word.SqlSmallResult or Word.SqlBigResult or Word.SqlBufferResult
                    or Word.SqlCalcFoundRows or Word.SqlNoCache or Word.SqlCache:
                    break;
                default:
                    return isDistinct;
            }

            context.Next();
        }

        return isDistinct;
    }

    private static Target Target(ref ParseContext context)
    {
        int start = context.Start;
        if (Star(ref context) is { } star) return new Target { Value = star, Position = start, End = context.PreviousEnd };
        Expression value = ExpressionParser.Parse(ref context);
        int end = context.PreviousEnd;
        string? alias = Alias(ref context);
        return new Target
        {
            Value = value,
            Alias = alias is null ? null : ParseContext.Folded(alias),
            DefaultName = alias is null && value is not ColumnReference ? DefaultName(ref context, start, end, value) : null,
            Position = start,
            End = context.PreviousEnd,
        };
    }

    /// <summary>What a column is called that is given no name.</summary>
    public static string NameOf(ref ParseContext context, int start, int end, Expression value) =>
        value is ColumnReference { Parts: [.., var column] } ? column : DefaultName(ref context, start, end, value);

    private static string DefaultName(ref ParseContext context, int start, int end, Expression value)
    {
        if (context.HasFailed) return "";
        if (IsUncertain(context, start, value) && (context.Depth > 1 || context.MakesColumns)) context.Notes.Opaque("what the server calls a column that is given no name");
        if (value is Literal { Kind: LiteralKind.Text, Value: { } text }) return ParseContext.Folded(context.Noted(ColumnText.OfLiteral(text)));
        return ParseContext.Folded(ColumnText.Of(context.Between(start, end)));
    }

    /// <summary>Where the server makes one thing of what is written in several ways, that has its own name and not that of the text [ran].</summary>
    private static bool IsUncertain(in ParseContext context, int start, Expression value) => value switch
    {
        OperatorCall { Operator.Name: "+", Left: null } => true,
        Literal { Kind: LiteralKind.Text } text => text.End - text.Position > ColumnText.BytesMax,
        Literal literal => literal.Position != start || context.Between(start, start + 1) is [(byte)'\\' or (byte)'_'],
        _ => false,
    };

    private static string? Alias(ref ParseContext context)
    {
        bool isExplicit = context.Accept(Word.As);
        if (context.At(TokenKind.String)) return context.NameInString();
        if (isExplicit) return context.Name();
        return context.AtName ? context.Name() : null;
    }

    /// <summary>*, table.*, schema.table.*; null for anything else.</summary>
    private static ColumnReference? Star(ref ParseContext context)
    {
        int start = context.Start;
        if (context.Accept(TokenKind.Star)) return new ColumnReference { IsStar = true, Position = start, End = context.PreviousEnd };
        if (!context.AtName || context.Peek().Kind is not TokenKind.Dot) return null;
        bool isOfTable = context.Peek(2).Kind is TokenKind.Star;
        bool isOfSchema = context.Peek(2).IsName && context.Peek(3).Kind is TokenKind.Dot && context.Peek(4).Kind is TokenKind.Star;
        if (!isOfTable && !isOfSchema) return null;
        string first = context.TableName();
        context.Next();
        string? second = isOfSchema ? context.TableName() : null;
        if (isOfSchema) context.Next();
        context.Next();
        return new ColumnReference { Parts = second is null ? [first] : [first, second], IsStar = true, Position = start, End = context.PreviousEnd };
    }

    private static ImmutableArray<Expression> Group(ref ParseContext context)
    {
        context.Expect(Word.By);
        ImmutableArray<Expression> group = TailParser.Sorted(ref context);
        if (context.Accept(Word.With)) context.Expect(Word.Rollup);
        return group;
    }
}
