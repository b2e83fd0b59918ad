using Proxy.Core.Sql.MySql.Lexing;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>How a file is written or read: CHARACTER SET, FIELDS, LINES.</summary>
internal static class FileFormatParser
{
    public static void Parse(ref ParseContext context)
    {
        if (context.Accept(Word.Character, Word.Set) || context.Accept(Word.Char, Word.Set) || context.Accept(Word.Charset)) context.CharsetName();
        if (context.AcceptAny(Word.Fields, Word.Columns))
        {
            bool isAny = false;
            while (context.AcceptAny(Word.Terminated, Word.Optionally, Word.Enclosed, Word.Escaped))
            {
                isAny = true;
                context.Accept(Word.Enclosed);
                By(ref context);
            }

            if (!isAny) context.Fail();
        }

        if (!context.Accept(Word.Lines)) return;
        bool isLine = false;
        while (context.AcceptAny(Word.Terminated, Word.Starting))
        {
            isLine = true;
            By(ref context);
        }

        if (!isLine) context.Fail();
    }

    private static void By(ref ParseContext context)
    {
        context.Expect(Word.By);
        if (!context.Accept(TokenKind.Hex) && !context.Accept(TokenKind.Bits)) LiteralParser.String(ref context);
    }
}
