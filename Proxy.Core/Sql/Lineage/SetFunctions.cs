using System.Collections.Frozen;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>Functions of the server that return rows of a fixed form.</summary>
internal static class SetFunctions
{
    private static readonly FrozenDictionary<string, string[]> Names = new Dictionary<string, string[]>
    {
        ["json_each"] = ["key", "value"],
        ["jsonb_each"] = ["key", "value"],
        ["json_each_text"] = ["key", "value"],
        ["jsonb_each_text"] = ["key", "value"],
        ["json_array_elements"] = ["value"],
        ["jsonb_array_elements"] = ["value"],
        ["json_array_elements_text"] = ["value"],
        ["jsonb_array_elements_text"] = ["value"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Functions that return one column, whose name is the function's, or the alias.</summary>
    private static readonly FrozenSet<string> OneColumn = new[]
    {
        "generate_series", "generate_subscripts", "regexp_split_to_table", "string_to_table", "json_object_keys", "jsonb_object_keys",
        "regexp_matches", "now", "current_date", "version", "current_database", "abs", "upper", "lower",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Null when the columns are not known.</summary>
    public static RowShape? Columns(Call call, Flow value)
    {
        if (call.Function.Schema is not (null or "pg_catalog"))
            return null;
        var name = call.Function.Name;
        if (Names.TryGetValue(name, out var columns))
            return new RowShape([.. columns.Select(column => new NamedFlow(column, value))]);
        if (OneColumn.Contains(name))
            return new RowShape([new NamedFlow(name, value)]);
        // One column for each array; one alone is named like the function.
        return name == "unnest" ? new RowShape([.. call.Arguments.Select(_ => new NamedFlow("unnest", value))]) : null;
    }
}
