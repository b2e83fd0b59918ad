using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>DELETE of rows of several tables, or of one by a join.</summary>
public sealed class DeleteJoinStatement : Statement
{
    public WithClause? With { get; init; }

    /// <summary>Tables or aliases among the sources.</summary>
    public required ImmutableArray<TableSource> Targets { get; init; }
    public required ImmutableArray<Source> Sources { get; init; }
    public Expression? Where { get; init; }
}
