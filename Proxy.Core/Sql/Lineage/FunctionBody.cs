using System.Collections.Immutable;

namespace Proxy.Core.Sql.Lineage;

/// <summary>A function of a user whose body is SQL.</summary>
/// <param name="Function">Its name.</param>
/// <param name="ArgumentNames">Of what callers give, in order; empty for those without a name.</param>
/// <param name="ColumnNames">Names of the columns that it returns; empty when it returns one value, or what its last statement says.</param>
/// <param name="Statements">The statements of the body, each with its syntax; the last one's rows are the result.</param>
/// <param name="ReturnsNothing">Whether it returns void.</param>
public sealed record FunctionBody(
    QualifiedName Function, ImmutableArray<string> ArgumentNames, ImmutableArray<string> ColumnNames, ImmutableArray<StatementReading> Statements, bool ReturnsNothing);
