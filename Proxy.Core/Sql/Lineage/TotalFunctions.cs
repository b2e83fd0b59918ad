using System.Collections.Frozen;
using System.Collections.Immutable;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>
/// Functions of the server that do not fail for any value, so that no error tells what a value was. An allow list: applied to PHI, what is not
/// here counts as a condition on it. Each was judged with PHI in each of its arguments [ran: substring('x' from ssn) is a regular expression,
/// split_part('a', 'b', strpos(ssn, '9')) fails for 0, json_build_object(nullif(ssn, '9'), 1) for NULL].
/// </summary>
internal static class TotalFunctions
{
    private const int PadMax = 10_000;
    private const uint Date = 1082;
    private const uint Time = 1083;
    private const uint TimeTz = 1266;
    private const uint Timestamp = 1114;
    private const uint TimestampTz = 1184;

    private static readonly FrozenSet<string> StrictAlways = new[]
    {
        "lower", "upper", "initcap", "char_length", "character_length", "octet_length", "bit_length", "btrim", "ltrim", "rtrim",
        "reverse", "md5", "to_json", "to_jsonb", "row_to_json", "array_to_json", "quote_literal", "quote_ident", "ascii", "isfinite",
        "strpos", "position", "starts_with", "age", "cardinality",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Always = new[]
    {
        "concat", "concat_ws", "quote_nullable", "count", "json_agg", "jsonb_agg", "string_agg", "bool_and", "bool_or", "every",
        "first_value", "last_value", "lag", "lead", "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "mode", "json_build_array",
        "jsonb_build_array", "any_value", "json_typeof", "jsonb_typeof", "num_nulls", "num_nonnulls", "jsonb_strip_nulls", "json_strip_nulls",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Of the first argument; the others are the client's.</summary>
    private static readonly FrozenSet<string> OfFirst = new[]
    {
        "left", "right", "substr", "substring", "lpad", "rpad", "split_part", "translate", "replace", "to_char", "overlay", "array_to_string",
        "array_length",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Of the second; the first is the client's.</summary>
    private static readonly FrozenSet<string> OfSecond = new[] { "date_part", "extract", "date_trunc", "timezone" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> OfAny = new[]
    {
        "json_extract_path", "json_extract_path_text", "jsonb_extract_path", "jsonb_extract_path_text",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Units that dates, times of dates and intervals all have.</summary>
    private static readonly FrozenSet<string> Units =
        new[] { "year", "month", "day", "quarter", "decade", "century", "millennium", "epoch" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> UnitsOfTheCalendar =
        new[] { "week", "dow", "isodow", "doy", "isoyear" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static Totality Of(string function, ImmutableArray<Expression> expressions, List<Flow> arguments)
    {
        if (function is "min" or "max")
            return arguments.Exists(static argument => argument.HoldsRow) ? default : new(true, false, true);
        // The bounds of a range: NULL where it has none. length(bytes, encoding) fails for other encodings.
        if (StrictAlways.Contains(function))
            return new(true, false, IsStrict: function is not ("lower" or "upper") || !arguments.Exists(MayBeRange));
        if (function == "length")
            return arguments.Count == 1 ? new(true, false, true) : default;
        if (Always.Contains(function))
            return new(true, false, false);
        if (function == "array_agg")
            return Arrays.MayBeAny(expressions, arguments) ? default : new(true, false, false);
        if (OfAny.Contains(function))
            return new(true, false, false);
        if (expressions.Length != arguments.Count)
            return default;
        if (function is "json_build_object" or "jsonb_build_object")
            return HasKeys(expressions) ? new(true, false, false) : default;
        if (function is "nth_value" or "ntile")
            return IsPositive(expressions[^1]) ? new(true, false, false) : default;
        if (!OfFirst.Contains(function) && !OfSecond.Contains(function))
            return default;
        return IsOfOne(arguments, OfSecond.Contains(function) ? 1 : 0) && !Grows(function, expressions)
            ? new(true, MayFail: !IsHarmless(function, expressions, arguments), IsStrict(function, expressions))
            : default;
    }

    private static bool IsOfOne(List<Flow> arguments, int place)
    {
        for (var i = 0; i < arguments.Count; i++)
            if (i != place && !arguments[i].IsClientValue)
                return false;
        return arguments.Count > place;
    }

    private static bool IsStrict(string function, ImmutableArray<Expression> expressions) => function switch
    {
        "array_length" or "array_to_string" => false,
        // Of a pattern it is NULL where nothing matches.
        "substring" => expressions.Length > 1 && expressions.Skip(1).All(static number => NumberOf(number) is not null),
        // NULL for a format without a character.
        "to_char" => expressions is [_, var format] && TextOf(format) is { Length: > 0 },
        _ => true,
    };

    /// <summary>Calls within calls would multiply a value until it is too long, or takes long: only where something is found in it.</summary>
    private static bool Grows(string function, ImmutableArray<Expression> expressions) =>
        function == "replace" && !(expressions is [_, var from, var to] && TextOf(from) is { } found && TextOf(to) is { } written && written.Length <= found.Length);

    /// <summary>Whether the client's own arguments are known not to fail.</summary>
    private static bool IsHarmless(string function, ImmutableArray<Expression> expressions, List<Flow> arguments) => function switch
    {
        "left" or "right" or "translate" or "replace" or "array_to_string" or "array_length" => true,
        "substr" or "substring" => expressions.Skip(1).All(static number => NumberOf(number) is not null),
        "lpad" or "rpad" => expressions.Length > 1 && NumberOf(expressions[1]) is <= PadMax,
        "split_part" => expressions.Length == 3 && IsPositive(expressions[2]),
        "date_part" or "extract" or "date_trunc" => TextOf(expressions[0]) is { } unit && HasUnit(unit, arguments[1]),
        "to_char" => IsPointInTime(arguments[0]),
        _ => false,
    };

    private static bool HasUnit(string unit, Flow value) => Units.Contains(unit)
        ? value.Sources.Columns.All(static source => source.Column.Shape.BaseTypeOid is not (Time or TimeTz))
        : UnitsOfTheCalendar.Contains(unit) && IsPointInTime(value);

    private static bool IsPointInTime(Flow value) =>
        value.Derivation is Derivation.Copy && value.Sources.Columns.All(static source => source.Column.Shape.BaseTypeOid is Date or Timestamp or TimestampTz);

    /// <summary>Of the server's own types by number; anybody's own type may be one.</summary>
    private static bool MayBeRange(Flow value)
    {
        foreach (var source in value.Sources.Columns)
            if (source.IsPhi && source.Column.Shape.BaseTypeOid is 3904 or 3906 or 3908 or 3910 or 3912 or 3926 or (>= 4451 and <= 4536) or >= 16_384)
                return true;
        return false;
    }

    private static bool HasKeys(ImmutableArray<Expression> expressions)
    {
        for (var i = 0; i < expressions.Length; i += 2)
            if (TextOf(expressions[i]) is null)
                return false;
        return expressions.Length % 2 == 0;
    }

    private static string? TextOf(Expression expression) => ExpressionAnalyser.Bare(expression) is Literal { Value: { } value } ? value : null;

    private static int? NumberOf(Expression expression) =>
        expression is Literal { Kind: LiteralKind.Number, Value: { } digits } && int.TryParse(digits, out var number) && number >= 0 ? number : null;

    private static bool IsPositive(Expression expression) => NumberOf(expression) is > 0;
}
