using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Forms of the grammar that make a value out of others.</summary>
internal static class ConstructionBuilder
{
    private static readonly FieldSet OfArguments = new(TreeField.Args);
    private static readonly FieldSet OfArgument = new(TreeField.Arg);
    private static readonly FieldSet OfElements = new(TreeField.Elements);
    private static readonly FieldSet OfCollate = new(TreeField.Arg, TreeField.Collname);

    public static Expression Build(ref BuildContext context, int index, TreeNodeType type)
    {
        switch (type)
        {
            case TreeNodeType.RowExpr:
                return Of(ref context, index, ConstructionKind.Row, OfArguments, TreeField.Args);
            case TreeNodeType.AArrayExpr:
                return Of(ref context, index, ConstructionKind.Array, OfElements, TreeField.Elements);
            case TreeNodeType.CoalesceExpr:
                return Of(ref context, index, ConstructionKind.Coalesce, OfArguments, TreeField.Args);
            case TreeNodeType.MinMaxExpr:
                bool isGreatest = context.Is(index, TreeField.Op, "IS_GREATEST"u8);
                return Of(ref context, index, isGreatest ? ConstructionKind.Greatest : ConstructionKind.Least, OfArguments, TreeField.Args);
            case TreeNodeType.CollateClause:
                return Of(ref context, index, ConstructionKind.Collate, OfCollate, TreeField.Arg);
            case TreeNodeType.BooleanTest:
                return Of(ref context, index, ConstructionKind.TruthTest, OfArgument, TreeField.Arg);
            case TreeNodeType.SQLValueFunction:
                return Of(ref context, index, ConstructionKind.SessionValue, OfArguments, TreeField.Args);
            case TreeNodeType.GroupingFunc:
                return Of(ref context, index, ConstructionKind.Grouping, OfArguments, TreeField.Args);
            case TreeNodeType.XmlExpr or TreeNodeType.XmlSerialize:
                return OfContained(ref context, index, ConstructionKind.Xml);
            case TreeNodeType.JsonObjectConstructor or TreeNodeType.JsonArrayConstructor or TreeNodeType.JsonArrayQueryConstructor
                or TreeNodeType.JsonParseExpr or TreeNodeType.JsonScalarExpr or TreeNodeType.JsonSerializeExpr or TreeNodeType.JsonFuncExpr
                or TreeNodeType.JsonIsPredicate:
                return OfContained(ref context, index, ConstructionKind.Json);
            default:
                return ExpressionBuilder.Opaque(context, index);
        }
    }

    private static Expression Of(ref BuildContext context, int index, ConstructionKind kind, in FieldSet known, TreeField arguments)
    {
        if (context.HoldsOther(index, known)) return ExpressionBuilder.Opaque(context, index);
        return new Construction
        {
            Kind = kind,
            Arguments = ExpressionBuilder.List(ref context, index, arguments),
            Position = context.Position(index),
        };
    }

    private static Expression OfContained(ref BuildContext context, int index, ConstructionKind kind) =>
        ContainedExpressions.TryBuild(ref context, index, out ImmutableArray<Expression> arguments)
            ? new Construction { Kind = kind, Arguments = arguments, Position = context.Position(index) }
            : ExpressionBuilder.Opaque(context, index);
}
