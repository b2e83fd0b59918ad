using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>A function, aggregate or window function, those spelled as syntax included (EXTRACT, OVERLAY), by the name that the server calls.</summary>
public sealed class Call : Expression
{
    public required QualifiedName Function { get; init; }
    public ImmutableArray<Expression> Arguments { get; init; } = [];

    /// <summary>Whether an argument is given by its name: then the order here is not the function's.</summary>
    public bool HasNamedArguments { get; init; }

    /// <summary>count(*).</summary>
    public bool IsStar { get; init; }
    public bool IsDistinct { get; init; }

    /// <summary>ORDER BY inside the call, or WITHIN GROUP.</summary>
    public ImmutableArray<Expression> OrderBy { get; init; } = [];
    public bool IsWithinGroup { get; init; }
    public Expression? Filter { get; init; }

    /// <summary>The window after OVER, written there or by name; null for a plain call.</summary>
    public Window? Over { get; init; }
}
