using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Reading;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Calls, windows included.</summary>
internal static class CallBuilder
{
    private static readonly FieldSet OfCall = new(TreeField.Funcname, TreeField.Args, TreeField.AggOrder, TreeField.AggFilter, TreeField.Over);
    private static readonly FieldSet OfAggregate = new(TreeField.Constructor, TreeField.Arg);
    private static readonly FieldSet OfConstructor = new(TreeField.Output, TreeField.AggOrder, TreeField.AggFilter, TreeField.Over);

    /// <summary>merge_action(), which is a key word.</summary>
    public static readonly QualifiedName MergeAction = new("pg_catalog", "merge_action");

    public static Expression Build(ref BuildContext context, int index)
    {
        if (context.HoldsOther(index, OfCall) || context.Text.Qualified(index, TreeField.Funcname) is not { } function)
        {
            return ExpressionBuilder.Opaque(context, index);
        }

        return new Call
        {
            Function = function,
            Arguments = ExpressionBuilder.List(ref context, index, TreeField.Args),
            HasNamedArguments = HasNames(context, index),
            IsStar = context.Has(index, TreeField.AggStar),
            IsDistinct = context.Has(index, TreeField.AggDistinct),
            OrderBy = SortBuilder.List(ref context, index, TreeField.AggOrder),
            IsWithinGroup = context.Has(index, TreeField.AggWithinGroup),
            Filter = ExpressionBuilder.Optional(ref context, index, TreeField.AggFilter),
            Over = Over(ref context, index),
            Position = context.Position(index),
        };
    }

    /// <summary>JSON_OBJECTAGG and JSON_ARRAYAGG are aggregates with all that belongs to one, whatever function the server chooses for them.</summary>
    public static Expression BuildJsonAggregate(ref BuildContext context, int index)
    {
        int argument = context.Child(index, TreeField.Arg);
        int constructor = context.Child(index, TreeField.Constructor);
        if (argument < 0 || constructor < 0 || context.HoldsOther(index, OfAggregate) || context.HoldsOther(constructor, OfConstructor)
            || !ContainedExpressions.TryBuild(ref context, argument, out ImmutableArray<Expression> arguments))
        {
            return ExpressionBuilder.Opaque(context, index);
        }

        return new Call
        {
            Function = new QualifiedName("pg_catalog", SyntaxFunctions.NameOf(context.TypeOf(index), default)!),
            Arguments = arguments,
            OrderBy = SortBuilder.List(ref context, constructor, TreeField.AggOrder),
            Filter = ExpressionBuilder.Optional(ref context, constructor, TreeField.AggFilter),
            Over = Over(ref context, constructor),
            Position = context.Position(constructor),
        };
    }

    private static bool HasNames(in BuildContext context, int call)
    {
        for (int child = context.Child(call, TreeField.Args); child >= 0; child = context.Next(call, context.Tree[child].End, TreeField.Args))
        {
            if (context.TypeOf(child) is TreeNodeType.NamedArgExpr)
            {
                return true;
            }
        }

        return false;
    }

    private static Window? Over(ref BuildContext context, int call)
    {
        int over = context.Child(call, TreeField.Over);
        return over < 0 ? null : WindowBuilder.BuildOver(ref context, over);
    }
}
