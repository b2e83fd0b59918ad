using System.Numerics;
using System.Runtime.InteropServices;

namespace Proxy.Core.Sql.Postgres.Tree;

/// <summary>From the names in the grammar's JSON to <see cref="TreeNodeType"/> and <see cref="TreeField"/>.</summary>
internal static class TreeVocabulary
{
    /// <summary>In the order of <see cref="TreeField"/>, behind Other.</summary>
    private static readonly string[] FieldNames =
    [
        "aliasname", "colnames", "catalogname", "schemaname", "relname", "alias", "join_using_alias", "names", "typeName",
        "argType", "returnType", "ofTypename", "fields", "funcname", "args", "name", "kind", "lexpr", "rexpr", "op", "opname",
        "operName", "useOp", "testexpr", "subselect", "arg", "val", "indirection", "usingClause", "isNatural", "larg", "rarg",
        "quals", "fromClause", "targetList", "valuesLists", "whereClause", "havingClause", "groupClause", "groupDistinct",
        "windowClause", "distinctClause", "sortClause", "limitOffset", "limitCount", "lockingClause", "lockedRels", "withClause",
        "intoClause", "into", "rel", "over", "agg_filter", "relation", "relations", "sequence", "view", "table", "typevar",
        "pktable", "constrrel", "identitySequence", "cols", "selectStmt", "onConflictClause", "infer", "returningClause", "exprs",
        "options", "ctes", "recursive", "ctename", "ctequery", "aliascolnames", "search_clause", "cycle_clause", "sourceRelation",
        "joinCondition", "mergeWhenClauses", "condition", "values", "matchKind", "query", "attlist", "is_from", "is_program",
        "filename", "is_local", "isall", "portalname", "ismove", "howMany", "target", "conditionname", "payload", "savepoint_name",
        "gid", "chain", "defname", "defaction", "objects", "object", "objtype", "removeType", "items", "sval", "ival", "fval",
        "boolval", "bsval", "isnull", "funccall", "setstmt", "bound", "partbound", "partspec", "base", "role", "newowner",
        "authrole", "grantor", "owner", "newrole", "action", "func", "collClause", "user", "context_item", "value", "key",
        "format", "returning", "output", "on_empty", "on_error", "pathspec", "constructor", "method", "repeatable", "functions",
        "indent", "cmds", "subtype", "def", "collname", "sortby_dir", "stmt", "stmts", "stmt_location", "stmt_len",
        "nulls_not_distinct", "subLinkType", "cursor_name", "argtypes", "params", "lateral", "columns", "expr", "sql_body",
        "location", "inh", "relpersistence", "limitOption", "all", "node", "nulltesttype", "boolop", "elements", "arrayBounds",
        "result", "defresult", "agg_order", "agg_star", "agg_distinct", "agg_within_group", "partitionClause", "orderClause",
        "startOffset", "endOffset", "refname", "number", "jointype", "subquery", "coldeflist", "ordinality", "colname",
        "docexpr", "rowexpr", "namespaces", "colexpr", "coldefexpr", "passing", "string", "coltype", "indexElems", "conname",
        "source", "colno", "ncolumns", "commandType", "option", "colNames", "aliases", "tableElts", "inhRelations",
        "constraints", "contype", "raw_expr", "if_not_exists", "behavior", "row_format", "search_col_list", "search_seq_column",
        "cycle_col_list", "cycle_mark_column", "cycle_mark_value", "cycle_mark_default", "cycle_path_column", "content", "lidx",
        "uidx", "collation", "opclass", "keys", "fk_attrs", "pk_attrs", "skip_validation", "indexParams", "unique", "raw_default",
        "frameOptions",
    ];

    private static readonly NameIndex Fields = BuildFields();
    private static readonly NameIndex Nodes = BuildNodes();

    public static TreeField Field(ReadOnlySpan<byte> name) => (TreeField)Fields.Find(name);

    public static TreeNodeType Node(ReadOnlySpan<byte> name) => (TreeNodeType)Nodes.Find(name);

    /// <summary>
    /// What an object is that the grammar writes without naming its type. Unrecognised when the pair is not known, and so the statement opaque.
    /// </summary>
    public static TreeNodeType Implied(TreeNodeType parent, TreeField field) => field switch
    {
        TreeField.Relation or TreeField.Rel or TreeField.Sequence or TreeField.View or TreeField.Table or TreeField.Typevar
            or TreeField.Pktable or TreeField.Constrrel or TreeField.IdentitySequence => TreeNodeType.RangeVar,
        TreeField.Alias or TreeField.JoinUsingAlias => TreeNodeType.Alias,
        TreeField.TypeName or TreeField.ArgType or TreeField.ReturnType or TreeField.OfTypename => TreeNodeType.TypeName,
        TreeField.WithClause => TreeNodeType.WithClause,
        TreeField.Larg or TreeField.Rarg => TreeNodeType.SelectStmt,
        TreeField.IntoClause or TreeField.Into => TreeNodeType.IntoClause,
        TreeField.Over => TreeNodeType.WindowDef,
        TreeField.OnConflictClause => TreeNodeType.OnConflictClause,
        TreeField.ReturningClause => TreeNodeType.ReturningClause,
        TreeField.Infer => TreeNodeType.InferClause,
        TreeField.SearchClause => TreeNodeType.CTESearchClause,
        TreeField.CycleClause => TreeNodeType.CTECycleClause,
        TreeField.CollClause => TreeNodeType.CollateClause,
        TreeField.Funccall => TreeNodeType.FuncCall,
        TreeField.Setstmt => TreeNodeType.VariableSetStmt,
        TreeField.Bound or TreeField.Partbound => TreeNodeType.PartitionBoundSpec,
        TreeField.Partspec => TreeNodeType.PartitionSpec,
        TreeField.Base => TreeNodeType.CreateStmt,
        TreeField.Role or TreeField.Newowner or TreeField.Authrole or TreeField.Grantor or TreeField.Owner or TreeField.Newrole
            or TreeField.User => TreeNodeType.RoleSpec,
        TreeField.Sval => TreeNodeType.String,
        TreeField.Ival => TreeNodeType.Integer,
        TreeField.Fval => TreeNodeType.Float,
        TreeField.Boolval => TreeNodeType.Boolean,
        TreeField.Bsval => TreeNodeType.BitString,
        TreeField.ContextItem or TreeField.Value => TreeNodeType.JsonValueExpr,
        TreeField.Format => TreeNodeType.JsonFormat,
        TreeField.Returning => TreeNodeType.JsonReturning,
        TreeField.Output => TreeNodeType.JsonOutput,
        TreeField.OnEmpty or TreeField.OnError => TreeNodeType.JsonBehavior,
        TreeField.Pathspec => TreeNodeType.JsonTablePathSpec,
        TreeField.Constructor => TreeNodeType.JsonAggConstructor,
        _ => ImpliedByParent(parent, field),
    };

    private static TreeNodeType ImpliedByParent(TreeNodeType parent, TreeField field) => (parent, field) switch
    {
        (TreeNodeType.JsonArgument, TreeField.Val) => TreeNodeType.JsonValueExpr,
        (TreeNodeType.JsonObjectAgg, TreeField.Arg) => TreeNodeType.JsonKeyValue,
        (TreeNodeType.JsonArrayAgg, TreeField.Arg) => TreeNodeType.JsonValueExpr,
        (TreeNodeType.JsonParseExpr or TreeNodeType.JsonSerializeExpr, TreeField.Expr) => TreeNodeType.JsonValueExpr,
        (TreeNodeType.PartitionCmd, TreeField.Name) => TreeNodeType.RangeVar,
        (TreeNodeType.AlterDefaultPrivilegesStmt, TreeField.Action) => TreeNodeType.GrantStmt,
        (TreeNodeType.AlterFunctionStmt, TreeField.Func) => TreeNodeType.ObjectWithArgs,
        _ => TreeNodeType.Unrecognised,
    };

    private static NameIndex BuildFields()
    {
        var names = new Dictionary<string, byte>();
        for (int index = 0; index < FieldNames.Length; index++) names.Add(FieldNames[index], (byte)(index + 1));
        return new NameIndex(names);
    }

    private static NameIndex BuildNodes()
    {
        var names = new Dictionary<string, byte>();
        foreach (TreeNodeType type in Enum.GetValues<TreeNodeType>())
        {
            if (type > TreeNodeType.RawStmt) names.Add(GrammarName(type), (byte)type);
        }

        return new NameIndex(names);
    }

    /// <summary>PostgreSQL's raw expression nodes begin with "A_".</summary>
    private static string GrammarName(TreeNodeType type)
    {
        string name = type.ToString();
        return name[0] == 'A' && char.IsAsciiLetterUpper(name[1]) ? $"A_{name[1..]}" : name;
    }

    /// <summary>A fixed set of names, found by one multiplication and one comparison in most cases. Unknown names are zero.</summary>
    private sealed class NameIndex
    {
        private readonly byte[][] _names;
        private readonly byte[] _values;
        private readonly int _mask;

        public NameIndex(Dictionary<string, byte> names)
        {
            int size = (int)BitOperations.RoundUpToPowerOf2((uint)names.Count * 8);
            _mask = size - 1;
            _names = new byte[size][];
            _values = new byte[size];
            foreach (var (name, value) in names)
            {
                byte[] bytes = System.Text.Encoding.ASCII.GetBytes(name);
                int slot = Hash(bytes) & _mask;
                while (_names[slot] is not null) slot = (slot + 1) & _mask;
                _names[slot] = bytes;
                _values[slot] = value;
            }
        }

        public byte Find(ReadOnlySpan<byte> name)
        {
            for (int slot = Hash(name) & _mask; _names[slot] is { } candidate; slot = (slot + 1) & _mask)
            {
                if (name.SequenceEqual(candidate)) return _values[slot];
            }

            return 0;
        }

        private static int Hash(ReadOnlySpan<byte> name)
        {
            ulong head = 0;
            ulong tail = 0;
            if (name.Length >= sizeof(ulong))
            {
                head = MemoryMarshal.Read<ulong>(name);
                tail = MemoryMarshal.Read<ulong>(name[^sizeof(ulong)..]);
            }
            else
            {
                foreach (byte letter in name) head = (head << 8) | letter;
            }

            return (int)(((head * 0x9E3779B97F4A7C15) + ((tail ^ (ulong)name.Length) * 0xC2B2AE3D27D4EB4F)) >> 40);
        }
    }
}
