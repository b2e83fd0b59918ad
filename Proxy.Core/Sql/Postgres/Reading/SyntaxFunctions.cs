using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>Functions that the grammar spells as syntax and gives nodes of their own. They are named as if they stood in pg_catalog.</summary>
internal static class SyntaxFunctions
{
    /// <summary>The function's name, or null for nodes that are no function. Where one node has several, <paramref name="op"/> tells.</summary>
    public static string? NameOf(TreeNodeType type, ReadOnlySpan<byte> op) => type switch
    {
        TreeNodeType.SQLValueFunction => ValueFunction(op),
        TreeNodeType.MinMaxExpr => op.SequenceEqual("IS_GREATEST"u8) ? "greatest" : "least",
        TreeNodeType.XmlExpr => Xml(op),
        TreeNodeType.XmlSerialize => "xmlserialize",
        TreeNodeType.RangeTableFunc => "xmltable",
        TreeNodeType.MergeSupportFunc => "merge_action",
        TreeNodeType.JsonObjectConstructor => "json_object",
        TreeNodeType.JsonArrayConstructor or TreeNodeType.JsonArrayQueryConstructor => "json_array",
        TreeNodeType.JsonObjectAgg => "json_objectagg",
        TreeNodeType.JsonArrayAgg => "json_arrayagg",
        TreeNodeType.JsonParseExpr => "json",
        TreeNodeType.JsonScalarExpr => "json_scalar",
        TreeNodeType.JsonSerializeExpr => "json_serialize",
        TreeNodeType.JsonFuncExpr => Json(op),
        TreeNodeType.JsonTable => "json_table",
        _ => null,
    };

    private static string ValueFunction(ReadOnlySpan<byte> op)
    {
        if (op.StartsWith("SVFOP_CURRENT_DATE"u8)) return "current_date";
        if (op.StartsWith("SVFOP_CURRENT_TIMESTAMP"u8)) return "current_timestamp";
        if (op.StartsWith("SVFOP_CURRENT_TIME"u8)) return "current_time";
        if (op.StartsWith("SVFOP_LOCALTIMESTAMP"u8)) return "localtimestamp";
        if (op.StartsWith("SVFOP_LOCALTIME"u8)) return "localtime";
        if (op.SequenceEqual("SVFOP_CURRENT_ROLE"u8)) return "current_role";
        if (op.SequenceEqual("SVFOP_CURRENT_USER"u8)) return "current_user";
        if (op.SequenceEqual("SVFOP_USER"u8)) return "user";
        if (op.SequenceEqual("SVFOP_SESSION_USER"u8)) return "session_user";
        if (op.SequenceEqual("SVFOP_CURRENT_CATALOG"u8)) return "current_catalog";
        return op.SequenceEqual("SVFOP_CURRENT_SCHEMA"u8) ? "current_schema" : "unknown value function";
    }

    private static string? Xml(ReadOnlySpan<byte> op)
    {
        if (op.SequenceEqual("IS_XMLCONCAT"u8)) return "xmlconcat";
        if (op.SequenceEqual("IS_XMLELEMENT"u8)) return "xmlelement";
        if (op.SequenceEqual("IS_XMLFOREST"u8)) return "xmlforest";
        if (op.SequenceEqual("IS_XMLPARSE"u8)) return "xmlparse";
        if (op.SequenceEqual("IS_XMLPI"u8)) return "xmlpi";
        if (op.SequenceEqual("IS_XMLROOT"u8)) return "xmlroot";
        return op.SequenceEqual("IS_DOCUMENT"u8) ? null : "unknown xml function";
    }

    private static string Json(ReadOnlySpan<byte> op)
    {
        if (op.SequenceEqual("JSON_EXISTS_OP"u8)) return "json_exists";
        if (op.SequenceEqual("JSON_QUERY_OP"u8)) return "json_query";
        return op.SequenceEqual("JSON_VALUE_OP"u8) ? "json_value" : "unknown json function";
    }
}
