using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>INSERT and REPLACE.</summary>
internal static class InsertParser
{
    public static ParsedStatement Parse(ref ParseContext context)
    {
        int start = context.Start;
        bool isReplacing = context.At(Word.Replace);
        context.Next();
        context.AcceptAny(Word.LowPriority, Word.Delayed, Word.HighPriority);
        bool ignoresErrors = !isReplacing && context.Accept(Word.Ignore);
        context.Accept(Word.Into);
        TableSource target = Target(ref context);
        ImmutableArray<string> columns = AtColumns(context) ? Columns(ref context) : [];
        int place = context.Start;
        Query query;
        if (context.Accept(Word.Set))
        {
            (columns, query) = Set(ref context, place, columns);
        }
        else if (context.AcceptAny(Word.Values, Word.Value))
        {
            query = ValuesParser.Rows(ref context, place, mayBeEmpty: true);
        }
        else
        {
            query = QueryParser.Parse(ref context);
        }

        string? rowAlias = null;
        ImmutableArray<string> rowColumns = [];
        if (context.At(Word.As))
        {
            context.Unproven("INSERT … AS");
            context.Next();
            rowAlias = context.TableName();
            if (context.At(TokenKind.LeftParen)) rowColumns = context.Names();
        }

        ConflictClause? conflict = !isReplacing && context.At(Word.On) ? OnDuplicateKey(ref context) : null;
        ImmutableArray<Target> returning = context.Accept(Word.Returning) ? SelectParser.Targets(ref context) : [];
        // Rows that are in the way are changed or deleted.
        if (isReplacing) context.Notes.NestedKinds.Add(StatementKind.Delete);
        if (conflict is not null) context.Notes.NestedKinds.Add(StatementKind.Update);
        return new ParsedStatement(StatementKind.Insert, new InsertStatement
        {
            Target = target,
            Columns = columns,
            Query = query,
            IsReplacing = isReplacing,
            IgnoresErrors = ignoresErrors,
            RowAlias = rowAlias,
            RowColumnAliases = rowColumns,
            OnConflict = conflict,
            Returning = returning,
            Position = start,
            End = context.PreviousEnd,
        });
    }

    private static TableSource Target(ref ParseContext context)
    {
        int start = context.Start;
        QualifiedName name = context.QualifiedName();
        ImmutableArray<string> partitions = context.At(Word.Partition) ? SourceParser.Partitions(ref context) : [];
        return new TableSource { Name = name, Partitions = partitions, Position = start, End = context.PreviousEnd };
    }

    /// <summary>A parenthesis may also begin a query.</summary>
    private static bool AtColumns(in ParseContext context) => context.At(TokenKind.LeftParen) && !QueryParser.AtParenthesised(context);

    private static ImmutableArray<string> Columns(ref ParseContext context)
    {
        context.Expect(TokenKind.LeftParen);
        if (context.Accept(TokenKind.RightParen)) return [];
        var columns = ImmutableArray.CreateBuilder<string>(4);
        do
        {
            columns.Add(PrimaryParser.Column(ref context).Parts[^1]);
        }
        while (context.Accept(TokenKind.Comma));
        context.Expect(TokenKind.RightParen);
        return columns.DrainToImmutable();
    }

    /// <summary>SET a = x, b = y is a row with names. Unlike elsewhere, values may refer to columns that were set before.</summary>
    private static (ImmutableArray<string> Columns, Query Query) Set(ref ParseContext context, int start, ImmutableArray<string> known)
    {
        if (!known.IsEmpty) context.Fail();
        var columns = ImmutableArray.CreateBuilder<string>();
        var values = ImmutableArray.CreateBuilder<Expression>();
        foreach (Assignment assignment in AssignmentParser.List(ref context, mayBeEmpty: true))
        {
            columns.Add(assignment.Columns[0]);
            values.Add(assignment.Value);
        }

        var row = new ValuesQuery { Rows = [values.DrainToImmutable()], Position = start, End = context.PreviousEnd };
        return (columns.DrainToImmutable(), row);
    }

    private static ConflictClause OnDuplicateKey(ref ParseContext context)
    {
        int start = context.Start;
        context.Expect(Word.On);
        context.Expect(Word.Duplicate);
        context.Expect(Word.Key);
        context.Expect(Word.Update);
        context.IsInUpdate = true;
        ImmutableArray<Assignment> assignments = AssignmentParser.List(ref context);
        context.IsInUpdate = false;
        return new ConflictClause { Updates = true, Assignments = assignments, Position = start, End = context.PreviousEnd };
    }
}
