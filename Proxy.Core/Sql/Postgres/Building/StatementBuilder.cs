using Proxy.Core.Sql.Postgres.Reading;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>From the grammar's tree of a statement to the common one.</summary>
internal static class StatementBuilder
{
    private static readonly FieldSet OfExecute = new(TreeField.Params);

    /// <summary>
    /// Null for statements that have no syntax of their own, for those with an unknown node where no expression, query or source stands, and for
    /// those nested too deep.
    /// </summary>
    public static Statement? Build(TreeText text, int root)
    {
        var context = new BuildContext(text);
        Statement? statement = Build(ref context, root);
        return context.IsTooDeep ? null : statement;
    }

    /// <summary>The syntax of the statement inside, as far as it has one.</summary>
    public static Statement? InnerOf(Statement? statement) => statement switch
    {
        PrepareStatement prepare => prepare.Inner,
        ExplainStatement explain => explain.Inner,
        DeclareCursorStatement cursor => new QueryStatement { Query = cursor.Query },
        CopyStatement copy => copy.Inner,
        CreateTableAsStatement create => create.Inner,
        _ => null,
    };

    public static Statement? Build(ref BuildContext context, int index)
    {
        switch (context.TypeOf(index))
        {
            case TreeNodeType.SelectStmt:
                return DefinitionBuilder.BuildQuery(ref context, index);
            case TreeNodeType.CopyStmt:
                return CopyBuilder.Build(ref context, index);
            case TreeNodeType.CreateTableAsStmt:
                return DefinitionBuilder.BuildTableAs(ref context, index);
            case TreeNodeType.CreateStmt:
                return DefinitionBuilder.BuildTable(ref context, index);
            case TreeNodeType.ViewStmt:
                return DefinitionBuilder.BuildView(ref context, index);
            case TreeNodeType.DropStmt:
                return DefinitionBuilder.BuildDrop(ref context, index);
            case TreeNodeType.IndexStmt:
                return ConstraintBuilder.BuildIndex(ref context, index);
            case TreeNodeType.AlterTableStmt:
                return ConstraintBuilder.BuildAlter(ref context, index);
            case TreeNodeType.AlterDomainStmt:
                return ConstraintBuilder.BuildDomain(context, index);
            case TreeNodeType.ExplainStmt:
                bool runs = ExplainOptions.IsAnalyze(context.Text, index);
                return new ExplainStatement { Inner = BuildInner(ref context, index), Runs = runs };
            case TreeNodeType.PrepareStmt when context.Text.NameOf(index, TreeField.Name) is { } name:
                return new PrepareStatement { Name = name, Inner = BuildInner(ref context, index) };
            case TreeNodeType.ExecuteStmt when context.Text.NameOf(index, TreeField.Name) is { } name && !context.HoldsOther(index, OfExecute):
                return new ExecuteStatement { Name = name, Arguments = ExpressionBuilder.List(ref context, index, TreeField.Params) };
            case TreeNodeType.DeclareCursorStmt:
                return BuildCursor(ref context, index);
            default:
                return BuildChange(ref context, index);
        }
    }

    /// <summary>The statements that change rows, which can also stand in WITH. Null for others.</summary>
    public static Statement? BuildChange(ref BuildContext context, int index)
    {
        if (!context.TryEnter()) return null;
        Statement? statement = context.TypeOf(index) switch
        {
            TreeNodeType.InsertStmt => InsertBuilder.Build(ref context, index),
            TreeNodeType.UpdateStmt => UpdateBuilder.BuildUpdate(ref context, index),
            TreeNodeType.DeleteStmt => UpdateBuilder.BuildDelete(ref context, index),
            TreeNodeType.MergeStmt => MergeBuilder.Build(ref context, index),
            _ => null,
        };
        context.Leave();
        return statement;
    }

    private static Statement? BuildInner(ref BuildContext context, int index)
    {
        int query = context.Child(index, TreeField.Query);
        return query < 0 ? null : Build(ref context, query);
    }

    private static DeclareCursorStatement? BuildCursor(ref BuildContext context, int index)
    {
        int query = context.Child(index, TreeField.Query);
        if (query < 0 || context.Text.NameOf(index, TreeField.Portalname) is not { } name) return null;
        return new DeclareCursorStatement { Name = name, Query = QueryBuilder.Build(ref context, query) };
    }
}
