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
        var names = new List<string>();
        var rows = ImmutableArray.Create(Row(ref context, mayBeEmpty: false, names));
        if (context.Accept(TokenKind.Comma)) rows = rows.AddRange(Rows(ref context, start, mayBeEmpty: false).Rows);
        return new ValuesQuery { Rows = rows, ColumnNames = [.. names], Position = start, End = context.PreviousEnd };
    }

    public static ValuesQuery Rows(ref ParseContext context, int start, bool mayBeEmpty)
    {
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<Expression>>(1);
        do
        {
            rows.Add(Row(ref context, mayBeEmpty));
        }
        while (context.Accept(TokenKind.Comma));
        return new ValuesQuery { Rows = rows.DrainToImmutable(), Position = start, End = context.PreviousEnd };
    }

    /// <param name="context">At the row.</param>
    /// <param name="mayBeEmpty">As in INSERT.</param>
    /// <param name="names">Gets what the columns of a query are called, by its first row.</param>
    private static ImmutableArray<Expression> Row(ref ParseContext context, bool mayBeEmpty, List<string>? names = null)
    {
        if (context.IsMySql && context.Accept(Word.Row)) context.Unproven("VALUES ROW");
        context.Expect(TokenKind.LeftParen);
        if (mayBeEmpty && context.Accept(TokenKind.RightParen)) return [];
        ListStack<Expression> lists = context.Notes.Expressions;
        int row = lists.Count;
        do
        {
            int start = context.Start;
            Expression value = ExpressionParser.OrDefault(ref context);
            lists.Add(value);
            names?.Add(SelectParser.NameOf(ref context, start, context.PreviousEnd, value));
        }
        while (context.Accept(TokenKind.Comma));
        context.Expect(TokenKind.RightParen);
        return lists.Take(row);
    }
}
