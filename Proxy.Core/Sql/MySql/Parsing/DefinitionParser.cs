using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>CREATE, ALTER, DROP, RENAME, TRUNCATE. Tables and views that are made of queries are read whole, other things by their kind.</summary>
internal static class DefinitionParser
{
    public static ParsedStatement Parse(ref ParseContext context)
    {
        int start = context.Start;
        Word verb = context.Current.Word;
        context.Next();
        switch (verb)
        {
            case Word.Create:
                return Create(ref context, start);
            case Word.Drop:
                return Drop(ref context, start);
            case Word.Alter:
                return Alter(ref context);
            case Word.Rename:
                return Rename(ref context);
            default:
                context.Accept(Word.Table);
                context.Notes.Relations.Add(new RelationMention(context.QualifiedName(), IsWritten: true));
                return StatementParser.Skip(ref context, StatementKind.Schema);
        }
    }

    private static ParsedStatement Create(ref ParseContext context, int start)
    {
        context.Accept(Word.Or, Word.Replace);
        bool isTemporary = context.Accept(Word.Temporary);
        if (context.At(Word.Table)) return TableDefinitionParser.Parse(ref context, start, isTemporary);
        SkipViewOptions(ref context);
        if (context.Accept(Word.View)) return View(ref context, start);
        return OfOther(ref context);
    }

    private static ParsedStatement OfOther(ref ParseContext context)
    {
        switch (context.Current.Kind is TokenKind.Word ? context.Current.Word : Word.None)
        {
            case Word.User or Word.Role:
                return StatementParser.Skip(ref context, StatementKind.Privilege);
            case Word.Procedure or Word.Function or Word.Aggregate or Word.Trigger or Word.Event or Word.Package:
                return StatementParser.SkipBody(ref context, StatementKind.Schema);
            case Word.Server:
                return StatementParser.Skip(ref context, StatementKind.Administrative);
            default:
                AddIndexed(ref context);
                return StatementParser.SkipDefinition(ref context);
        }
    }

    /// <summary>CREATE INDEX … ON table, DROP INDEX … ON table.</summary>
    private static void AddIndexed(ref ParseContext context)
    {
        while (!context.Current.IsEnd && !context.At(Word.On)) context.Next();
        if (context.Accept(Word.On)) context.Notes.Relations.Add(new RelationMention(context.QualifiedName(), IsWritten: true));
    }

    /// <summary>ALGORITHM = x, DEFINER = user, SQL SECURITY x: of views, and the second of routines.</summary>
    private static void SkipViewOptions(ref ParseContext context)
    {
        while (context.At(Word.Algorithm) || context.At(Word.Definer) || context.At(Word.Sql))
        {
            bool isSecurity = context.Accept(Word.Sql);
            if (isSecurity) context.Expect(Word.Security);
            else context.Next();
            if (!isSecurity) context.Expect(TokenKind.Equal);
            // A word, or a user: CURRENT_USER, CURRENT_USER(), name, 'name'@'host' in whatever quotes.
            if (!context.Accept(TokenKind.String)) context.AnyWord();
            if (context.Accept(TokenKind.LeftParen)) context.Expect(TokenKind.RightParen);
            context.Accept(TokenKind.UserVariable);
        }
    }

    private static ParsedStatement View(ref ParseContext context, int start)
    {
        if (context.Accept(Word.If))
        {
            context.Expect(Word.Not);
            context.Expect(Word.Exists);
        }

        QualifiedName name = context.QualifiedName();
        ImmutableArray<string> columns = context.At(TokenKind.LeftParen) ? context.Names() : [];
        context.Expect(Word.As);
        context.MakesColumns = true;
        Query query = QueryParser.Parse(ref context);
        context.MakesColumns = false;
        if (context.Accept(Word.With))
        {
            context.AcceptAny(Word.Cascaded, Word.Local);
            context.Expect(Word.Check);
            context.Expect(Word.Option);
        }

        return new ParsedStatement(
            StatementKind.Schema,
            new CreateViewStatement { Name = name, Columns = columns, Query = query, Position = start, End = context.PreviousEnd });
    }

    private static ParsedStatement Drop(ref ParseContext context, int start)
    {
        if (context.Accept(Word.Prepare))
        {
            context.Notes.ObjectName = PrepareParser.Name(ref context);
            return new ParsedStatement(StatementKind.Deallocate);
        }

        context.Accept(Word.Temporary);
        if (context.AcceptAny(Word.Table, Word.Tables, Word.View))
        {
            if (context.Accept(Word.If)) context.Expect(Word.Exists);
            var names = ImmutableArray.CreateBuilder<QualifiedName>(1);
            do
            {
                QualifiedName name = context.QualifiedName();
                names.Add(name);
                context.Notes.Relations.Add(new RelationMention(name, IsWritten: true));
            }
            while (context.Accept(TokenKind.Comma));
            StatementParser.Skip(ref context, StatementKind.Schema);
            return new ParsedStatement(
                StatementKind.Schema,
                new DropRelationsStatement { Names = names.DrainToImmutable(), Position = start, End = context.PreviousEnd });
        }

        if (context.At(Word.User) || context.At(Word.Role)) return StatementParser.Skip(ref context, StatementKind.Privilege);
        if (context.At(Word.Server)) return StatementParser.Skip(ref context, StatementKind.Administrative);
        AddIndexed(ref context);
        return StatementParser.Skip(ref context, StatementKind.Schema);
    }

    private static ParsedStatement Alter(ref ParseContext context)
    {
        context.Accept(Word.Online);
        context.Accept(Word.Ignore);
        if (context.Accept(Word.Table))
        {
            if (context.Accept(Word.If)) context.Expect(Word.Exists);
            context.Notes.Relations.Add(new RelationMention(context.QualifiedName(), IsWritten: true));
            return StatementParser.SkipDefinition(ref context);
        }

        SkipViewOptions(ref context);
        return context.Current.Word switch
        {
            Word.User or Word.Role => StatementParser.Skip(ref context, StatementKind.Privilege),
            Word.Event or Word.Procedure or Word.Function => StatementParser.SkipBody(ref context, StatementKind.Schema),
            Word.Server or Word.Instance => StatementParser.Skip(ref context, StatementKind.Administrative),
            _ => StatementParser.Skip(ref context, StatementKind.Schema),
        };
    }

    private static ParsedStatement Rename(ref ParseContext context)
    {
        if (context.Accept(Word.User)) return StatementParser.Skip(ref context, StatementKind.Privilege);
        if (!context.AcceptAny(Word.Table, Word.Tables)) context.Fail();
        if (context.Accept(Word.If)) context.Expect(Word.Exists);
        do
        {
            context.Notes.Relations.Add(new RelationMention(context.QualifiedName(), IsWritten: true));
            while (context.At(Word.Wait) || context.At(Word.Nowait) || context.At(TokenKind.Integer)) context.Next();
            context.Expect(Word.To);
            context.Notes.Relations.Add(new RelationMention(context.QualifiedName(), IsWritten: true));
        }
        while (context.Accept(TokenKind.Comma));
        return new ParsedStatement(StatementKind.Schema);
    }
}
