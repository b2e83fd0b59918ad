using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>JSON_TABLE(document, path COLUMNS (…)) AS alias.</summary>
internal static class JsonTableParser
{
    public static TableFunctionSource Parse(ref ParseContext context)
    {
        int start = context.Start;
        context.Next();
        context.Expect(TokenKind.LeftParen);
        Expression document = ExpressionParser.Parse(ref context);
        context.Expect(TokenKind.Comma);
        LiteralParser.String(ref context);
        var columns = ImmutableArray.CreateBuilder<string>();
        Columns(ref context, columns);
        context.Expect(TokenKind.RightParen);
        context.Notes.Functions.Add(new QualifiedName(null, "json_table"));
        string? alias = SourceParser.OptionalAlias(ref context);
        if (alias is null) context.Fail();
        return new TableFunctionSource
        {
            Inputs = [document],
            Columns = columns.DrainToImmutable(),
            Alias = alias,
            Position = start,
            End = context.PreviousEnd,
        };
    }

    private static void Columns(ref ParseContext context, ImmutableArray<string>.Builder columns)
    {
        if (!context.TryEnter()) return;
        context.Expect(Word.Columns);
        context.Expect(TokenKind.LeftParen);
        do
        {
            Column(ref context, columns);
        }
        while (context.Accept(TokenKind.Comma));
        context.Expect(TokenKind.RightParen);
        context.Leave();
    }

    private static void Column(ref ParseContext context, ImmutableArray<string>.Builder columns)
    {
        if (context.Accept(Word.Nested))
        {
            context.Accept(Word.Path);
            LiteralParser.String(ref context);
            Columns(ref context, columns);
            return;
        }

        columns.Add(context.ColumnName());
        if (context.Accept(Word.For))
        {
            context.Expect(Word.Ordinality);
            return;
        }

        SkipType(ref context);
        context.Accept(Word.Exists);
        context.Expect(Word.Path);
        LiteralParser.String(ref context);
        for (int i = 0; i < 2 && !context.At(TokenKind.Comma) && !context.At(TokenKind.RightParen); i++) OnEmptyOrError(ref context);
    }

    /// <summary>What stands before PATH or EXISTS: a type, of which nothing is needed.</summary>
    private static void SkipType(ref ParseContext context)
    {
        if (context.At(Word.Path) || context.At(Word.Exists)) context.Fail();
        int depth = 0;
        while (!context.Current.IsEnd && (depth > 0 || (!context.At(Word.Path) && !context.At(Word.Exists))))
        {
            if (context.At(TokenKind.LeftParen)) depth++;
            if (context.At(TokenKind.RightParen) && --depth < 0) context.Fail();
            context.Next();
        }
    }

    private static void OnEmptyOrError(ref ParseContext context)
    {
        if (context.Accept(Word.Default)) LiteralParser.Parse(ref context);
        else if (!context.AcceptAny(Word.Error, Word.Null)) context.Fail();
        context.Expect(Word.On);
        if (!context.AcceptAny(Word.Empty, Word.Error)) context.Fail();
    }
}
