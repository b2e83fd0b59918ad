using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>
/// A dotted name: <c>a</c>, <c>t.a</c>, <c>s.t.a</c>, <c>*</c>, <c>t.*</c>. It may also be a whole row (the name of a relation), a field of a
/// composite column, or a function in attribute notation: names decide.
/// </summary>
public sealed class ColumnReference : Expression
{
    /// <summary>The parts without the star; empty for a bare star.</summary>
    public ImmutableArray<string> Parts { get; init; } = [];

    public bool IsStar { get; init; }
}
