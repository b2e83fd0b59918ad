using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>
/// The expressions inside the forms of SQL/JSON and SQL/XML, which wrap them into clauses of many kinds (VALUE … FORMAT, PASSING … AS, ON EMPTY).
/// All of them go into the value, so the clauses themselves need not be told apart; but a clause that is not in the list hides nothing.
/// </summary>
internal static class ContainedExpressions
{
    /// <summary>False when something inside is neither an expression nor a clause known to hold nothing but expressions.</summary>
    public static bool TryBuild(ref BuildContext context, int parent, out ImmutableArray<Expression> expressions)
    {
        expressions = [];
        List<Expression>? found = null;
        ParseTree tree = context.Tree;
        int end = tree[parent].End;
        for (int index = parent + 1; index < end;)
        {
            TreeNodeType type = tree[index].Type;
            if (IsClause(type))
            {
                index++;
                continue;
            }

            if (IsExpression(type)) (found ??= []).Add(ExpressionBuilder.Build(ref context, index));
            else if (type == TreeNodeType.SelectStmt) (found ??= []).Add(QueryOf(ref context, index));
            else if (BuildContext.IsNode(type) && !HoldsNoExpression(type)) return false;
            index = tree[index].End;
        }

        if (found is not null) expressions = [.. found];
        return true;
    }

    /// <summary>JSON_ARRAY(SELECT …).</summary>
    private static SubqueryExpression QueryOf(ref BuildContext context, int index) =>
        new() { Form = SubqueryForm.Array, Query = QueryBuilder.Build(ref context, index) };

    private static bool IsClause(TreeNodeType type) => type is
        TreeNodeType.List or TreeNodeType.ResTarget or TreeNodeType.JsonValueExpr or TreeNodeType.JsonKeyValue or TreeNodeType.JsonArgument
        or TreeNodeType.JsonBehavior or TreeNodeType.JsonTablePathSpec or TreeNodeType.JsonTableColumn or TreeNodeType.RangeTableFuncCol;

    private static bool HoldsNoExpression(TreeNodeType type) => type is
        TreeNodeType.TypeName or TreeNodeType.JsonFormat or TreeNodeType.JsonReturning or TreeNodeType.JsonOutput or TreeNodeType.Alias;

    private static bool IsExpression(TreeNodeType type) => type is
        TreeNodeType.ColumnRef or TreeNodeType.AConst or TreeNodeType.ParamRef or TreeNodeType.AExpr or TreeNodeType.FuncCall
        or TreeNodeType.SubLink or TreeNodeType.TypeCast or TreeNodeType.BoolExpr or TreeNodeType.CaseExpr or TreeNodeType.NullTest
        or TreeNodeType.BooleanTest or TreeNodeType.CollateClause or TreeNodeType.CoalesceExpr or TreeNodeType.MinMaxExpr
        or TreeNodeType.RowExpr or TreeNodeType.AArrayExpr or TreeNodeType.AIndirection or TreeNodeType.SQLValueFunction
        or TreeNodeType.GroupingFunc or TreeNodeType.MergeSupportFunc or TreeNodeType.XmlExpr or TreeNodeType.XmlSerialize
        or TreeNodeType.JsonFuncExpr or TreeNodeType.JsonObjectConstructor or TreeNodeType.JsonArrayConstructor
        or TreeNodeType.JsonArrayQueryConstructor or TreeNodeType.JsonObjectAgg or TreeNodeType.JsonArrayAgg or TreeNodeType.JsonParseExpr
        or TreeNodeType.JsonScalarExpr or TreeNodeType.JsonSerializeExpr or TreeNodeType.JsonIsPredicate;
}
