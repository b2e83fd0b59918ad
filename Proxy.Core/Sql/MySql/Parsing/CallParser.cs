using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>Calls written as name(arguments), with what may stand behind them.</summary>
internal static class CallParser
{
    public static Call Named(in ParseContext context, int start, string name, ImmutableArray<Expression> arguments) => new()
    {
        Function = new QualifiedName(null, name),
        Arguments = arguments,
        Position = start,
        End = context.PreviousEnd,
    };

    /// <summary>name(…) and schema.name(…), the server's functions and those of users.</summary>
    public static Expression Generic(ref ParseContext context)
    {
        Token name = context.Current;
        context.Name();
        return Of(ref context, name.Start, new QualifiedName(null, name.Kind is TokenKind.Word
            ? PrimaryParser.LowerName(context, name)
            : context.NameOf(name).ToLowerInvariant()));
    }

    /// <summary>The arguments and what follows.</summary>
    public static Expression Of(ref ParseContext context, int start, QualifiedName function)
    {
        context.Expect(TokenKind.LeftParen);
        ImmutableArray<Expression> arguments = context.At(TokenKind.RightParen) ? [] : Arguments(ref context, function.Schema is not null);
        context.Expect(TokenKind.RightParen);
        if (arguments.IsEmpty && function is { Schema: null, Name: "last_value" }) context.Fail();
        if (function.Schema is null && Conditional(context, start, function.Name, arguments) is { } conditional) return conditional;
        return new Call
        {
            Function = function,
            Arguments = arguments,
            Over = IsOfWindow(function) ? WindowParser.RequiredOver(ref context, function.Name) : null,
            Position = start,
            End = context.PreviousEnd,
        };
    }

    private static bool IsOfWindow(QualifiedName function) => function is
    {
        Schema: null, Name:
        "row_number" or "rank" or "dense_rank" or "percent_rank" or "cume_dist" or "ntile" or "first_value" or "last_value" or "nth_value" or "lead"
        or "lag" or "median"
    };

    /// <summary>COUNT, SUM and their like: DISTINCT, ALL, *.</summary>
    public static Call Aggregate(ref ParseContext context, in Token name)
    {
        context.Next();
        context.Expect(TokenKind.LeftParen);
        bool isStar = name.Word is Word.Count && context.Accept(TokenKind.Star);
        if (!isStar) context.Accept(Word.All);
        bool isDistinct = !isStar && context.AcceptAny(Word.Distinct, Word.Distinctrow);
        ImmutableArray<Expression> arguments = isStar ? [] : ExpressionParser.List(ref context);
        if (arguments.Length > 1 && !(isDistinct && name.Word is Word.Count)) context.Fail();
        context.Expect(TokenKind.RightParen);
        return new Call
        {
            Function = new QualifiedName(null, PrimaryParser.LowerName(context, name)),
            Arguments = arguments,
            IsStar = isStar,
            IsDistinct = isDistinct,
            Over = WindowParser.OptionalOver(ref context),
            Position = name.Start,
            End = context.PreviousEnd,
        };
    }

    /// <summary>A function of a sequence, which is a relation.</summary>
    public static Call OfSequence(ref ParseContext context, int start, string function, ImmutableArray<Expression> arguments)
    {
        QualifiedName sequence = context.QualifiedName();
        context.Notes.Relations.Add(new RelationMention(sequence, IsWritten: function != "lastval"));
        return Named(context, start, function, arguments);
    }

    /// <summary>Functions that only choose among their arguments are what other dialects have a syntax for.</summary>
    private static Expression? Conditional(in ParseContext context, int start, string function, ImmutableArray<Expression> arguments) =>
        (function, arguments) switch
        {
            ("if", [var when, var then, var otherwise]) => new Conditional
            {
                Arms = [new ConditionalArm { When = when, Then = then, Position = when.Position, End = then.End }],
                Else = otherwise,
                Position = start,
                End = context.PreviousEnd,
            },
            ("ifnull", [_, _]) or ("coalesce", [_, ..]) =>
                new Construction { Kind = ConstructionKind.Coalesce, Arguments = arguments, Position = start, End = context.PreviousEnd },
            ("isnull", [var tested]) => new NullTest { Argument = tested, Position = start, End = context.PreviousEnd },
            ("nullif", [var left, var right]) => new OperatorCall
            {
                Operator = new QualifiedName(null, "="),
                Form = OperatorForm.NullIf,
                Left = left,
                Right = [right],
                Position = start,
                End = context.PreviousEnd,
            },
            _ => null,
        };

    /// <summary>Functions of users may get arguments with names, which they see and nobody else.</summary>
    private static ImmutableArray<Expression> Arguments(ref ParseContext context, bool isOfSchema)
    {
        ListStack<Expression> lists = context.Notes.Expressions;
        int list = lists.Count;
        do
        {
            lists.Add(ExpressionParser.Parse(ref context));
            if (isOfSchema) continue;
            if (context.Accept(Word.As) || context.AtName || context.At(TokenKind.String)) SkipAlias(ref context);
        }
        while (context.Accept(TokenKind.Comma));
        return lists.Take(list);
    }

    private static void SkipAlias(ref ParseContext context)
    {
        if (!context.Accept(TokenKind.String)) context.Name();
    }
}
