using System.Collections.Frozen;
using System.Collections.Immutable;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage.MySql;

/// <summary>
/// Functions of MySQL and MariaDB that raise no error for any value, so that none tells what a value was. An allow list: applied to PHI, what is not
/// here counts as a condition on it. Most functions give NULL and a warning where PostgreSQL's fail; warnings are hidden where PHI is touched. A
/// statement that stores rows turns them into errors under a strict sql_mode: there only what never warns is total.
/// Not here, on purpose: what overflows (abs, exp, pow, sum of doubles: error 1690), what parses (regexp, geometry, XML: errors that print values),
/// what takes time (sleep, benchmark, repeat).
/// </summary>
internal static class MySqlTotalFunctions
{
    /// <summary>Never warn, and are NULL exactly where an argument is.</summary>
    private static readonly FrozenSet<string> SilentStrict = Set(
        "lower", "upper", "lcase", "ucase", "length", "octet_length", "char_length", "character_length", "lengthb", "bit_length", "trim", "ltrim", "rtrim",
        "reverse", "md5", "sha", "sha1", "hex", "ascii", "ord", "crc32", "soundex", "concat", "left", "right", "substr", "substring", "mid", "substring_index", "locate",
        "instr", "position", "strcmp", "min", "max", "to_base64", "bit_count", "sign");

    /// <summary>Never warn; NULL may say more.</summary>
    private static readonly FrozenSet<string> Silent = Set(
        "concat_ws", "count", "quote", "field", "find_in_set", "elt", "any_value", "first_value", "last_value", "lag", "lead", "nth_value", "row_number", "rank",
        "dense_rank", "percent_rank", "cume_dist", "json_quote", "json_valid", "insert", "charset", "collation", "coercibility");

    /// <summary>May warn, and give NULL for what they do not understand.</summary>
    private static readonly FrozenSet<string> Warning = Set(
        "replace", "lpad", "rpad", "sha2", "unhex", "from_base64", "group_concat", "json_arrayagg", "json_objectagg", "json_array", "json_object", "json_type", "json_depth",
        "json_length", "json_keys", "json_unquote", "inet_aton", "inet_ntoa", "inet6_aton", "inet6_ntoa", "is_ipv4", "is_ipv6", "convert_using",
        "date", "time", "timestamp", "datediff", "timediff", "timestampdiff", "dayname", "dayofmonth", "day", "dayofweek", "dayofyear", "hour", "minute",
        "second", "microsecond", "month", "monthname", "quarter", "week", "weekday", "weekofyear", "year", "yearweek", "to_days", "to_seconds", "last_day", "date_format",
        "time_format", "extract", "from_days", "from_unixtime", "unix_timestamp", "time_to_sec", "sec_to_time", "str_to_date", "makedate", "maketime",
        "date_add", "date_sub", "adddate", "subdate", "addtime", "subtime", "timestampadd", "period_add", "period_diff", "add_months", "convert_tz",
        "bit_and", "bit_or", "bit_xor", "compress", "uncompress", "uncompressed_length", "weight_string", "make_set", "export_set", "bin", "oct", "conv", "char");

    /// <summary>Of a document and a path: the path is the client's, or a wrong one would fail for some documents only.</summary>
    private static readonly FrozenSet<string> OfDocument = Set("json_extract", "json_value", "json_query", "json_exists", "json_contains", "json_contains_path", "json_search");

    /// <summary>The parts of a date that every date has, zero dates too [ran]: NULL only for NULL.</summary>
    private static readonly FrozenSet<string> PartsOfDates = Set("year", "month", "day", "dayofmonth", "quarter", "extract", "date_format");

    /// <param name="function">Its name in lower case.</param>
    /// <param name="expressions">What is written.</param>
    /// <param name="arguments">What flows in.</param>
    /// <param name="warningsFail">Whether the statement stores rows.</param>
    public static Totality Of(string function, ImmutableArray<Expression> expressions, List<Flow> arguments, bool warningsFail)
    {
        if (SilentStrict.Contains(function))
            return new(true, false, IsStrict: true);
        if (Silent.Contains(function))
            return new(true, false, IsStrict: false);
        if (warningsFail)
            return default;
        if (Warning.Contains(function))
            return new(true, false, IsStrict: PartsOfDates.Contains(function) && arguments is [var date, ..] && IsPointInTime(date) && OthersAreClients(arguments, expressions.Length));
        if (OfDocument.Contains(function) && arguments.Count > 1 && arguments.Skip(1).All(static path => path.IsClientValue))
            return new(true, false, IsStrict: false);
        return default;
    }

    private static bool IsPointInTime(Flow flow) =>
        flow is { Derivation: Derivation.Copy, TellsByNull: false, Sources.IsEmpty: false } && flow.Sources.Columns.All(static source => MySqlComparisons.CategoryOf(source.Column) is ValueCategory.Moment);

    private static bool OthersAreClients(List<Flow> arguments, int written) => written == arguments.Count && arguments.Skip(1).All(static argument => argument.IsClientValue);

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
