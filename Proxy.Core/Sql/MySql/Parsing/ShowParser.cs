using Proxy.Core.Sql.MySql.Lexing;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>SHOW: of what, and of which relation. <see cref="StatementNotes.ObjectName"/> is what, in lower case: columns, create table, warnings.</summary>
internal static class ShowParser
{
    private const int WordsMax = 4;

    public static ParsedStatement Parse(ref ParseContext context)
    {
        context.Next();
        while (context.AcceptAny(Word.Full, Word.Extended, Word.Global, Word.Session, Word.Local))
        {
        }

        bool isCreate = context.At(Word.Create);
        string what = Words(ref context, isCreate);
        context.Notes.ObjectName = what;
        if (isCreate)
        {
            if (context.Accept(Word.If))
            {
                context.Expect(Word.Not);
                context.Expect(Word.Exists);
            }

            QualifiedName name = context.QualifiedName();
            if (what is "create table" or "create view" or "create sequence") context.Notes.Relations.Add(new RelationMention(name, IsWritten: false));
            return StatementParser.Skip(ref context, StatementKind.Show);
        }

        if (context.AcceptAny(Word.From, Word.In)) Place(ref context, what);
        if (context.Accept(Word.Where)) Condition(ref context);
        return StatementParser.Skip(ref context, StatementKind.Show);
    }

    private static string Words(ref ParseContext context, bool isCreate)
    {
        string what = "";
        int max = isCreate ? 2 : WordsMax;
        for (int i = 0; i < max && context.Current.Kind is TokenKind.Word && !IsBehindWhat(context.Current.Word); i++)
        {
            string word = PrimaryParser.LowerName(context, context.Current);
            what = i == 0 ? word : $"{what} {word}";
            context.Next();
        }

        if (what.Length == 0 && context.At(TokenKind.Identifier)) context.Fail();
        return what;
    }

    private static bool IsBehindWhat(Word word) => word is Word.From or Word.In or Word.Like or Word.Where or Word.For or Word.Limit;

    /// <summary>FROM table [FROM schema], or FROM schema.</summary>
    private static void Place(ref ParseContext context, string what)
    {
        QualifiedName name = context.QualifiedName();
        if (what is not ("columns" or "fields" or "index" or "indexes" or "keys")) return;
        if (context.AcceptAny(Word.From, Word.In)) name = new QualifiedName(context.TableName(), name.Name);
        context.Notes.Relations.Add(new RelationMention(name, IsWritten: false));
    }

    /// <summary>Which lines are shown may depend on anything that an expression can read.</summary>
    private static void Condition(ref ParseContext context)
    {
        while (!context.Current.IsEnd)
        {
            if (context.At(TokenKind.LeftParen) || context.At(TokenKind.UserVariable)) context.Notes.Opaque("a condition of SHOW that is computed");
            context.Next();
        }
    }
}
