using System.Collections.Immutable;
using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>What flows into the value of an expression.</summary>
internal sealed class ExpressionAnalyser(LineageRun run)
{
    public Flow Value(Expression? expression, Place place)
    {
        run.Step();
        return expression switch
        {
            null => Flow.Constant,
            Literal => Flow.ClientValue,
            Parameter parameter => ValueOf(parameter),
            ColumnReference reference => run.Names.Value(reference, place),
            Call call => run.Calls.Value(call, place),
            OperatorCall call => run.Operators.Value(call, place),
            BooleanCombination combination => Combined(ValuesOf(combination.Operands, place), combination.Position),
            NullTest test => IsNull(Value(test.Argument, place)),
            Cast cast => ValueOf(cast, place),
            Conditional conditional => ValueOf(conditional, place),
            Construction construction => ValueOf(construction, place),
            FieldSelection selection => FieldOf(Value(selection.Argument, place), selection.Field, selection.Position),
            Subscript subscript => ValueOf(subscript, place),
            SubqueryExpression subquery => ValueOf(subquery, place),
            DefaultValue or CursorPosition => Flow.Constant,
            OpaqueExpression opaque => ValueOf(opaque),
            _ => Unknown(expression),
        };
    }

    public List<Flow> ValuesOf(ImmutableArray<Expression> expressions, Place place)
    {
        var flows = new List<Flow>(expressions.Length);
        foreach (var expression in expressions)
            flows.Add(Value(expression, place));
        return flows;
    }

    public static Flow All(List<Flow> flows)
    {
        if (flows.Count == 0)
            return Flow.Constant;
        var all = flows[0].Computed();
        for (var i = 1; i < flows.Count; i++)
            all = all.With(flows[i]);
        return all;
    }

    /// <summary>The value without conversions that the client wrote around it: what it comes from, if that is a literal or a parameter.</summary>
    public static Expression Bare(Expression expression)
    {
        while (true)
        {
            switch (expression)
            {
                case Cast cast:
                    expression = cast.Argument;
                    break;
                case Construction { Kind: ConstructionKind.Collate, Arguments: [var argument] }:
                    expression = argument;
                    break;
                default:
                    return expression;
            }
        }
    }

    private static Flow IsNull(Flow flow)
    {
        if (!flow.IsPhi || flow.TellsByNull || flow.Derivation is Derivation.Opaque)
            return flow.Computed() with { TellsByNull = false };
        return new Flow { Derivation = Derivation.Constant, Counted = flow.Counted.Union(flow.Sources), MayFail = flow.MayFail };
    }

    private Flow ValueOf(Parameter parameter)
    {
        if (run.Arguments.IsDefault)
            return Flow.ClientValue;
        return parameter.Number >= 1 && parameter.Number <= run.Arguments.Length ? run.Arguments[parameter.Number - 1] : Flow.Opaque;
    }

    private Flow ValueOf(Cast cast, Place place)
    {
        var flow = Value(cast.Argument, place);
        if (flow.IsClientValue)
            // The server converts a literal when it reads the statement; anything else it converts when it runs it.
            // That of a domain's constraints it does later, too.
            return cast.Argument is Literal && Conversions.IsBuiltIn(cast.Type) ? flow : flow with { MayFail = true };
        if (ValueParts.IsKept(flow.Part, cast))
            return flow;
        if (run.IsMySql ? !run.WarningsFail || cast.Type.Name is "char" or "nchar" or "binary" : Conversions.IsTotal(cast, flow))
            return flow.Computed() with { HoldsRow = false };
        return run.Operators.Failing(flow.Computed(), cast.Position);
    }

    private Flow ValueOf(Conditional conditional, Place place)
    {
        var conditions = new List<Flow>(conditional.Arms.Length + 1);
        var results = new List<Flow>(conditional.Arms.Length + 1);
        if (conditional.Operand is { } operand)
            conditions.Add(Value(operand, place));
        foreach (var arm in conditional.Arms)
        {
            conditions.Add(Value(arm.When, place));
            results.Add(Value(arm.Then, place));
        }
        if (conditional.Else is { } otherwise)
            results.Add(Value(otherwise, place));
        var condition = EvaluatedLazily(conditions, conditional.Position);
        var result = All(results);
        if (condition.IsPhi && result.MayFail)
            run.Collector.Condition(ConditionForm.Other, condition, conditional.Position);
        var value = condition.With(result);
        return condition.IsPhi ? value with { TellsByNull = true } : value;
    }

    private Flow ValueOf(Construction construction, Place place)
    {
        var flows = ValuesOf(construction.Arguments, place);
        switch (construction.Kind)
        {
            case ConstructionKind.Row:
                return new RowShape([.. flows.Select(static (flow, i) => new NamedFlow($"f{i + 1}", flow))]).Whole()
                    with
                { IsClientValue = flows.TrueForAll(static flow => flow.IsClientValue), MayFail = flows.Exists(static flow => flow.MayFail) };
            case ConstructionKind.Array:
                var array = All(flows) with { IsClientValue = flows.TrueForAll(static flow => flow.IsClientValue) };
                // Arrays within have to be of one size.
                return Arrays.MayBeAny(construction.Arguments, flows) ? run.Operators.Failing(array, construction.Position) : array;
            case ConstructionKind.Collate:
                // A collation decides in MySQL which texts are equal, and there are some that tell few apart. In PostgreSQL people can make such.
                return flows is [var only] ? run.IsMySql && only.IsPhi ? only.Computed() : only.MayBeAnother ? only : only with { MayBeAnother = true } : Flow.Opaque;
            case ConstructionKind.Coalesce:
                return FirstNotNull(flows, construction.Position);
            case ConstructionKind.Greatest or ConstructionKind.Least:
                return flows.Exists(static flow => flow.HoldsRow) ? run.Operators.Failing(All(flows), construction.Position) : All(flows);
            case ConstructionKind.TruthTest:
                return All(flows) with { TellsByNull = false };
            case ConstructionKind.SessionValue or ConstructionKind.Grouping:
                return Flow.Constant;
            case ConstructionKind.Xml or ConstructionKind.Json or ConstructionKind.Other:
            default:
                return run.Operators.Failing(All(flows) with { TellsByNull = true }, construction.Position);
        }
    }

    private Flow ValueOf(Subscript subscript, Place place)
    {
        var flow = Value(subscript.Argument, place).Computed();
        foreach (var index in subscript.Indices)
            flow = flow.With(Value(index, place));
        return flow with { TellsByNull = true };
    }

    private Flow ValueOf(SubqueryExpression subquery, Place place)
    {
        var before = run.Collector.Scans.Mark;
        var shape = run.Queries.Analyse(subquery.Query, place.Scope, place.Tables);
        if (subquery.Form is SubqueryForm.Array)
            run.Collector.Scans.Chooses(run.Collector.Scans.LastOrder);
        // EXISTS and IN can become joins, which go through these rows first; ALL is at its end where one does not fulfil it.
        if (subquery.Form is not (SubqueryForm.Exists or SubqueryForm.Any or SubqueryForm.All))
            run.Collector.Scans.Fold(before);
        switch (subquery.Form)
        {
            case SubqueryForm.Exists:
                return Flow.Constant with { MayFail = true };
            case SubqueryForm.Scalar when !shape.IsOpen && shape.Columns.Length == 1:
                // It fails for more than one row, and takes its time.
                return shape.Columns[0].Flow with { MayFail = true, IsClientValue = false, MayBeAnother = true };
            case SubqueryForm.Row:
                return shape.Whole() with { MayFail = true, MayBeAnother = true };
            case SubqueryForm.Any or SubqueryForm.All:
                var test = Value(subquery.Test, place);
                // Neither equal nor different from NULL.
                var found = test.With(shape.Whole()).Computed() with { MayFail = true, TellsByNull = true };
                return test.HoldsRow && subquery.Test is not Construction ? run.Operators.Failing(found, subquery.Position) : found;
            default:
                return shape.Whole().Computed() with { MayFail = true, TellsByNull = true };
        }
    }

    /// <summary>(value).name is a field of a row where it has one of that name; else the function of that name is called with the value.</summary>
    private Flow FieldOf(Flow flow, string? field, int position)
    {
        if (field is null)
            return flow;
        if (flow.Row is { Rest: null } row)
            foreach (var (name, column) in row.Columns)
                if (string.Equals(name, field, StringComparison.Ordinal))
                    return flow.MayBeAnother ? column with { MayBeAnother = true } : column;
        var value = flow.Computed() with { TellsByNull = true };
        var function = new QualifiedName(null, field);
        return run.Catalogue.IsFunction(function) ? value.With(run.Calls.OfValue(function, flow, position)) : value;
    }

    /// <summary>
    /// Where one operand decides whether another is computed at all, a failure of that other, or the time it takes, tells what the one said.
    /// The planner may compute AND and OR in any order.
    /// </summary>
    private Flow EvaluatedLazily(List<Flow> flows, int position)
    {
        var all = All(flows);
        if (all is { IsPhi: true, MayFail: true } && flows.Count > 1)
            run.Collector.Condition(ConditionForm.Other, all, position);
        return all;
    }

    /// <summary>AND, OR and NOT: NULL AND x is NULL or FALSE, whichever x says.</summary>
    private Flow Combined(List<Flow> flows, int position)
    {
        var all = EvaluatedLazily(flows, position);
        return all.IsPhi && flows.Count > 1 ? all with { TellsByNull = true } : all;
    }

    /// <summary>COALESCE: what stands behind is computed only where all before it is NULL.</summary>
    private Flow FirstNotNull(List<Flow> flows, int position)
    {
        var before = Flow.Constant;
        foreach (var flow in flows)
        {
            if (flow.MayFail && before is { IsPhi: true, TellsByNull: true })
                run.Collector.Condition(ConditionForm.Other, before, position);
            before = before.With(flow);
        }
        return All(flows);
    }

    private Flow ValueOf(OpaqueExpression opaque)
    {
        run.Collector.Opaque($"an expression that is not understood ({opaque.Because})");
        return Flow.Opaque;
    }

    private Flow Unknown(Expression expression)
    {
        run.Collector.Opaque($"an expression that is not understood ({expression.GetType().Name})");
        return Flow.Opaque;
    }
}
