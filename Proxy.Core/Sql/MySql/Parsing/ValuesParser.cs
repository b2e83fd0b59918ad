using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>VALUES (…), (…), as a query and in INSERT. MySQL writes ROW before the rows of a query.</summary>
internal static class ValuesParser
{
    public static ValuesQuery Query(ref ParseContext context)
    {
        int start = context.Start;
        context.Expect(Word.Values);
        if (context.At(Word.Row)) context.Unproven("VALUES ROW");
        ValuesQuery values = Rows(ref context, start, mayBeEmpty: false);
        return values;
    }

    public static ValuesQuery Rows(ref ParseContext context, int start, bool mayBeEmpty)
    {
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<Expression>>(1);
        do
        {
            if (context.IsMySql) context.Accept(Word.Row);
            rows.Add(Row(ref context, mayBeEmpty));
        }
        while (context.Accept(TokenKind.Comma));
        return new ValuesQuery { Rows = rows.DrainToImmutable(), Position = start, End = context.PreviousEnd };
    }

    private static ImmutableArray<Expression> Row(ref ParseContext context, bool mayBeEmpty)
    {
        context.Expect(TokenKind.LeftParen);
        if (mayBeEmpty && context.Accept(TokenKind.RightParen)) return [];
        var row = ImmutableArray.CreateBuilder<Expression>(4);
        do
        {
            row.Add(ExpressionParser.OrDefault(ref context));
        }
        while (context.Accept(TokenKind.Comma));
        context.Expect(TokenKind.RightParen);
        return row.DrainToImmutable();
    }
}
