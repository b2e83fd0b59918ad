using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>column = value, ….</summary>
internal static class AssignmentParser
{
    public static ImmutableArray<Assignment> List(ref ParseContext context, bool mayBeEmpty = false)
    {
        if (mayBeEmpty && !context.AtName && !context.At(TokenKind.Dot)) return [];
        var list = ImmutableArray.CreateBuilder<Assignment>(4);
        do
        {
            list.Add(Assignment(ref context));
        }
        while (context.Accept(TokenKind.Comma));
        return list.DrainToImmutable();
    }

    private static Assignment Assignment(ref ParseContext context)
    {
        int start = context.Start;
        ColumnReference column = PrimaryParser.Column(ref context);
        if (!context.Accept(TokenKind.Assign)) context.Expect(TokenKind.Equal);
        Expression value = ExpressionParser.OrDefault(ref context);
        return new Assignment
        {
            Columns = [column.Parts[^1]],
            Qualifier = column.Parts[..^1],
            Value = value,
            Position = start,
            End = context.PreviousEnd,
        };
    }
}
