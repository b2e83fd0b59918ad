using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>The options of EXPLAIN.</summary>
internal static class ExplainOptions
{
    /// <summary>
    /// Whether the plan is to say how large the answer is, or what planning took: of values that nobody is shown, and of the statistics of columns.
    /// Whatever the option is set to.
    /// </summary>
    public static bool Measures(TreeText text, int explain)
    {
        int end = text.Tree[explain].End;
        for (int option = explain + 1; option < end; option = text.Tree[option].End)
            if (text.Tree[option].Field == TreeField.Options
                && (text.Is(option, TreeField.Defname, "serialize"u8) || text.Is(option, TreeField.Defname, "memory"u8)))
                return true;
        return false;
    }

    /// <summary>Anything but a plain false counts as ANALYZE, wherever in the options it stands: the statement runs then.</summary>
    public static bool IsAnalyze(TreeText text, int explain)
    {
        int end = text.Tree[explain].End;
        for (int option = explain + 1; option < end; option = text.Tree[option].End)
        {
            if (text.Tree[option].Field != TreeField.Options || !text.Is(option, TreeField.Defname, "analyze"u8)) continue;
            int argument = text.Tree.Child(option, TreeField.Arg);
            if (argument < 0) return true;
            bool isFalse = text.Tree[argument].Type switch
            {
                TreeNodeType.String => text.StringValue(argument).ToUpperInvariant() is "FALSE" or "OFF",
                TreeNodeType.Integer => !text.Tree.Has(argument, TreeField.Ival),
                _ => false,
            };
            if (!isFalse) return true;
        }

        return false;
    }
}
