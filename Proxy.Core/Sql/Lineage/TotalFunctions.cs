using System.Collections.Frozen;

namespace Proxy.Core.Sql.Lineage;

/// <summary>
/// Functions of the server that do not fail for any value, so that no error tells what a value was. An allow list: applied to PHI, what is not
/// here counts as a condition on it.
/// </summary>
internal static class TotalFunctions
{
    private static readonly FrozenSet<string> StrictAlways = new[]
    {
        "lower", "upper", "initcap", "length", "char_length", "character_length", "octet_length", "bit_length", "btrim", "ltrim", "rtrim",
        "reverse", "md5", "to_json", "to_jsonb", "row_to_json", "array_to_json", "quote_literal", "quote_ident", "ascii", "isfinite",
        "strpos", "position", "starts_with", "age", "bool", "min", "max", "cardinality",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Always = new[]
    {
        "concat", "concat_ws", "quote_nullable", "count", "array_agg", "json_agg", "jsonb_agg", "string_agg", "bool_and", "bool_or", "every",
        "first_value", "last_value", "lag", "lead", "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "mode", "json_build_array",
        "jsonb_build_array", "any_value", "json_typeof", "jsonb_typeof", "num_nulls", "num_nonnulls", "jsonb_strip_nulls", "json_strip_nulls",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> StrictInOneArgument = new[]
    {
        "left", "right", "substr", "lpad", "rpad", "split_part", "translate", "replace", "to_char", "date_part", "extract", "date_trunc",
        "overlay", "timezone", "repeat",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> InOneArgument = new[]
    {
        "substring", "json_build_object", "jsonb_build_object", "to_tsvector", "array_length", "array_position", "array_to_string",
        "json_extract_path", "json_extract_path_text", "jsonb_extract_path", "jsonb_extract_path_text", "nth_value", "ntile",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static Totality Of(string function) =>
        StrictAlways.Contains(function) ? new(true, true, true)
        : Always.Contains(function) ? new(true, true, false)
        : StrictInOneArgument.Contains(function) ? new(false, true, true)
        : InOneArgument.Contains(function) ? new(false, true, false)
        : default;
}
