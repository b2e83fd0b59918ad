using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>WITH.</summary>
internal static class WithParser
{
    public static WithClause? Optional(ref ParseContext context)
    {
        int start = context.Start;
        if (!context.Accept(Word.With)) return null;
        bool isRecursive = context.Accept(Word.Recursive);
        var tables = ImmutableArray.CreateBuilder<CommonTable>();
        do
        {
            tables.Add(Table(ref context, isRecursive));
        }
        while (context.Accept(TokenKind.Comma));
        return new WithClause { IsRecursive = isRecursive, Tables = tables.DrainToImmutable(), Position = start, End = context.PreviousEnd };
    }

    private static CommonTable Table(ref ParseContext context, bool isRecursive)
    {
        int start = context.Start;
        string name = context.TableName();
        ImmutableArray<string> columns = context.At(TokenKind.LeftParen) ? context.Names() : [];
        context.Expect(Word.As);
        int body = context.Start;
        Query query = QueryParser.Parenthesised(ref context);
        var statement = new QueryStatement { Query = query, Position = body, End = context.PreviousEnd };
        ImmutableArray<AppendedColumn> appended = isRecursive && context.Accept(Word.Cycle) ? Cycle(ref context) : [];
        return new CommonTable
        {
            Name = name,
            ColumnNames = columns,
            Body = statement,
            Appended = appended,
            Position = start,
            End = context.PreviousEnd,
        };
    }

    /// <summary>CYCLE columns RESTRICT adds no column, but its columns decide.</summary>
    private static ImmutableArray<AppendedColumn> Cycle(ref ParseContext context)
    {
        do
        {
            context.ColumnName();
        }
        while (context.Accept(TokenKind.Comma));
        context.Expect(Word.Restrict);
        context.Notes.Opaque("CYCLE RESTRICT ends a recursion by what its columns hold");
        return [];
    }
}
