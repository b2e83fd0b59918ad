using System.Globalization;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Constants, by what they say.</summary>
internal static class LiteralBuilder
{
    public static Expression Build(ref BuildContext context, int index)
    {
        ParseTree tree = context.Tree;
        int position = context.Position(index);
        int value = index + 1;
        if (value >= tree[index].End) return ExpressionBuilder.Opaque(context, index);
        switch (tree[value].Field)
        {
            case TreeField.Isnull:
                return new Literal { Kind = LiteralKind.Null, Position = position };
            case TreeField.Ival:
                return Integer(context, value, position);
            case TreeField.Sval:
                return new Literal { Kind = LiteralKind.Text, Value = Text(context, value, TreeField.Sval), Position = position };
            case TreeField.Fval:
                return new Literal { Kind = LiteralKind.Number, Value = Text(context, value, TreeField.Fval), Position = position };
            case TreeField.Boolval:
                string truth = context.Has(value, TreeField.Boolval) ? "true" : "false";
                return new Literal { Kind = LiteralKind.Boolean, Value = truth, Position = position };
            case TreeField.Bsval:
                return new Literal { Kind = LiteralKind.Bits, Value = Text(context, value, TreeField.Bsval), Position = position };
            default:
                return ExpressionBuilder.Opaque(context, index);
        }
    }

    /// <summary>The grammar leaves out zeros. An open integer is not read here: whoever asks the literal for its value reads it.</summary>
    private static Literal Integer(in BuildContext context, int value, int position)
    {
        int number = context.Child(value, TreeField.Ival);
        ref readonly TreeEntry entry = ref context.Tree[number < 0 ? value : number];
        string digits = (number < 0 ? 0 : entry.Value).ToString(CultureInfo.InvariantCulture);
        return new Literal { Kind = LiteralKind.Number, Value = digits, Open = number >= 0 && entry.IsOpen ? context.Tree.Open : null, Position = position };
    }

    /// <summary>The grammar leaves out empty strings.</summary>
    private static string Text(in BuildContext context, int node, TreeField field)
    {
        int text = context.Child(node, field);
        return text < 0 ? "" : context.Text.Value(text);
    }
}
