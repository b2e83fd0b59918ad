using Proxy.Core.Sql.MySql.Lexing;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>Types of CAST and CONVERT (cast_type in MariaDB's sql_yacc.yy). Types of columns are not read.</summary>
internal static class TypeParser
{
    public static QualifiedName Parse(ref ParseContext context)
    {
        Token token = context.Current;
        context.Next();
        string name = Name(ref context, token);
        if (context.IsMySql && context.Accept(Word.Array)) context.Unproven("a cast to an array");
        return new QualifiedName(null, name);
    }

    private static string Name(ref ParseContext context, in Token token)
    {
        switch (token.Kind is TokenKind.Word ? token.Word : Word.None)
        {
            case Word.Binary:
                Size(ref context);
                return "binary";
            case Word.Char or Word.Character or Word.Varchar:
                if (token.Word is not Word.Varchar) context.Accept(Word.Varying);
                Size(ref context);
                Charset(ref context);
                return "char";
            case Word.Nchar:
                Size(ref context);
                return "char";
            case Word.National:
                if (!context.AcceptAny(Word.Char, Word.Character)) context.Fail();
                Size(ref context);
                return "char";
            case Word.Signed or Word.Unsigned:
                context.AcceptAny(Word.Int, Word.Integer);
                return token.Word is Word.Signed ? "signed" : "unsigned";
            case Word.Int or Word.Integer:
                return "signed";
            case Word.Date or Word.Json or Word.Year:
                if (token.Word is not Word.Date) context.Unproven("a cast to YEAR or JSON");
                return PrimaryParser.LowerName(context, token);
            case Word.Time or Word.Datetime or Word.Timestamp:
                Size(ref context);
                return token.Word is Word.Time ? "time" : "datetime";
            case Word.Decimal or Word.Dec or Word.Numeric or Word.Fixed or Word.Float or Word.Double or Word.Real:
                if (token.Word is Word.Double) context.Accept(Word.Precision);
                Size(ref context);
                return token.Word is Word.Float or Word.Double or Word.Real ? "double" : "decimal";
            case Word.Interval:
                context.Expect(Word.DaySecond);
                Size(ref context);
                return "interval";
            default:
                string type = token.IsName ? PrimaryParser.LowerName(context, token) : "";
                if (type is not ("inet4" or "inet6" or "uuid")) context.Fail();
                return type;
        }
    }

    private static void Size(ref ParseContext context)
    {
        if (!context.Accept(TokenKind.LeftParen)) return;
        context.Expect(TokenKind.Integer);
        if (context.Accept(TokenKind.Comma)) context.Expect(TokenKind.Integer);
        context.Expect(TokenKind.RightParen);
    }

    /// <summary>CHARACTER SET x, ASCII, UNICODE, BINARY, COLLATE x.</summary>
    private static void Charset(ref ParseContext context)
    {
        bool hasBinary = context.Accept(Word.Binary);
        if (context.Accept(Word.Char, Word.Set) || context.Accept(Word.Character, Word.Set) || context.Accept(Word.Charset)) context.CharsetName();
        else context.AcceptAny(Word.Ascii, Word.Unicode, Word.Byte);
        if (!hasBinary) context.Accept(Word.Binary);
        if (context.Accept(Word.Collate)) context.CharsetName();
    }
}
