using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Any expression. What it does not know is opaque.</summary>
internal static class ExpressionBuilder
{
    private static readonly FieldSet OfCast = new(TreeField.Arg, TreeField.TypeName);
    private static readonly FieldSet OfArgument = new(TreeField.Arg);
    private static readonly FieldSet OfArguments = new(TreeField.Args);
    private static readonly FieldSet OfCase = new(TreeField.Arg, TreeField.Args, TreeField.Defresult);
    private static readonly FieldSet OfWhen = new(TreeField.Expr, TreeField.Result);

    public static Expression Build(ref BuildContext context, int index)
    {
        TreeNodeType type = context.TypeOf(index);
        switch (type)
        {
            case TreeNodeType.ColumnRef:
                return ReferenceBuilder.Column(ref context, index);
            case TreeNodeType.AConst:
                return LiteralBuilder.Build(ref context, index);
            case TreeNodeType.ParamRef:
                return new Parameter { Number = context.Number(index, TreeField.Number), Position = context.Position(index) };
            case TreeNodeType.SetToDefault:
                return new DefaultValue { Position = context.Position(index) };
        }

        if (!context.TryEnter()) return Opaque(context, index);
        Expression expression = BuildInner(ref context, index, type);
        context.Leave();
        return expression;
    }

    /// <summary>The expression in a field, or null where there is none.</summary>
    public static Expression? Optional(ref BuildContext context, int parent, TreeField field)
    {
        int child = context.Child(parent, field);
        return child < 0 ? null : Build(ref context, child);
    }

    /// <summary>The expression in a field that the grammar always fills.</summary>
    public static Expression Required(ref BuildContext context, int parent, TreeField field) =>
        Optional(ref context, parent, field) ?? Opaque(context, parent);

    public static ImmutableArray<Expression> List(ref BuildContext context, int parent, TreeField field) =>
        NodeList.Build(ref context, parent, field, Build);

    public static OpaqueExpression Opaque(in BuildContext context, int index) => new() { Because = context.NameOfType(index) };

    private static Expression BuildInner(ref BuildContext context, int index, TreeNodeType type)
    {
        switch (type)
        {
            case TreeNodeType.AExpr:
                return OperatorBuilder.Build(ref context, index);
            case TreeNodeType.FuncCall:
                return CallBuilder.Build(ref context, index);
            case TreeNodeType.JsonObjectAgg or TreeNodeType.JsonArrayAgg:
                return CallBuilder.BuildJsonAggregate(ref context, index);
            case TreeNodeType.MergeSupportFunc:
                return new Call { Function = CallBuilder.MergeAction, Position = context.Position(index) };
            case TreeNodeType.SubLink:
                return SubqueryBuilder.Build(ref context, index);
            case TreeNodeType.AIndirection:
                return ReferenceBuilder.Indirection(ref context, index);
            case TreeNodeType.TypeCast:
                return BuildCast(ref context, index);
            case TreeNodeType.BoolExpr:
                return BuildCombination(ref context, index);
            case TreeNodeType.CaseExpr:
                return BuildConditional(ref context, index);
            case TreeNodeType.NullTest when !context.HoldsOther(index, OfArgument):
                return new NullTest
                {
                    Argument = Required(ref context, index, TreeField.Arg),
                    IsNegated = !context.Is(index, TreeField.Nulltesttype, "IS_NULL"u8),
                    Position = context.Position(index),
                };
            case TreeNodeType.NamedArgExpr when !context.HoldsOther(index, OfArgument):
                // Names choose among overloads, which nobody resolves here.
                return Required(ref context, index, TreeField.Arg);
            case TreeNodeType.CurrentOfExpr when context.Text.NameOf(index, TreeField.CursorName) is { } cursor:
                return new CursorPosition { Cursor = cursor };
            default:
                return ConstructionBuilder.Build(ref context, index, type);
        }
    }

    private static Expression BuildCast(ref BuildContext context, int index)
    {
        int type = context.Child(index, TreeField.TypeName);
        if (type < 0 || context.HoldsOther(index, OfCast) || context.Text.Qualified(type, TreeField.Names) is not { } name)
        {
            return Opaque(context, index);
        }

        return new Cast
        {
            Argument = Required(ref context, index, TreeField.Arg),
            Type = name,
            IsArray = context.Has(type, TreeField.ArrayBounds),
            Position = context.Position(index),
        };
    }

    private static Expression BuildCombination(ref BuildContext context, int index)
    {
        ReadOnlySpan<byte> symbol = context.Text.RawOf(index, TreeField.Boolop);
        BooleanOperator @operator;
        if (symbol.SequenceEqual("AND_EXPR"u8)) @operator = BooleanOperator.And;
        else if (symbol.SequenceEqual("OR_EXPR"u8)) @operator = BooleanOperator.Or;
        else if (symbol.SequenceEqual("NOT_EXPR"u8)) @operator = BooleanOperator.Not;
        else return Opaque(context, index);
        if (context.HoldsOther(index, OfArguments)) return Opaque(context, index);
        return new BooleanCombination
        {
            Operator = @operator,
            Operands = List(ref context, index, TreeField.Args),
            Position = context.Position(index),
        };
    }

    private static Expression BuildConditional(ref BuildContext context, int index)
    {
        if (context.HoldsOther(index, OfCase)) return Opaque(context, index);
        return new Conditional
        {
            Operand = Optional(ref context, index, TreeField.Arg),
            Arms = NodeList.Build(ref context, index, TreeField.Args, BuildArm),
            Else = Optional(ref context, index, TreeField.Defresult),
            Position = context.Position(index),
        };
    }

    private static ConditionalArm BuildArm(ref BuildContext context, int index)
    {
        bool isKnown = context.TypeOf(index) == TreeNodeType.CaseWhen && !context.HoldsOther(index, OfWhen);
        return new ConditionalArm
        {
            When = isKnown ? Required(ref context, index, TreeField.Expr) : Opaque(context, index),
            Then = isKnown ? Required(ref context, index, TreeField.Result) : Opaque(context, index),
            Position = context.Position(index),
        };
    }
}
