using System.Collections;
using System.Reflection;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Tests.Core.Sql.Postgres.Building;

/// <summary>
/// How many nodes of each kind a tree has, for both trees in the same words. The common tree is walked by reflection, so that no property is
/// forgotten; of the grammar's tree everything is counted but what is stated here.
/// </summary>
internal static class NodeCounts
{
    public const string Opaque = "opaque";
    private static readonly Dictionary<Type, PropertyInfo[]> Properties = [];

    public static SortedDictionary<string, int> Of(SyntaxNode root)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var waiting = new Stack<object>([root]);
        while (waiting.TryPop(out object? item))
        {
            if (item is SyntaxNode node)
            {
                if (NameOf(node) is { } name) Add(counts, name);
                foreach (PropertyInfo property in PropertiesOf(node.GetType()))
                {
                    if (property.GetValue(node) is { } value) waiting.Push(value);
                }
            }
            else if (item is IEnumerable items and not string)
            {
                foreach (object element in items) waiting.Push(element);
            }
        }

        return counts;
    }

    public static SortedDictionary<string, int> Of(ParseTree tree, int root)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int end = tree[root].End;
        for (int index = root; index < end;)
        {
            TreeEntry entry = tree[index];
            if (IsLeftOut(tree, root, index))
            {
                index = entry.End;
                continue;
            }

            if (NameOf(entry.Type) is { } name) Add(counts, name);
            if (entry.Type == TreeNodeType.JsonArrayQueryConstructor) Add(counts, nameof(Construction));
            if (entry.Type == TreeNodeType.IndexElem && tree.Has(index, TreeField.Name)) Add(counts, nameof(ColumnReference));
            index++;
        }

        return counts;
    }

    /// <summary>
    /// Arguments of types are words and numbers, names after FOR UPDATE OF repeat those of FROM, each entry of a multiple assignment but the first
    /// repeats its right side, and the parts of CREATE TABLE are only looked at, but for the table that it makes a partition of.
    /// </summary>
    private static bool IsLeftOut(ParseTree tree, int root, int index) => tree[index].Type switch
    {
        TreeNodeType.TypeName or TreeNodeType.LockingClause or TreeNodeType.ColumnDef or TreeNodeType.Constraint => true,
        TreeNodeType.TableLikeClause or TreeNodeType.PartitionSpec or TreeNodeType.PartitionBoundSpec => true,
        TreeNodeType.RangeVar => tree[index].Field == TreeField.InhRelations && !tree.Has(root, TreeField.Partbound),
        TreeNodeType.MultiAssignRef => tree[tree.Child(index, TreeField.Colno)].Value > 1,
        _ => false,
    };

    private static string? NameOf(SyntaxNode node) => node switch
    {
        OpaqueExpression or OpaqueQuery or OpaqueSource => Opaque,
        CreateTableAsStatement or CreateTableStatement or CreateViewStatement => nameof(TableSource),
        Construction { Kind: ConstructionKind.Row } => null,
        Query => nameof(Query),
        ColumnReference or Literal or Parameter or Call or SubqueryExpression or TableSource or OperatorCall or BooleanCombination or Conditional
            or ConditionalArm or Cast or NullTest or Construction or DefaultValue or CursorPosition or SubquerySource or FunctionSource
            or TableFunctionSource or JoinSource or CommonTable or Window or MergeArm => node.GetType().Name,
        _ => null,
    };

    private static string? NameOf(TreeNodeType type) => type switch
    {
        TreeNodeType.Unrecognised => Opaque,
        TreeNodeType.ColumnRef => nameof(ColumnReference),
        TreeNodeType.AConst => nameof(Literal),
        TreeNodeType.ParamRef => nameof(Parameter),
        TreeNodeType.FuncCall or TreeNodeType.JsonObjectAgg or TreeNodeType.JsonArrayAgg or TreeNodeType.MergeSupportFunc => nameof(Call),
        TreeNodeType.SubLink or TreeNodeType.JsonArrayQueryConstructor => nameof(SubqueryExpression),
        TreeNodeType.RangeVar => nameof(TableSource),
        TreeNodeType.SelectStmt => nameof(Query),
        TreeNodeType.AExpr => nameof(OperatorCall),
        TreeNodeType.BoolExpr => nameof(BooleanCombination),
        TreeNodeType.CaseExpr => nameof(Conditional),
        TreeNodeType.CaseWhen => nameof(ConditionalArm),
        TreeNodeType.TypeCast => nameof(Cast),
        TreeNodeType.NullTest => nameof(NullTest),
        TreeNodeType.SetToDefault => nameof(DefaultValue),
        TreeNodeType.CurrentOfExpr => nameof(CursorPosition),
        TreeNodeType.RangeSubselect => nameof(SubquerySource),
        TreeNodeType.RangeFunction => nameof(FunctionSource),
        TreeNodeType.RangeTableFunc or TreeNodeType.JsonTable => nameof(TableFunctionSource),
        TreeNodeType.JoinExpr => nameof(JoinSource),
        TreeNodeType.CommonTableExpr => nameof(CommonTable),
        TreeNodeType.WindowDef => nameof(Window),
        TreeNodeType.MergeWhenClause => nameof(MergeArm),
        _ => NameOfConstruction(type),
    };

    private static string? NameOfConstruction(TreeNodeType type) => type is
        TreeNodeType.AArrayExpr or TreeNodeType.CoalesceExpr or TreeNodeType.MinMaxExpr or TreeNodeType.CollateClause
        or TreeNodeType.BooleanTest or TreeNodeType.SQLValueFunction or TreeNodeType.GroupingFunc or TreeNodeType.XmlExpr
        or TreeNodeType.XmlSerialize or TreeNodeType.JsonObjectConstructor or TreeNodeType.JsonArrayConstructor
        or TreeNodeType.JsonParseExpr or TreeNodeType.JsonScalarExpr or TreeNodeType.JsonSerializeExpr
        or TreeNodeType.JsonFuncExpr or TreeNodeType.JsonIsPredicate
        ? nameof(Construction)
        : null;

    private static void Add(SortedDictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;

    private static PropertyInfo[] PropertiesOf(Type type)
    {
        if (Properties.TryGetValue(type, out PropertyInfo[]? known)) return known;
        PropertyInfo[] properties = [.. type.GetProperties().Where(property => IsTree(property.PropertyType))];
        return Properties[type] = properties;
    }

    private static bool IsTree(Type type) =>
        type.IsAssignableTo(typeof(SyntaxNode)) || (type.IsGenericType && type.GetGenericArguments().Any(IsTree));
}
