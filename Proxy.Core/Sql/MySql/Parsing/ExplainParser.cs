using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>EXPLAIN, DESCRIBE and ANALYZE, of statements, tables and sessions.</summary>
internal static class ExplainParser
{
    public static ParsedStatement Parse(ref ParseContext context)
    {
        int start = context.Start;
        bool runs = context.Accept(Word.Analyze);
        if (runs)
        {
            if (context.AcceptAny(Word.NoWriteToBinlog, Word.Local) || context.At(Word.Table) || context.Accept(Word.Tables))
            {
                // ANALYZE TABLE … PERSISTENT stores histograms of values where everybody reads them.
                return StatementParser.Skip(ref context, StatementKind.Administrative);
            }
        }
        else
        {
            context.Next();
            if (context.Accept(Word.Analyze))
            {
                if (context.IsMySql) context.Unproven("EXPLAIN ANALYZE");
                runs = true;
            }

            context.AcceptAny(Word.Extended, Word.Partitions);
        }

        if (context.At(Word.Format) && context.Peek().Kind is TokenKind.Equal)
        {
            context.Next();
            context.Next();
            if (!context.Accept(TokenKind.String)) context.Name();
        }

        if (context.At(Word.For, Word.Connection))
        {
            context.Notes.Opaque("it shows what another session runs");
            return StatementParser.Skip(ref context, StatementKind.Administrative);
        }

        return StatementParser.AtExplainable(context) ? Statement(ref context, start, runs) : Table(ref context, runs);
    }

    private static ParsedStatement Statement(ref ParseContext context, int start, bool runs)
    {
        ParsedStatement inner = StatementParser.Parse(ref context);
        context.Notes.InnerKind = inner.Kind;
        context.Notes.IsReadOnly = !runs;
        if (inner.Kind is not StatementKind.Select) context.Notes.NestedKinds.Add(inner.Kind);
        return new ParsedStatement(
            StatementKind.Explain,
            new ExplainStatement { Inner = inner.Syntax, Runs = runs, Position = start, End = context.PreviousEnd });
    }

    /// <summary>DESCRIBE table [column or pattern].</summary>
    private static ParsedStatement Table(ref ParseContext context, bool runs)
    {
        if (runs) context.Fail();
        context.Notes.Relations.Add(new RelationMention(context.QualifiedName(), IsWritten: false));
        if (!context.Accept(TokenKind.String) && !context.Current.IsEnd) context.Name();
        context.Notes.ObjectName = "columns";
        return new ParsedStatement(StatementKind.Show);
    }
}
