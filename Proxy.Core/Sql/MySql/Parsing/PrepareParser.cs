using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>PREPARE, EXECUTE, EXECUTE IMMEDIATE, DEALLOCATE PREPARE. Only a statement that is written out as one string is followed.</summary>
internal static class PrepareParser
{
    public static ParsedStatement Parse(ref ParseContext context)
    {
        int start = context.Start;
        if (context.Accept(Word.Prepare)) return Prepare(ref context, start);
        if (context.Accept(Word.Deallocate))
        {
            context.Expect(Word.Prepare);
            context.Notes.ObjectName = Name(ref context);
            return new ParsedStatement(StatementKind.Deallocate);
        }

        context.Expect(Word.Execute);
        if (context.Accept(Word.Immediate))
        {
            ExpressionParser.Parse(ref context);
            Arguments(ref context);
            context.Notes.Opaque("it runs a text that is made when it runs");
            return new ParsedStatement(StatementKind.Do);
        }

        string name = Name(ref context);
        context.Notes.ObjectName = name;
        ImmutableArray<Expression> arguments = Arguments(ref context);
        return new ParsedStatement(
            StatementKind.Execute,
            new ExecuteStatement { Name = name, Arguments = arguments, Position = start, End = context.PreviousEnd });
    }

    /// <summary>To the server é may be e, and a space at the end nothing: PREPARE of one would change what EXECUTE of the other runs.</summary>
    public static string Name(ref ParseContext context)
    {
        string name = context.ColumnName();
        if (SimilarNames.IsOdd(name)) context.Notes.Opaque("the server may take the statement's name for another one");
        return name;
    }

    private static ParsedStatement Prepare(ref ParseContext context, int start)
    {
        string name = Name(ref context);
        context.Notes.ObjectName = name;
        context.Expect(Word.From);
        context.KeepsConstants = true;
        Expression text = ExpressionParser.Parse(ref context);
        context.KeepsConstants = false;
        if (text is Literal { Kind: LiteralKind.Text, Value: { } written }) context.Notes.PreparedText = written;
        else context.Notes.Opaque("it prepares a text that is made when it runs");
        return new ParsedStatement(StatementKind.Prepare, new PrepareStatement { Name = name, Position = start, End = context.PreviousEnd });
    }

    private static ImmutableArray<Expression> Arguments(ref ParseContext context)
    {
        if (!context.Accept(Word.Using)) return [];
        var list = ImmutableArray.CreateBuilder<Expression>();
        do
        {
            list.Add(ExpressionParser.OrDefault(ref context));
        }
        while (context.Accept(TokenKind.Comma));
        return list.DrainToImmutable();
    }
}
