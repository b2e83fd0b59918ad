using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Lineage.MySql;
using Proxy.Core.Sql.Lineage.RowOrder;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage;

/// <summary>What flows into the result of a call.</summary>
internal sealed class CallAnalyser(LineageRun run)
{
    /// <summary>Bodies within bodies beyond this are not followed.</summary>
    private const int BodiesMax = 8;

    public Flow Value(Call call, Place place)
    {
        if (AggregateCalls.Is(call))
            run.Collector.Aggregate(call);
        var arguments = run.Expressions.ValuesOf(call.Arguments, place);
        var value = Computed(call, arguments);
        // What is counted, added or concatenated, and in which order, shows in the value.
        var sorted = run.Expressions.ValuesOf(call.OrderBy, place);
        foreach (var order in sorted)
            value = value.With(order);
        if (RowOrderAnalyser.IsInOrder(call) || (run.Collector.Scans.IsConcerned && call.Over is null && run.EqualValues.IsInOrder(call, value, place)))
            run.Collector.Scans.Chooses(ScanNotes.ColumnsOf(sorted));
        if (RowOrderAnalyser.Numbers(call))
            run.Collector.Scans.Chooses([]);
        if (call.Filter is { } filter)
            value = Chosen(value, run.Expressions.Value(filter, place), call.Position);
        if (call.Over is { } over)
            value = OverWindow(call, value, over, place);
        return value;
    }

    /// <summary>name(value), called as value.name.</summary>
    public Flow OfValue(QualifiedName function, Flow value, int position) => Of(function, [value], value, position);

    /// <summary>The rows of a call in FROM. Where its columns are not known, each is made of everything that goes in.</summary>
    public RowShape Rows(Expression expression, Place place)
    {
        if (expression is not Call call)
            return new RowShape([], run.Expressions.Value(expression, place).Computed());
        var arguments = run.Expressions.ValuesOf(call.Arguments, place);
        if (Analysed(call.Function, arguments, call) is { } rows)
            return rows;
        var value = Of(call.Function, arguments, ExpressionAnalyser.All(arguments), call.Position, call);
        // How many rows there are depends on the arguments.
        run.Collector.Condition(ConditionForm.Other, value, call.Position);
        return SetFunctions.Columns(call, value) ?? new RowShape([], value);
    }

    private Flow Computed(Call call, List<Flow> arguments)
    {
        if (call.IsStar)
            return Of(call.Function, arguments, Flow.Constant, call.Position);
        if (call.Function is { Schema: null or "pg_catalog", Name: "count" } && arguments is [var counted] && run.Catalogue.ReviewOf(call.Function) is FunctionReview.Clean)
            return Count(counted, call.IsDistinct);
        return Of(call.Function, arguments, ExpressionAnalyser.All(arguments), call.Position, call);
    }

    /// <summary>The number of values that are not NULL, or of different ones.</summary>
    private static Flow Count(Flow counted, bool isDistinct)
    {
        if (!counted.IsPhi)
            return counted.Computed();
        // Beside copies in a table of its own a session can put what it guesses: then the number says which guesses were right.
        if (isDistinct && counted.Sources.Columns.Any(static source => source.Relation.Schema is SessionRelation.TemporarySchema))
            return counted.Computed();
        if (counted.TellsByNull || counted.Derivation is Derivation.Opaque || (isDistinct && (counted.IsMixed || counted.Derivation is not Derivation.Copy)))
            return counted.Computed();
        return new Flow { Derivation = Derivation.Constant, Counted = counted.Counted.Union(counted.Sources), MayFail = counted.MayFail };
    }

    private Flow Of(QualifiedName function, List<Flow> arguments, Flow all, int position, Call? call = null)
    {
        if (run.IsMySql && MySqlVariables.Is(function))
            return MySqlVariables.Value(function, arguments, run.Collector);
        // VALUES(column) is what was to be inserted there, which is written like any other value of the column.
        if (run.IsMySql && function is { Schema: null, Name: "values" } && arguments is [var inserted])
            return inserted;
        if (Analysed(function, arguments, call) is { } rows)
            return rows is { IsOpen: false, Columns: [var only] } ? only.Flow with { MayFail = true, MayBeAnother = true } : rows.Whole() with { MayFail = true, MayBeAnother = true };
        switch (run.Catalogue.ReviewOf(function))
        {
            case FunctionReview.Clean or FunctionReview.Prints:
                return OfReviewed(function, call?.Arguments ?? [], arguments, all, position);
            case FunctionReview.Shown:
                return Flow.Constant with { MayFail = true };
            case FunctionReview.Signals:
                run.Collector.Export(all, $"{function} makes its arguments visible to others");
                return all.Computed() with { MayFail = true, TellsByNull = true };
            case FunctionReview.Setting when run.IsMySql:
                return call?.Arguments is [Literal { Value: { } setting }] && Policy.MySqlSettingRules.IsShown(setting) ? Flow.Constant : Flow.Opaque;
            case FunctionReview.Setting:
                return OfSetting(function, arguments, all, call);
            case FunctionReview.Masked:
                return Flow.Opaque;
            case FunctionReview.None:
            default:
                run.Collector.Opaque($"function {function} is not reviewed");
                return Flow.Opaque;
        }
    }

    private Flow OfReviewed(QualifiedName function, ImmutableArray<Expression> expressions, List<Flow> arguments, Flow all, int position)
    {
        var totality = run.IsMySql
            ? MySqlTotalFunctions.Of(function.Name, expressions, arguments, run.WarningsFail)
            : TotalFunctions.Of(function.Name, expressions, arguments);
        var value = all.Computed() with { TellsByNull = all.TellsByNull || !totality.IsStrict, Row = null, MayFail = all.MayFail || totality.MayFail };
        if (totality.IsTotal && !value.TellsByNull)
            value = value with { Part = ValueParts.Of(function.Name, expressions, arguments) };
        // NULL does not fail. Where it tells something, so does a failure that the other arguments make certain.
        return totality.IsTotal && !(totality.MayFail && all.TellsByNull) ? value : run.Operators.Failing(value, position);
    }

    private Flow OfSetting(QualifiedName function, List<Flow> arguments, Flow all, Call? call)
    {
        if (function.Name == "set_config")
            run.Collector.Export(all, "a setting would hold PHI");
        // A setting that the server defines holds nothing of anybody.
        return call?.Arguments is [Literal { Value: { } name }, ..] && Policy.SettingRules.IsShown(name) && !all.IsPhi && arguments.Count > 0
            ? Flow.Constant
            : Flow.Opaque;
    }

    /// <summary>What the bodies of all candidates return, when each of them is SQL that can be followed; null when there is none, or one cannot.</summary>
    private RowShape? Analysed(QualifiedName function, List<Flow> arguments, Call? call = null)
    {
        if (run.FunctionDepth >= BodiesMax)
            return null;
        if (call is { HasNamedArguments: true })
        {
            // Each may be any of the body's.
            var any = ExpressionAnalyser.All(arguments) with { Row = null };
            arguments = [.. arguments.Select(_ => any)];
        }
        return run.Catalogue.BodiesOf(function) is { IsDefaultOrEmpty: false } bodies ? Followed(bodies, arguments) : null;
    }

    private RowShape? Followed(ImmutableArray<FunctionBody> bodies, List<Flow> arguments)
    {
        RowShape? rows = null;
        foreach (var body in bodies)
        {
            var shape = run.Statements.Body(body, arguments);
            rows = rows is null ? shape : rows.Or(shape);
        }
        return rows;
    }

    private Flow Chosen(Flow value, Flow filter, int position)
    {
        if (!filter.IsPhi)
            return value with { Counted = value.Counted.Union(filter.Counted), IsClientValue = false };
        // The arguments are computed only for the rows that the filter takes.
        if (value.MayFail || filter.MayFail)
            run.Collector.Condition(ConditionForm.Other, filter, position);
        return value.With(filter) with { TellsByNull = true };
    }

    private Flow OverWindow(Call call, Flow value, Window over, Place place, bool hasFrame = false)
    {
        run.Conditions.Windowed(over, place);
        hasFrame |= over.HasFrame;
        if (run.Collector.Scans.IsConcerned && over.Base is null && (RowOrderAnalyser.IsInOrder(call, hasFrame) || run.EqualValues.IsInOrder(call, value, place)))
            run.Collector.Scans.Chooses(ScanNotes.ColumnsOf(run.Expressions.ValuesOf(over.OrderBy, place)));
        foreach (var expression in over.PartitionBy.Concat(over.OrderBy).Concat(over.FrameOffsets))
            value = value.With(run.Expressions.Value(expression, place));
        if (over.Base is not { } name)
            return value with { TellsByNull = value.IsPhi };
        if (place.Window(name) is { } window)
            return OverWindow(call, value, window, place, hasFrame);
        run.Collector.Opaque($"window {name} is not defined here");
        return Flow.Opaque;
    }
}
