using System.Buffers;
using System.Text;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>Constants.</summary>
internal static class LiteralParser
{
    public static Expression Parse(ref ParseContext context)
    {
        Token token = context.Current;
        switch (token.Kind)
        {
            case TokenKind.String or TokenKind.NationalString:
                return String(ref context);
            case TokenKind.Integer or TokenKind.Decimal or TokenKind.Float:
                return Of(ref context, LiteralKind.Number, ConstantValues.Of(context.DigitsOf(token)));
            case TokenKind.Hex or TokenKind.Bits:
                return Of(ref context, LiteralKind.Bits, ConstantValues.Of(context.TextOf(token)));
            case TokenKind.NullEscape:
                return Of(ref context, LiteralKind.Null, null);
            case TokenKind.Introducer:
                return Introduced(ref context, token);
            case TokenKind.Word when token.Word is Word.Null:
                return Of(ref context, LiteralKind.Null, null);
            case TokenKind.Word when token.Word is Word.True or Word.False:
                return Of(ref context, LiteralKind.Boolean, token.Word is Word.True ? "true" : "false");
            default:
                context.Fail();
                return ExpressionParser.Nothing;
        }
    }

    /// <summary>DATE '…', TIME '…', TIMESTAMP '…'.</summary>
    public static Cast Typed(ref ParseContext context)
    {
        Token type = context.Current;
        context.Next();
        Literal value = String(ref context);
        string name = type.Word switch
        {
            Word.Date => "date",
            Word.Time => "time",
            _ => "datetime",
        };
        return new Cast { Argument = value, Type = new QualifiedName(null, name), Position = type.Start, End = context.PreviousEnd };
    }

    /// <summary>One string, or several beside one another, which are one.</summary>
    public static Literal String(ref ParseContext context)
    {
        Token token = context.Current;
        if (token.Kind is not (TokenKind.String or TokenKind.NationalString))
        {
            context.Fail();
            return new Literal { Kind = LiteralKind.Text, Value = "" };
        }

        string value = ValueOf(ref context, token);
        return new Literal { Kind = LiteralKind.Text, Value = value, Position = token.Start, End = context.PreviousEnd };
    }

    /// <summary>The value of the strings from here on; the context is behind them afterwards.</summary>
    private static string ValueOf(ref ParseContext context, in Token first)
    {
        bool hasEscapes = !context.Settings.Has(MySqlModes.NoBackslashEscapes);
        int mark = context.Mark();
        context.Next();
        bool isOne = !context.At(TokenKind.String);
        if (isOne && TextReader.TryContent(context.TextOf(first), hasEscapes, out ReadOnlySpan<byte> content)) return Kept(context, content);
        while (context.Accept(TokenKind.String))
        {
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(context.PreviousEnd - first.Start);
        context.Return(mark);
        int length = 0;
        do
        {
            Token part = context.Current;
            length += TextReader.Write(context.TextOf(part), hasEscapes, buffer.AsSpan(length));
            context.Next();
        }
        while (context.At(TokenKind.String));
        string value = Kept(context, buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return value;
    }

    private static string Kept(in ParseContext context, ReadOnlySpan<byte> value) =>
        context.KeepsConstants ? Encoding.UTF8.GetString(value) : ConstantValues.Of(value);

    /// <summary>Under another character set than ours the bytes say something else than what is written: they are bits.</summary>
    private static Expression Introduced(ref ParseContext context, in Token introducer)
    {
        ReadOnlySpan<byte> charset = context.TextOf(introducer);
        bool isOurs = Ascii.EqualsIgnoreCase(charset, "_utf8mb4"u8) || Ascii.EqualsIgnoreCase(charset, "_utf8mb3"u8) || Ascii.EqualsIgnoreCase(charset, "_utf8"u8);
        context.Next();
        if (!context.At(TokenKind.String) && !context.At(TokenKind.Hex) && !context.At(TokenKind.Bits)) context.Fail();
        Expression value = Parse(ref context);
        return isOurs || value is not Literal { Value: var written }
            ? value
            : new Literal { Kind = LiteralKind.Bits, Value = written, Position = introducer.Start, End = context.PreviousEnd };
    }

    private static Literal Of(ref ParseContext context, LiteralKind kind, string? value)
    {
        Token token = context.Current;
        context.Next();
        return new Literal { Kind = kind, Value = value, Open = context.OpenOf(token), Position = token.Start, End = token.End };
    }
}
