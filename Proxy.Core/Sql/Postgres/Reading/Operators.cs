using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>The operators behind expressions. Some are spelled as words (BETWEEN, IN, LIKE): the server looks up a symbol all the same.</summary>
internal static class Operators
{
    private static readonly QualifiedName[] Between = [new(null, ">="), new(null, "<=")];
    private static readonly QualifiedName[] NotBetween = [new(null, "<"), new(null, ">")];

    public static void Add(TreeText text, int expression, MentionSet<QualifiedName> operators)
    {
        ReadOnlySpan<byte> kind = text.RawOf(expression, TreeField.Kind);
        if (kind.StartsWith("AEXPR_BETWEEN"u8))
        {
            foreach (var symbol in Between) operators.Add(symbol);
        }
        else if (kind.StartsWith("AEXPR_NOT_BETWEEN"u8))
        {
            foreach (var symbol in NotBetween) operators.Add(symbol);
        }
        else if (text.Qualified(expression, TreeField.Name) is { } symbol)
        {
            operators.Add(symbol);
        }
    }

    /// <summary>IN (SELECT …) has no name in the tree and means "=".</summary>
    public static void AddOfSubquery(TreeText text, int subquery, MentionSet<QualifiedName> operators)
    {
        if (text.Qualified(subquery, TreeField.OperName) is { } symbol) operators.Add(symbol);
        else if (text.Tree.Has(subquery, TreeField.Testexpr)) operators.Add(new QualifiedName(null, "="));
    }
}
