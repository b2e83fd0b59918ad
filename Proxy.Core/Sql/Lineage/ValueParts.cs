using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>Which calls give no more of a value than its year, or the first three digits of a ZIP code. Allow list, by name and literal arguments.</summary>
internal static class ValueParts
{
    public static ValuePart Of(string function, ImmutableArray<Expression> expressions, List<Flow> arguments) => (function, expressions) switch
    {
        ("extract" or "date_part" or "date_trunc", [var unit, _]) when IsWhole(arguments[1], IdentifierClass.Date) && Says(unit, "year") => ValuePart.Year,
        ("to_char", [_, var format]) when IsWhole(arguments[0], IdentifierClass.Date) && Says(format, "yyyy") => ValuePart.Year,
        ("left", [_, var count]) when IsWhole(arguments[0], IdentifierClass.ZipCode) && Says(count, "3") => ValuePart.ZipPrefix,
        ("substr" or "substring", [_, var start, var count]) when IsWhole(arguments[0], IdentifierClass.ZipCode) && Says(start, "1") && Says(count, "3") =>
            ValuePart.ZipPrefix,
        _ => ValuePart.None,
    };

    /// <summary>A year is a number of few digits: as one of these types it is the same.</summary>
    public static bool IsKept(ValuePart part, Cast cast) =>
        part is ValuePart.Year && cast is { IsArray: false, Type: { Schema: null or "pg_catalog", Name: "int4" or "int8" or "integer" or "bigint" or "int" or "numeric" or "float8" } };

    private static bool IsWhole(Flow flow, IdentifierClass identifier) =>
        flow is { IsWholePhi: true, TellsByNull: false, IsMixed: false } && flow.Sources.PhiClass() == identifier && flow.Sources.Columns.All(static source => source.IsPhi);

    /// <summary>Asked last: what a literal says is needed only where it matters (<see cref="Literal.Value"/>).</summary>
    private static bool Says(Expression expression, string word) =>
        ExpressionAnalyser.Bare(expression) is Literal { Value: { } value } && string.Equals(value, word, StringComparison.OrdinalIgnoreCase);
}
