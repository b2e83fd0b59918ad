using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>Which calls give no more of a value than its year, or the first three digits of a ZIP code. Allow list, by name and literal arguments.</summary>
internal static class ValueParts
{
    public static ValuePart Of(string function, ImmutableArray<Expression> expressions, List<Flow> arguments) => (function, expressions) switch
    {
        ("extract" or "date_part" or "date_trunc", [var unit, _]) when Says(unit, "year") && IsWhole(arguments[1], IdentifierClass.Date) => ValuePart.Year,
        ("to_char", [_, var format]) when Says(format, "yyyy") && IsWhole(arguments[0], IdentifierClass.Date) => ValuePart.Year,
        ("left", [_, var count]) when Says(count, "3") && IsWhole(arguments[0], IdentifierClass.ZipCode) => ValuePart.ZipPrefix,
        ("substr" or "substring", [_, var start, var count]) when Says(start, "1") && Says(count, "3") && IsWhole(arguments[0], IdentifierClass.ZipCode) =>
            ValuePart.ZipPrefix,
        _ => ValuePart.None,
    };

    /// <summary>A year is a number of few digits: as one of these types it is the same.</summary>
    public static bool IsKept(ValuePart part, Cast cast) =>
        part is ValuePart.Year && cast is { IsArray: false, Type: { Schema: null or "pg_catalog", Name: "int4" or "int8" or "integer" or "bigint" or "int" or "numeric" or "float8" } };

    private static bool IsWhole(Flow flow, IdentifierClass identifier) =>
        flow is { IsWholePhi: true, TellsByNull: false, IsMixed: false } && flow.Sources.PhiClass() == identifier && flow.Sources.Columns.All(static source => source.IsPhi);

    private static bool Says(Expression expression, string word) =>
        ExpressionAnalyser.Bare(expression) is Literal { IsInteger: false, Value: { } value } && string.Equals(value, word, StringComparison.OrdinalIgnoreCase);
}
