using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>One statement, whatever its kind. Queries, changes of rows and what a session does with itself are read whole, others by their first words.</summary>
internal static class StatementParser
{
    public static ParsedStatement Parse(ref ParseContext context)
    {
        Token token = context.Current;
        if (token.Kind is TokenKind.LeftParen) return Query(ref context, token.Start);
        if (token.Kind is not TokenKind.Word) return Labelled(ref context);
        return token.Word switch
        {
            Word.Select or Word.Values or Word.Table => Query(ref context, token.Start),
            Word.With => With(ref context),
            Word.Insert or Word.Replace => InsertParser.Parse(ref context),
            Word.Update => UpdateParser.Parse(ref context, null),
            Word.Delete => DeleteParser.Parse(ref context, null),
            Word.Explain or Word.Describe or Word.Desc or Word.Analyze => ExplainParser.Parse(ref context),
            Word.Prepare or Word.Execute or Word.Deallocate => PrepareParser.Parse(ref context),
            Word.Set => SetParser.Parse(ref context),
            Word.Show => ShowParser.Parse(ref context),
            Word.Begin or Word.Start or Word.Commit or Word.Rollback or Word.Savepoint or Word.Release or Word.Xa => TransactionParser.Parse(ref context),
            Word.Create or Word.Alter or Word.Drop or Word.Rename or Word.Truncate => DefinitionParser.Parse(ref context),
            Word.Do or Word.Use or Word.Call or Word.Kill or Word.Lock or Word.Unlock or Word.Handler or Word.Load => SessionParser.Parse(ref context),
            _ => ByKind(ref context, token.Word),
        };
    }

    /// <summary>What EXPLAIN, PREPARE and SET STATEMENT can have inside.</summary>
    public static bool AtExplainable(in ParseContext context) =>
        context.At(TokenKind.LeftParen) || (context.Current.Kind is TokenKind.Word && context.Current.Word is
            Word.Select or Word.Values or Word.With or Word.Insert or Word.Replace or Word.Update or Word.Delete);

    /// <summary>To the end of the statement, over whatever stands there.</summary>
    public static ParsedStatement Skip(ref ParseContext context, StatementKind kind)
    {
        while (!context.Current.IsEnd) context.Next();
        return new ParsedStatement(kind);
    }

    /// <summary>Over the definition of a table or an index, whose keys may be of expressions in MySQL: those stand in two parentheses.</summary>
    public static ParsedStatement SkipDefinition(ref ParseContext context)
    {
        for (; !context.Current.IsEnd; context.Next()) NoteKeyOfExpression(ref context);
        return new ParsedStatement(StatementKind.Schema);
    }

    public static void NoteKeyOfExpression(ref ParseContext context)
    {
        if (context.IsMySql && context.At(TokenKind.LeftParen) && context.Peek().Kind is TokenKind.LeftParen) context.Unproven("a key of an expression");
    }

    /// <summary>To the end of the text: within bodies semicolons end no statement, and where a body ends is not known.</summary>
    public static ParsedStatement SkipBody(ref ParseContext context, StatementKind kind)
    {
        while (!context.At(TokenKind.End)) context.Next();
        context.Notes.Opaque("the body of a routine is not read, nor what stands behind it");
        return new ParsedStatement(kind);
    }

    private static ParsedStatement Query(ref ParseContext context, int start)
    {
        context.MayHaveInto = true;
        Query query = QueryParser.Parse(ref context);
        return new ParsedStatement(StatementKind.Select, new QueryStatement { Query = query, Position = start, End = context.PreviousEnd });
    }

    /// <summary>WITH before a query; in MySQL before UPDATE and DELETE, too.</summary>
    private static ParsedStatement With(ref ParseContext context)
    {
        int start = context.Start;
        if (!context.IsMySql) return Query(ref context, start);
        int mark = context.Mark();
        WithClause? with = WithParser.Optional(ref context);
        if (context.At(Word.Update)) return UpdateParser.Parse(ref context, with);
        if (context.At(Word.Delete)) return DeleteParser.Parse(ref context, with);
        context.Return(mark);
        return Query(ref context, start);
    }

    private static ParsedStatement ByKind(ref ParseContext context, Word word)
    {
        switch (word)
        {
            case Word.Grant or Word.Revoke:
                return Skip(ref context, StatementKind.Privilege);
            case Word.If or Word.Case or Word.Loop or Word.While or Word.Repeat or Word.For:
                return SkipBody(ref context, StatementKind.Do);
            case Word.Flush or Word.Reset or Word.Purge or Word.Optimize or Word.Repair or Word.Check or Word.Checksum or Word.Cache or Word.Install
                or Word.Uninstall or Word.Shutdown or Word.Binlog or Word.Change or Word.Stop or Word.Backup or Word.Restart or Word.Clone or Word.Import:
                return Skip(ref context, StatementKind.Administrative);
            case Word.Help:
                return Skip(ref context, StatementKind.Show);
            case Word.Signal or Word.Resignal or Word.Get:
                context.Notes.Opaque("conditions and diagnostics carry values past the answer");
                return Skip(ref context, StatementKind.Unknown);
            default:
                return Labelled(ref context);
        }
    }

    /// <summary>label: BEGIN NOT ATOMIC …, the only thing that begins with a name.</summary>
    private static ParsedStatement Labelled(ref ParseContext context)
    {
        if (context.AtName && context.Peek().Kind is TokenKind.Colon) return SkipBody(ref context, StatementKind.Do);
        context.Fail();
        return default;
    }
}
