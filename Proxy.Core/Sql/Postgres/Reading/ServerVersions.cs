using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>
/// Since which major version the server reads a node as the 18 grammar does. An older one rejects the text, or reads it as something else:
/// where 18 sees the built-in JSON_SCALAR, 15 calls a user's function of that name. Zero for what 13 knows.
/// </summary>
internal static class ServerVersions
{
    public static int OfNode(TreeNodeType type) => type switch
    {
        TreeNodeType.CTESearchClause or TreeNodeType.CTECycleClause => 14,
        TreeNodeType.MergeStmt => 15,
        TreeNodeType.JsonObjectConstructor or TreeNodeType.JsonArrayConstructor or TreeNodeType.JsonArrayQueryConstructor
            or TreeNodeType.JsonObjectAgg or TreeNodeType.JsonArrayAgg or TreeNodeType.JsonIsPredicate => 16,
        TreeNodeType.JsonParseExpr or TreeNodeType.JsonScalarExpr or TreeNodeType.JsonSerializeExpr or TreeNodeType.JsonFuncExpr
            or TreeNodeType.JsonTable or TreeNodeType.MergeSupportFunc => 17,
        TreeNodeType.ReturningOption => 18,
        _ => 0,
    };

    public static int OfField(TreeNodeType parent, TreeField field) => (parent, field) switch
    {
        (TreeNodeType.SelectStmt, TreeField.GroupDistinct) => 14,
        (TreeNodeType.JoinExpr, TreeField.JoinUsingAlias) => 14,
        (TreeNodeType.CreateFunctionStmt, TreeField.SqlBody) => 14,
        (TreeNodeType.XmlSerialize, TreeField.Indent) => 16,
        (TreeNodeType.MergeStmt, TreeField.ReturningClause) => 17,
        _ => 0,
    };

    /// <summary>SYSTEM_USER is a key word since 16; before, it is the name of a column.</summary>
    public static int OfFunction(string? schema, string name) => schema == "pg_catalog" && name == "system_user" ? 16 : 0;
}
