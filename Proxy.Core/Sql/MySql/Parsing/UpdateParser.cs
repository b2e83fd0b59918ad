using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>UPDATE of one table or several.</summary>
internal static class UpdateParser
{
    public static ParsedStatement Parse(ref ParseContext context, WithClause? with)
    {
        int start = with?.Position ?? context.Start;
        if (with is not null) context.Unproven("WITH … UPDATE");
        context.Expect(Word.Update);
        context.Accept(Word.LowPriority);
        context.Accept(Word.Ignore);
        ImmutableArray<Source> sources = SourceParser.List(ref context);
        if (context.At(Word.For)) PortionParser.Skip(ref context);
        context.Expect(Word.Set);
        ImmutableArray<Assignment> assignments = AssignmentParser.List(ref context);
        Expression? where = context.Accept(Word.Where) ? ExpressionParser.Parse(ref context) : null;
        ImmutableArray<Expression> order = TailParser.OptionalOrder(ref context);
        Expression? limit = TailParser.OptionalCount(ref context);
        Statement statement = sources is [TableSource target]
            ? new UpdateStatement
            {
                With = with,
                Target = target,
                Assignments = assignments,
                Where = where,
                OrderBy = order,
                Limit = limit,
                Position = start,
                End = context.PreviousEnd,
            }
            : new UpdateJoinStatement
            {
                With = with,
                Sources = sources,
                Assignments = assignments,
                Where = where,
                OrderBy = order,
                Limit = limit,
                Position = start,
                End = context.PreviousEnd,
            };
        return new ParsedStatement(StatementKind.Update, statement);
    }
}
