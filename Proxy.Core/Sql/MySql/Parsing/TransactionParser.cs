using Proxy.Core.Sql.MySql.Lexing;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>Transactions, savepoints and XA.</summary>
internal static class TransactionParser
{
    public static ParsedStatement Parse(ref ParseContext context)
    {
        Word first = context.Current.Word;
        context.Next();
        switch (first)
        {
            case Word.Begin:
                if (context.At(Word.Not)) return StatementParser.SkipBody(ref context, StatementKind.Do);
                context.Accept(Word.Work);
                return new ParsedStatement(StatementKind.Begin);
            case Word.Start:
                return Start(ref context);
            case Word.Commit:
                context.Accept(Word.Work);
                Completion(ref context);
                return new ParsedStatement(StatementKind.Commit);
            case Word.Rollback:
                return Rollback(ref context);
            case Word.Savepoint:
                context.Notes.ObjectName = context.ColumnName();
                return new ParsedStatement(StatementKind.Savepoint);
            case Word.Release:
                context.Expect(Word.Savepoint);
                context.Notes.ObjectName = context.ColumnName();
                return new ParsedStatement(StatementKind.ReleaseSavepoint);
            default:
                return Distributed(ref context);
        }
    }

    private static ParsedStatement Start(ref ParseContext context)
    {
        if (!context.Accept(Word.Transaction)) return StatementParser.Skip(ref context, StatementKind.Administrative);
        while (!context.Current.IsEnd)
        {
            if (context.Accept(Word.With))
            {
                context.Expect(Word.Consistent);
                context.Expect(Word.Snapshot);
            }
            else
            {
                context.Expect(Word.Read);
                context.Notes.IsReadOnly = context.Accept(Word.Only);
                if (!context.Notes.IsReadOnly) context.Expect(Word.Write);
                context.Notes.Settings.Add(new SettingMention("tx_read_only", context.Notes.IsReadOnly ? "1" : "0", IsChanged: true, IsLiteral: true, IsLocal: true));
            }

            if (!context.Accept(TokenKind.Comma)) break;
        }

        return new ParsedStatement(StatementKind.Begin);
    }

    private static ParsedStatement Rollback(ref ParseContext context)
    {
        context.Accept(Word.Work);
        if (context.Accept(Word.To))
        {
            context.Accept(Word.Savepoint);
            context.Notes.ObjectName = context.ColumnName();
            return new ParsedStatement(StatementKind.RollbackToSavepoint);
        }

        Completion(ref context);
        return new ParsedStatement(StatementKind.Rollback);
    }

    /// <summary>AND [NO] CHAIN, [NO] RELEASE.</summary>
    private static void Completion(ref ParseContext context)
    {
        if (context.Accept(Word.And))
        {
            context.Notes.IsChained = !context.Accept(Word.No);
            context.Expect(Word.Chain);
        }

        if (context.Accept(Word.No))
        {
            context.Expect(Word.Release);
        }
        else if (context.Accept(Word.Release))
        {
            // The server closes the connection behind its answer.
            context.Notes.Opaque("RELEASE ends the session");
        }
    }

    private static ParsedStatement Distributed(ref ParseContext context)
    {
        Word verb = context.Current.Word;
        return StatementParser.Skip(ref context, verb switch
        {
            Word.Prepare => StatementKind.PrepareTransaction,
            Word.Commit => StatementKind.CommitPrepared,
            Word.Rollback => StatementKind.RollbackPrepared,
            _ => StatementKind.Administrative,
        });
    }
}
