using Proxy.Core.Catalogue;
using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Lineage.MySql;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>What decides whether a row is there, and in which of the forms that policy names.</summary>
internal sealed class ConditionAnalyser(LineageRun run)
{
    /// <summary>WHERE, ON, HAVING and their like.</summary>
    /// <param name="condition">What is asked; null for nothing.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="isCertain">Whether it holds for every row that is left.</param>
    public void Decide(Expression? condition, Place place, bool isCertain = false)
    {
        run.Step();
        switch (condition)
        {
            case null or Literal:
                break;
            case BooleanCombination combination:
                foreach (var operand in combination.Operands)
                    Decide(operand, place, isCertain && combination.Operator is BooleanOperator.And);
                break;
            case NullTest test:
                DecideByNull(test, place, isCertain);
                break;
            case OperatorCall call when OperatorAnalyser.IsEquality(call):
                DecideByEquality(call, place, isCertain);
                break;
            case SubqueryExpression { Form: SubqueryForm.Any or SubqueryForm.All, Test: { } tested, Operator: { Schema: null or "pg_catalog", Name: "=" or "<>" } } subquery:
                DecideByMembership(subquery, tested, place, isCertain);
                break;
            default:
                Other(run.Expressions.Value(condition, place), condition.Position);
                break;
        }
    }

    /// <summary>Two values are compared for equality by a form of its own: USING, INTERSECT, ON CONFLICT.</summary>
    public void Equal(Flow left, Flow right, int position, bool isListed = false)
    {
        // Compare says itself what it is for the order of rows.
        if (!isListed)
        {
            run.Collector.Scans.Decides(left);
            run.Collector.Scans.Decides(right);
        }
        if (!left.IsPhi && !right.IsPhi)
            return;
        var both = left.Or(right);
        var isLookup = IsLookup(left, right) && (!run.IsMySql || !left.IsWholePhi || !right.IsWholePhi || MySqlComparisons.AreAlike(left, right));
        run.Collector.Condition(isLookup ? ConditionForm.Equality : ConditionForm.Other, both, position);
        // Compare lists what it finds; every other comparison comes from here alone.
        run.Collector.ComparesUnlisted |= isListed is false && (left.IsClientValue || right.IsClientValue);
    }

    /// <summary>Rows with equal values become one, or a group.</summary>
    public void Group(Flow flow, int position)
    {
        run.Collector.Scans.Decides(flow);
        if (flow.IsPhi)
            run.Collector.Condition(flow.IsIdentifier ? ConditionForm.Grouping : ConditionForm.Other, flow, position);
    }

    /// <summary>
    /// A window's rows come out of it in its order, whatever is computed over them: the select list then says by rows what its masked values do not.
    /// </summary>
    public void Windowed(Window window, Place place)
    {
        foreach (var expression in window.PartitionBy)
            Group(run.Expressions.Value(expression, place), expression.Position);
        foreach (var expression in window.OrderBy)
        {
            var flow = run.Expressions.Value(expression, place);
            run.Collector.Condition(flow.IsIdentifier ? ConditionForm.Ordering : ConditionForm.Other, flow, expression.Position);
        }
        foreach (var expression in window.FrameOffsets)
            run.Expressions.Value(expression, place);
    }

    public void Other(Flow flow, int position) => run.Collector.Condition(ConditionForm.Other, flow, position);

    private void DecideByNull(NullTest test, Place place, bool isCertain)
    {
        var flow = run.Expressions.Value(test.Argument, place);
        if (isCertain && !test.IsNegated)
            run.Collector.Scans.IsNull(flow);
        else
            run.Collector.Scans.Decides(flow);
        run.Collector.Condition(
            flow.TellsByNull || flow.Derivation is Derivation.Opaque ? ConditionForm.Other : ConditionForm.NullTest, flow, test.Position);
    }

    private void DecideByEquality(OperatorCall call, Place place, bool isCertain)
    {
        if (call.Left is null)
        {
            Other(run.Operators.Value(call, place), call.Position);
            return;
        }
        if (call is { Left: Construction { Kind: ConstructionKind.Row } left, Right: [Construction { Kind: ConstructionKind.Row } right] }
            && left.Arguments.Length == right.Arguments.Length && call.Form is OperatorForm.Plain or OperatorForm.DistinctFrom)
        {
            for (var i = 0; i < left.Arguments.Length; i++)
                Compare(left.Arguments[i], right.Arguments[i], ValueUseKind.Compared, place, call, isCertain);
            return;
        }
        var kind = call.Form is OperatorForm.Any or OperatorForm.All ? ValueUseKind.ComparedEach : ValueUseKind.Compared;
        foreach (var operand in call.Right)
            Compare(call.Left, operand, kind, place, call, isCertain);
    }

    private void DecideByMembership(SubqueryExpression subquery, Expression tested, Place place, bool isCertain)
    {
        var rows = run.Queries.Analyse(subquery.Query, place.Scope, place.Tables);
        if (tested is Construction { Kind: ConstructionKind.Row } row && !rows.IsOpen && row.Arguments.Length == rows.Columns.Length)
        {
            for (var i = 0; i < rows.Columns.Length; i++)
                Equal(run.Expressions.Value(row.Arguments[i], place), rows.Columns[i].Flow, subquery.Position);
            return;
        }
        var flow = run.Expressions.Value(tested, place);
        var found = rows is { IsOpen: false, Columns: [var only] } ? only.Flow : rows.Whole();
        Equal(flow, found, subquery.Position);
        if (isCertain && subquery is { Form: SubqueryForm.Any, Operator.Name: "=" })
            run.Collector.Scans.Equates(flow, found);
    }

    private void Compare(Expression left, Expression right, ValueUseKind kind, Place place, OperatorCall call, bool isCertain)
    {
        var leftFlow = run.Expressions.Value(left, place);
        var rightFlow = run.Expressions.Value(right, place);
        if (run.IsMySql && !IsExact(leftFlow, left, rightFlow, right))
            Other(leftFlow.Or(rightFlow), call.Position);
        else
            Equal(leftFlow, rightFlow, call.Position, isListed: true);
        Restrict(leftFlow, left, rightFlow, right, isCertain ? call : null);
        Use(leftFlow, right, rightFlow, kind);
        Use(rightFlow, left, leftFlow, kind);
    }

    /// <summary>What the comparison says of the order of rows. Without a call it is not certain that it holds.</summary>
    private void Restrict(Flow left, Expression leftValue, Flow right, Expression rightValue, OperatorCall? call)
    {
        var scans = run.Collector.Scans;
        var isOne = call is { Form: OperatorForm.Plain, Operator.Name: "=" };
        if (isOne || call is { Form: OperatorForm.Any or OperatorForm.In, Operator.Name: "=" })
        {
            if (right.IsClientValue && IsPlain(left, rightValue))
            {
                scans.Pins(left, isOne && IsOne(rightValue));
                return;
            }
            if (isOne && left.IsClientValue && IsPlain(right, leftValue))
            {
                scans.Pins(right, IsOne(leftValue));
                return;
            }
        }
        scans.Decides(left);
        scans.Decides(right);
        if (isOne && !run.IsMySql)
            scans.Equates(left, right);
    }

    /// <summary>What VALUES and functions give is the client's, too, and many.</summary>
    private static bool IsOne(Expression value) => ExpressionAnalyser.Bare(value) is Literal or Parameter;

    /// <summary>A column of its own, and in MySQL compared as what it is: a number is equal to many texts.</summary>
    private bool IsPlain(Flow column, Expression value) =>
        column.Derivation is Derivation.Copy && (!run.IsMySql || MySqlComparisons.IsOfOneValue(column, value));

    /// <summary>What is compared by a conversion is no equality of whole values.</summary>
    private bool IsExact(Flow leftFlow, Expression left, Flow rightFlow, Expression right)
    {
        if (leftFlow.IsPhi && rightFlow.IsClientValue)
            return IsExact(leftFlow, right);
        return !rightFlow.IsPhi || !leftFlow.IsClientValue || IsExact(rightFlow, left);
    }

    private bool IsExact(Flow column, Expression value)
    {
        if (run.Arguments.IsDefault && ExpressionAnalyser.Bare(value) is Parameter parameter && MySqlComparisons.IsOfText(column))
            run.Collector.ComparesText(parameter.Number);
        return MySqlComparisons.IsExact(column, value);
    }

    private void Use(Flow column, Expression expression, Flow value, ValueUseKind kind)
    {
        // Within the body of a function $1 is not the statement's.
        if (!value.IsClientValue || !column.IsWholePhi)
            return;
        if (!run.Arguments.IsDefault)
        {
            run.Collector.ComparesUnlisted = true;
            return;
        }
        if (ExpressionAnalyser.Bare(expression) is Construction { Kind: ConstructionKind.Array or ConstructionKind.Row } list)
        {
            foreach (var element in list.Arguments)
                Use(ExpressionAnalyser.Bare(element), column, ValueUseKind.Compared);
            return;
        }
        Use(ExpressionAnalyser.Bare(expression), column, kind);
    }

    private void Use(Expression value, Flow column, ValueUseKind kind)
    {
        run.Collector.ComparesUnlisted |= value is not (Literal or Parameter);
        run.Collector.Use(value, column, kind);
    }

    /// <summary>
    /// A whole PHI value against what the client knows, or against the same identifier elsewhere. Against anything computed, or a public column,
    /// a comparison can try out values that nobody has to know.
    /// </summary>
    internal static bool IsLookup(Flow left, Flow right)
    {
        if (left.TellsByNull || right.TellsByNull)
            return false;
        // What the server has computed from PHI, like a column's average width, is no value that a client may know.
        if (left.Sources.Columns.Concat(right.Sources.Columns).Any(static source => source is { IsPhi: true, Relation.Schema: "pg_catalog" }))
            return false;
        if (left.IsWholePhi && right.IsClientValue || right.IsWholePhi && left.IsClientValue)
            return true;
        if (!left.IsWholePhi || !right.IsWholePhi)
            return false;
        if (left.Sources.IsWithin(right.Sources) && right.Sources.IsWithin(left.Sources))
            return true;
        return left.Sources.PhiClass() is { } identifier && identifier == right.Sources.PhiClass()
            && identifier is not (IdentifierClass.Unreviewed or IdentifierClass.FreeText)
            && left.Sources.Columns.All(static source => source.IsPhi) && right.Sources.Columns.All(static source => source.IsPhi);
    }
}
