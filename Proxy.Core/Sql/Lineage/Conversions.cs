using System.Collections.Frozen;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>Which conversions never fail, whatever the value: an error would tell what the value was.</summary>
internal static class Conversions
{
    private const uint Date = 1082;
    private const uint Timestamp = 1114;
    private const uint TimestampTz = 1184;

    public static bool IsTotal(Cast cast, Flow argument)
    {
        if (cast.IsArray || cast.Type.Schema is not (null or "pg_catalog"))
            return false;
        return cast.Type.Name switch
        {
            "text" or "varchar" or "bpchar" or "name" => true,
            "date" or "timestamp" or "timestamptz" => IsColumnOfTime(argument),
            _ => false,
        };
    }

    private static readonly FrozenSet<string> BuiltIn = new[]
    {
        "text", "varchar", "bpchar", "name", "bool", "int2", "int4", "int8", "numeric", "float4", "float8", "date", "time", "timetz", "timestamp",
        "timestamptz", "interval", "uuid", "json", "jsonb", "bytea", "inet", "cidr", "money",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a literal of the type is converted when the statement is read. A domain's checks wait until it runs.</summary>
    public static bool IsBuiltIn(QualifiedName type) => type.Schema is null or "pg_catalog" && BuiltIn.Contains(type.Name);

    /// <summary>Whether a literal may be a time without end, from which nothing can be subtracted.</summary>
    public static bool MayBeInfinite(Expression expression) => ExpressionAnalyser.Bare(expression) switch
    {
        Parameter => true,
        Literal { IsInteger: false, Value: { } value } => value.Contains("inf", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>Whether it is a column's whole value, and a point in time.</summary>
    public static bool IsColumnOfTime(Flow flow) => flow is { Derivation: Derivation.Copy, Sources.IsEmpty: false }
        && flow.Sources.Columns.All(static source => source.Column.TypeOid is Date or Timestamp or TimestampTz);

    /// <summary>Whether a conversion makes a point in time: then a difference from it cannot overflow.</summary>
    public static bool IsPointInTime(Expression expression) =>
        expression is Cast { IsArray: false, Type: { Schema: null or "pg_catalog", Name: "date" or "timestamp" or "timestamptz" } }
            or Construction { Kind: ConstructionKind.SessionValue };
}
