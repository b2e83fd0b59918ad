using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>A literal or parameter that is compared with a column, or stored into one.</summary>
public readonly record struct ValueUse
{
    /// <summary>Null for a parameter.</summary>
    public Literal? Literal { get; init; }

    /// <summary>Counted from 1; 0 for a literal.</summary>
    public int Parameter { get; init; }

    /// <summary>Where in the text it stands: the same one can be used with several columns.</summary>
    public int Position { get; init; }

    public required ColumnSource Column { get; init; }
    public required ValueUseKind Kind { get; init; }

    public override string ToString() => $"{(Parameter > 0 ? $"${Parameter}" : "literal")} {Kind} {Column}";
}
