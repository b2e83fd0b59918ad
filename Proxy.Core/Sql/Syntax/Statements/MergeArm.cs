using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>WHEN [NOT] MATCHED … THEN ….</summary>
public sealed class MergeArm : SyntaxNode
{
    public MergeMatch Match { get; init; }
    public Expression? Condition { get; init; }
    public required MergeAction Action { get; init; }

    /// <summary>For UPDATE.</summary>
    public ImmutableArray<Assignment> Assignments { get; init; } = [];

    /// <summary>For INSERT; empty: the table's columns in order.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>For INSERT: subscripts in the list of columns.</summary>
    public ImmutableArray<Expression> Subscripts { get; init; } = [];

    /// <summary>For INSERT; empty for DEFAULT VALUES.</summary>
    public ImmutableArray<Expression> Values { get; init; } = [];
}
