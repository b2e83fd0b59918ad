using Proxy.Core.Policy;

namespace Proxy.Core.Catalogue;

/// <summary>Says of some columns which identifier they hold. A null part asks nothing.</summary>
public sealed record ColumnMatcher
{
    public TextPattern? Schema { get; init; }
    public TextPattern? Relation { get; init; }
    public TextPattern? Column { get; init; }

    /// <summary>The type as format_type prints it without modifier: bigint, timestamp with time zone, text[].</summary>
    public TextPattern? Type { get; init; }
    public required IdentifierClass Class { get; init; }

    /// <summary>Where it was written, <c>classification.yaml:12:7</c>, so that an answer to "why is this masked?" can name the line.</summary>
    public required string Origin { get; init; }

    /// <summary>Whether it names one column exactly: then that column must exist.</summary>
    public bool IsExact => Schema is { IsExact: true } && Relation is { IsExact: true } && Column is { IsExact: true } && Type is null;

    public bool IsMatch(string schema, string relation, string column, string type) =>
        (Schema is null || Schema.IsMatch(schema))
        && (Relation is null || Relation.IsMatch(relation))
        && (Column is null || Column.IsMatch(column))
        && (Type is null || Type.IsMatch(type));
}
