using Proxy.Core.Sql.MySql.Lexing;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>FOR PORTION OF period FROM x TO y: rows are split at points in time, and their parts inserted.</summary>
internal static class PortionParser
{
    public static void Skip(ref ParseContext context)
    {
        context.Expect(Word.For);
        context.Expect(Word.Portion);
        context.Expect(Word.Of);
        context.Name();
        context.Expect(Word.From);
        BitExpressionParser.Parse(ref context);
        context.Expect(Word.To);
        BitExpressionParser.Parse(ref context);
        context.Notes.NestedKinds.Add(StatementKind.Insert);
        context.Notes.Opaque("FOR PORTION OF inserts parts of rows");
    }
}
