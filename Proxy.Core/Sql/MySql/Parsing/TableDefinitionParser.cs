using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>CREATE TABLE: by columns, LIKE another, or from a query.</summary>
internal static class TableDefinitionParser
{
    public static ParsedStatement Parse(ref ParseContext context, int start, bool isTemporary)
    {
        context.Expect(Word.Table);
        bool ifNotExists = context.Accept(Word.If);
        if (ifNotExists)
        {
            context.Expect(Word.Not);
            context.Expect(Word.Exists);
        }

        QualifiedName name = context.QualifiedName();
        context.Notes.Relations.Add(new RelationMention(name, IsWritten: true));
        if (context.Accept(Word.Like) || (context.At(TokenKind.LeftParen) && context.Peek().Word is Word.Like)) return Like(ref context);
        var columns = ImmutableArray.CreateBuilder<string>();
        bool isPlain = true;
        bool hasColumns = context.At(TokenKind.LeftParen) && !QueryParser.AtParenthesised(context);
        if (hasColumns) Columns(ref context, columns, ref isPlain);
        SkipOptions(ref context, ref isPlain);
        if (context.Current.IsEnd)
        {
            if (!hasColumns) return new ParsedStatement(StatementKind.Schema);
            return new ParsedStatement(StatementKind.Schema, new CreateTableStatement
            {
                Name = name,
                IsTemporary = isTemporary,
                IsPlain = isPlain,
                IfNotExists = ifNotExists,
                Columns = columns.DrainToImmutable(),
                Position = start,
                End = context.PreviousEnd,
            });
        }

        return Query(ref context, start, name, isTemporary, isMixed: hasColumns || ifNotExists || !isPlain);
    }

    /// <summary>Columns that are defined as well come first, and those of one name become one: which is which is not worked out.</summary>
    private static ParsedStatement Query(ref ParseContext context, int start, QualifiedName name, bool isTemporary, bool isMixed)
    {
        context.AcceptAny(Word.Ignore, Word.Replace);
        context.Accept(Word.As);
        int place = context.Start;
        context.MakesColumns = true;
        Query query = QueryParser.Parse(ref context);
        context.MakesColumns = false;
        context.Notes.InnerKind = StatementKind.Select;
        if (isMixed) context.Notes.Opaque("a table from columns and a query together");
        return new ParsedStatement(StatementKind.CreateTableAs, new CreateTableAsStatement
        {
            Name = name,
            IsTemporary = isTemporary,
            Inner = new QueryStatement { Query = query, Position = place, End = context.PreviousEnd },
            Position = start,
            End = context.PreviousEnd,
        });
    }

    private static ParsedStatement Like(ref ParseContext context)
    {
        context.Accept(TokenKind.LeftParen);
        context.Accept(Word.Like);
        context.Notes.Relations.Add(new RelationMention(context.QualifiedName(), IsWritten: false));
        return StatementParser.Skip(ref context, StatementKind.Schema);
    }

    private static void Columns(ref ParseContext context, ImmutableArray<string>.Builder columns, ref bool isPlain)
    {
        context.Expect(TokenKind.LeftParen);
        do
        {
            if (context.AtName && !IsOfConstraint(context)) columns.Add(context.ColumnName());
            SkipDefinition(ref context, ref isPlain);
        }
        while (context.Accept(TokenKind.Comma));
        context.Expect(TokenKind.RightParen);
    }

    private static bool IsOfConstraint(in ParseContext context) => context.At(Word.Period) && context.Peek().Word is Word.For;

    private static void SkipDefinition(ref ParseContext context, ref bool isPlain)
    {
        int depth = 0;
        while (!context.Current.IsEnd)
        {
            if (context.At(TokenKind.LeftParen)) depth++;
            StatementParser.NoteKeyOfExpression(ref context);
            if (context.At(TokenKind.RightParen) && --depth < 0) return;
            if (depth == 0 && context.At(TokenKind.Comma)) return;
            isPlain &= !IsMore(context);
            context.Next();
        }
    }

    /// <summary>Whatever makes writing or reading the table run or touch something else.</summary>
    private static bool IsMore(in ParseContext context) => context.Current.Kind is TokenKind.Word && context.Current.Word is
        Word.Default or Word.As or Word.Check or Word.References or Word.Foreign or Word.On or Word.Generated or Word.Period or Word.System or Word.Versioning
        or Word.Select;

    /// <summary>To a query or the end. ENGINE and UNION may make the table a window on others.</summary>
    private static void SkipOptions(ref ParseContext context, ref bool isPlain)
    {
        while (!context.Current.IsEnd && !QueryParser.AtQuery(context) && !QueryParser.AtParenthesised(context) && !AtQueryBehind(context))
        {
            isPlain &= !(context.Current.Kind is TokenKind.Word && context.Current.Word is Word.Union or Word.Partition or Word.Connection or Word.Versioning
                or Word.Directory or Word.System) && !(context.At(Word.Engine) && !IsPlainEngine(context));
            if (context.At(TokenKind.LeftParen)) SkipParenthesised(ref context);
            else context.Next();
        }
    }

    private static bool AtQueryBehind(in ParseContext context)
    {
        int offset = context.At(Word.Ignore) || context.At(Word.Replace) ? 1 : 0;
        if (context.Peek(offset).Word is Word.As && context.Peek(offset).Kind is TokenKind.Word) offset++;
        return offset > 0 && (QueryParser.AtQuery(context, offset) || QueryParser.AtParenthesised(context, offset));
    }

    private static bool IsPlainEngine(in ParseContext context)
    {
        Token engine = context.Peek().Kind is TokenKind.Equal ? context.Peek(2) : context.Peek();
        if (engine.Kind is not (TokenKind.Word or TokenKind.Identifier)) return false;
        return context.NameOf(engine).ToUpperInvariant() is "INNODB" or "MYISAM" or "ARIA" or "MEMORY" or "HEAP";
    }

    private static void SkipParenthesised(ref ParseContext context)
    {
        int depth = 0;
        do
        {
            if (context.At(TokenKind.LeftParen)) depth++;
            if (context.At(TokenKind.RightParen)) depth--;
            context.Next();
        }
        while (depth > 0 && !context.Current.IsEnd);
    }
}
