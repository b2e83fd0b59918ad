using System.Collections.Immutable;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>What one column of a row becomes.</summary>
/// <param name="Flow">What flows into it.</param>
/// <param name="IsNull">Whether it is NULL by the statement's own words.</param>
/// <param name="IsSingle">Whether the statement says it once for each row that it spells out, so that it tries out no more values than it has words.</param>
/// <param name="Said">Where it is the client's, as literals and parameters.</param>
internal readonly record struct WrittenValue(Flow Flow, bool IsNull, bool IsSingle, ImmutableArray<Expression> Said)
{
    /// <param name="flow">What flows into it.</param>
    /// <param name="cells">The expressions, one a row; empty where rows are not spelled out.</param>
    public static WrittenValue Of(Flow flow, ImmutableArray<Expression> cells)
    {
        var said = cells.IsEmpty ? cells : [.. cells.Select(ExpressionAnalyser.Bare)];
        return new WrittenValue(
            flow,
            !said.IsEmpty && said.All(static cell => cell is Literal { IsNull: true }),
            flow.Derivation is Derivation.Constant && !said.IsEmpty && said.All(static cell => cell is Literal or Parameter or DefaultValue or Call { Arguments.IsEmpty: true }),
            said);
    }

    /// <summary>Whether the value stays what it is: SET ssn = ssn.</summary>
    public bool Keeps(ColumnSource column) =>
        Flow is { Derivation: Derivation.Copy, TellsByNull: false, IsMixed: false, Sources.Columns: [var only] } && only.Equals(column);
}
