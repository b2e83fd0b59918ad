using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Lineage.MySql;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>What flows into the result of an operator, and what its failures would tell.</summary>
internal sealed class OperatorAnalyser(LineageRun run)
{
    public Flow Value(OperatorCall call, Place place)
    {
        var left = call.Left is null ? null : run.Expressions.Value(call.Left, place);
        var flows = run.Expressions.ValuesOf(call.Right, place);
        var all = ExpressionAnalyser.All(left is null ? flows : [left, .. flows]);
        if (all.IsPhi && TellsByNull(call))
            all = all with { TellsByNull = true };
        // IN becomes OR, BETWEEN and a comparison of rows AND: what stands behind may not be computed any more.
        if (all is { IsPhi: true, MayFail: true } && IsLazy(call))
            run.Collector.Condition(ConditionForm.Other, all, call.Position);
        return (run.IsMySql ? MySqlOperators.IsTotal(call, run.WarningsFail) : IsTotal(call, left, flows)) ? all : Failing(all with { TellsByNull = true }, call.Position);
    }

    /// <summary>A computation that fails for some values: with PHI in it, whether it fails is a condition.</summary>
    public Flow Failing(Flow flow, int position)
    {
        run.Collector.Condition(ConditionForm.Other, flow, position);
        return flow.MayFail ? flow : flow with { MayFail = true };
    }

    /// <summary>Comparison by value: equal or not.</summary>
    public static bool IsEquality(OperatorCall call) => call.Form switch
    {
        OperatorForm.In or OperatorForm.DistinctFrom => true,
        OperatorForm.Plain or OperatorForm.Any or OperatorForm.All => call.Operator is { Schema: null or "pg_catalog", Name: "=" or "<>" or "!=" },
        _ => false,
    };

    private static bool IsTotal(OperatorCall call, Flow? left, List<Flow> right)
    {
        if (call.Operator.Schema is not (null or "pg_catalog"))
            return false;
        switch (call.Form)
        {
            case OperatorForm.In or OperatorForm.DistinctFrom or OperatorForm.NullIf or OperatorForm.Between or OperatorForm.BetweenSymmetric:
                return !ComparesRows(call, left, right);
            case OperatorForm.Plain or OperatorForm.Any or OperatorForm.All:
                break;
            default:
                // A pattern that ends in its escape fails only where the text before it matches.
                return false;
        }
        return call.Operator.Name switch
        {
            "=" or "<>" or "!=" or "<" or ">" or "<=" or ">=" => !ComparesRows(call, left, right),
            "||" => !Arrays.MayBe(call.Left, left ?? Flow.Constant) && !Arrays.MayBeAny(call.Right, right),
            "@>" or "<@" or "&&" => !ComparesRows(call, left, right),
            "->" or "->>" or "#>" or "#>>" or "?" or "?|" or "?&" => true,
            "-" => IsDifferenceOfTimes(call, left, right),
            "/" => IsDivisionOfDays(call, left, right),
            _ => false,
        };
    }

    private static bool IsLazy(OperatorCall call) =>
        call.Form is OperatorForm.In or OperatorForm.Between or OperatorForm.BetweenSymmetric || call.Left is Construction { Kind: ConstructionKind.Row };

    /// <summary>Whether NULL says more than that an operand is NULL.</summary>
    private static bool TellsByNull(OperatorCall call) => call.Form switch
    {
        OperatorForm.NullIf => true,
        // Neither equal nor different from NULL: ssn IN ('…', NULL) is true or NULL.
        OperatorForm.In or OperatorForm.Between or OperatorForm.BetweenSymmetric =>
            call.Right.Any(static operand => ExpressionAnalyser.Bare(operand) is not Literal { IsNull: false }),
        OperatorForm.Any or OperatorForm.All => true,
        // NULL where there is no such key or element, and the key may be what PHI says.
        OperatorForm.Plain => call.Operator.Name is "->" or "->>" or "#>" or "#>>",
        _ => false,
    };

    /// <summary>Rows that are written out are compared field by field, with types that the server checks before it runs anything.</summary>
    private static bool ComparesRows(OperatorCall call, Flow? left, List<Flow> right)
    {
        if (left is not { HoldsRow: true } && !right.Exists(static flow => flow.HoldsRow))
            return false;
        return !IsWrittenRow(call.Left, left) || !call.Right.Select((operand, i) => IsWrittenRow(operand, right[i])).All(static isWritten => isWritten);
    }

    private static bool IsWrittenRow(Expression? expression, Flow? flow) =>
        expression is Construction { Kind: ConstructionKind.Row } && flow is { Row: { IsOpen: false } row }
        && row.Columns.All(static column => !column.Flow.HoldsRow);

    // CURRENT_DATE - dob, discharged - admitted. A difference of numbers, or of a date and a number, can overflow, and where depends on the value.
    private static bool IsDifferenceOfTimes(OperatorCall call, Flow? left, List<Flow> right) =>
        call.Left is not null && left is not null && call.Right is [var subtrahend]
        && !Conversions.MayBeInfinite(call.Left) && !Conversions.MayBeInfinite(subtrahend)
        && IsPointInTime(call.Left, left) && IsPointInTime(subtrahend, right[0]);

    private static bool IsPointInTime(Expression expression, Flow flow) => Conversions.IsPointInTime(expression) || Conversions.IsColumnOfTime(flow);

    // (CURRENT_DATE - dob) / 365: neither too large nor by zero.
    private static bool IsDivisionOfDays(OperatorCall call, Flow? left, List<Flow> right) =>
        call.Left is OperatorCall { Operator.Name: "-" } && left is { MayFail: false } && right is [{ IsClientValue: true }]
        && call.Right[0] is Literal { Kind: LiteralKind.Number, Value: { Length: > 0 } value } && value.AsSpan().ContainsAnyInRange('1', '9');
}
