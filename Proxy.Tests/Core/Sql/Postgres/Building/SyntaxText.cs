using System.Collections.Immutable;
using System.Text;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Tests.Core.Sql.Postgres.Building;

/// <summary>A tree on one line, as an S-expression without the values of literals and without empty parts: what the table of trees compares.</summary>
internal sealed class SyntaxText
{
    private readonly StringBuilder _text = new();

    public static string Of(SyntaxNode? node)
    {
        var text = new SyntaxText();
        text.Node(node);
        return text._text.ToString();
    }

    private void Node(SyntaxNode? node)
    {
        switch (node)
        {
            case null: Word("none"); break;
            case Statement statement: StatementText(statement); break;
            case Query query: QueryText(query); break;
            case Source source: SourceText(source); break;
            case Target target: TargetText(target); break;
            case Window window: WindowText(window); break;
            case Expression expression: new ExpressionText(this).Write(expression); break;
            default: Word(node.GetType().Name); break;
        }
    }

    internal void Word(string word)
    {
        if (_text.Length > 0 && _text[^1] is not '(') _text.Append(' ');
        _text.Append(word);
    }

    /// <summary>(head …); left out when there is nothing in it.</summary>
    internal void List(string head, ImmutableArray<Expression> items) => Nodes(head, items);

    internal void Nodes<T>(string head, ImmutableArray<T> items)
        where T : SyntaxNode
    {
        if (items.Length == 0) return;
        Open(head);
        foreach (T item in items) Node(item);
        Close();
    }

    internal void Part(string head, SyntaxNode? node)
    {
        if (node is null) return;
        Open(head);
        Node(node);
        Close();
    }

    internal void Names(string head, ImmutableArray<string> names)
    {
        if (names.Length > 0) Word($"({head} {string.Join(' ', names)})");
    }

    internal void Open(string head) => Word($"({head}");

    internal void Close() => _text.Append(')');

    internal void Flag(bool value, string word)
    {
        if (value) Word(word);
    }

    internal void Value(SyntaxNode? node) => Node(node);

    private void StatementText(Statement statement)
    {
        switch (statement)
        {
            case QueryStatement query:
                Node(query.Query);
                return;
            case InsertStatement insert:
                Open("insert");
                With(insert.With);
                Node(insert.Target);
                Names("columns", insert.Columns);
                List("subscripts", insert.Subscripts);
                if (insert.Query is null) Word("defaults");
                else Node(insert.Query);
                Conflict(insert.OnConflict);
                Returning(insert.Returning, insert.OldAlias, insert.NewAlias);
                break;
            case UpdateStatement update:
                Open("update");
                With(update.With);
                Node(update.Target);
                Assignments(update.Assignments);
                Nodes("from", update.From);
                Part("where", update.Where);
                Returning(update.Returning, update.OldAlias, update.NewAlias);
                break;
            case DeleteStatement delete:
                Open("delete");
                With(delete.With);
                Node(delete.Target);
                Nodes("using", delete.Using);
                Part("where", delete.Where);
                Returning(delete.Returning, delete.OldAlias, delete.NewAlias);
                break;
            case MergeStatement merge:
                Open("merge");
                With(merge.With);
                Node(merge.Target);
                Node(merge.Source);
                Part("on", merge.On);
                foreach (MergeArm arm in merge.Arms) Arm(arm);
                Returning(merge.Returning, merge.OldAlias, merge.NewAlias);
                break;
            default:
                OtherStatement(statement);
                break;
        }

        Close();
    }

    private void OtherStatement(Statement statement)
    {
        switch (statement)
        {
            case CopyStatement copy:
                Open(copy.IsFrom ? "copy-from" : "copy-to");
                Node((SyntaxNode?)copy.Table ?? copy.Inner);
                Names("columns", copy.Columns);
                foreach (CopyOption option in copy.Options) Names(option.Name, option.Values.IsEmpty ? ["-"] : option.Values);
                Part("where", copy.Where);
                break;
            case CreateTableAsStatement create:
                Open(create.IsMaterializedView ? "create-matview" : "create-as");
                Flag(create.IsTemporary, "temporary");
                Word(create.Name.ToString());
                Names("columns", create.Columns);
                Node(create.Inner);
                break;
            case CreateTableStatement create:
                Open("create-table");
                Flag(create.IsTemporary, "temporary");
                Flag(create.IsPlain, "plain");
                Flag(create.IfNotExists, "if-not-exists");
                Word(create.Name.ToString());
                Names("columns", create.Columns);
                break;
            case CreateViewStatement create:
                Open("create-view");
                Flag(create.IsTemporary, "temporary");
                Word(create.Name.ToString());
                Names("columns", create.Columns);
                Node(create.Query);
                break;
            case DropRelationsStatement drop:
                Open("drop");
                Flag(drop.Cascades, "cascade");
                foreach (QualifiedName name in drop.Names) Word(name.ToString());
                break;
            case DeclareCursorStatement declare:
                Open($"declare {declare.Name}");
                Node(declare.Query);
                break;
            case PrepareStatement prepare:
                Open($"prepare {prepare.Name}");
                Node(prepare.Inner);
                break;
            case ExecuteStatement execute:
                Open($"execute {execute.Name}");
                foreach (Expression argument in execute.Arguments) Node(argument);
                break;
            case ExplainStatement explain:
                Open(explain.Runs ? "explain-run" : "explain");
                Node(explain.Inner);
                break;
            case ConstrainStatement constrain:
                Constrain(constrain);
                break;
            default:
                Open(statement.GetType().Name);
                break;
        }
    }

    private void Constrain(ConstrainStatement constrain)
    {
        Open("constrain");
        Flag(constrain.AsksMore, "more");
        Node(constrain.Table);
        Names("added", constrain.AddedColumns);
        List("keys", constrain.Keys);
        List("conditions", constrain.Conditions);
        List("values", constrain.Values);
        foreach (ForeignKeyClause key in constrain.ForeignKeys)
        {
            Open("references");
            List("columns", key.Columns);
            Node(key.Referenced);
            Names("referenced", key.ReferencedColumns);
            Close();
        }
    }

    private void Conflict(ConflictClause? conflict)
    {
        if (conflict is null) return;
        Open("conflict");
        List("on", conflict.Arbiters);
        Part("on-where", conflict.ArbiterWhere);
        if (conflict.Constraint is not null) Word($"(constraint {conflict.Constraint})");
        Flag(!conflict.Updates, "nothing");
        Assignments(conflict.Assignments);
        Part("where", conflict.Where);
        Close();
    }

    private void Arm(MergeArm arm)
    {
        Open($"when {arm.Match} {arm.Action}");
        Part("and", arm.Condition);
        Assignments(arm.Assignments);
        Names("columns", arm.Columns);
        List("subscripts", arm.Subscripts);
        List("values", arm.Values);
        Close();
    }

    private void Assignments(ImmutableArray<Assignment> assignments)
    {
        foreach (Assignment assignment in assignments)
        {
            Open("set");
            Word(string.Join(',', assignment.Columns));
            List("subscripts", assignment.Subscripts);
            Node(assignment.Value);
            Close();
        }
    }

    private void Returning(ImmutableArray<Target> targets, string? old, string? @new)
    {
        if (targets.IsEmpty) return;
        Open("returning");
        if (old is not null) Word($"old={old}");
        if (@new is not null) Word($"new={@new}");
        foreach (Target target in targets) Node(target);
        Close();
    }

    private void With(WithClause? with)
    {
        if (with is null) return;
        Open(with.IsRecursive ? "with-recursive" : "with");
        foreach (CommonTable table in with.Tables)
        {
            Open(table.Name);
            Names("columns", table.ColumnNames);
            Node(table.Body);
            foreach (AppendedColumn column in table.Appended)
            {
                Open($"append {column.Name}");
                Names("from", column.From);
                Flag(column.Decides, "decides");
                List("values", column.Values);
                Close();
            }

            Close();
        }

        Close();
    }

    private void QueryText(Query query)
    {
        switch (query)
        {
            case SelectQuery select:
                Open("select");
                With(select.With);
                Flag(select.IsDistinct, "distinct");
                List("distinct-on", select.DistinctOn);
                foreach (Target target in select.Targets) Node(target);
                Nodes("from", select.From);
                Part("where", select.Where);
                List("group", select.GroupBy);
                Flag(select.IsGrouped && select.GroupBy.IsEmpty, "grouped");
                Part("having", select.Having);
                Nodes("windows", select.Windows);
                break;
            case ValuesQuery values:
                Open("values");
                With(values.With);
                foreach (ImmutableArray<Expression> row in values.Rows) List("row", row);
                break;
            case SetOperationQuery operation:
                Open(operation.Operator.ToString().ToLowerInvariant() + (operation.IsAll ? "-all" : ""));
                With(operation.With);
                Node(operation.Left);
                Node(operation.Right);
                break;
            case OpaqueQuery opaque:
                Open($"OPAQUE-QUERY {opaque.Because}");
                break;
            default:
                Open(query.GetType().Name);
                break;
        }

        List("order", query.OrderBy);
        Part("limit", query.Limit);
        Part("offset", query.Offset);
        Flag(query.HasTies, "ties");
        Flag(query.Locks, "locks");
        Close();
    }

    private void SourceText(Source source)
    {
        switch (source)
        {
            case TableSource table:
                Open("table");
                Flag(table.IsOnly, "only");
                Word(table.Name.ToString());
                List("sample", table.Sample);
                break;
            case SubquerySource subquery:
                Open(subquery.IsLateral ? "lateral" : "subquery");
                Node(subquery.Query);
                break;
            case FunctionSource function:
                Open("calls");
                foreach (Expression call in function.Calls) Node(call);
                Names("defines", function.DefinedColumns);
                Flag(function.HasOrdinality, "ordinality");
                break;
            case TableFunctionSource function:
                List("table-function", function.Inputs);
                _text.Length--;
                Names("columns", function.Columns);
                break;
            case JoinSource join:
                Open($"{join.Kind.ToString().ToLowerInvariant()}-join");
                Node(join.Left);
                Node(join.Right);
                Part("on", join.On);
                Flag(join.IsNatural, "natural");
                Names("using", join.Using);
                if (join.UsingAlias is not null) Word($"using-as={join.UsingAlias}");
                break;
            case OpaqueSource opaque:
                Open($"OPAQUE-SOURCE {opaque.Because}");
                break;
            default:
                Open(source.GetType().Name);
                break;
        }

        if (source.Alias is not null) Word($"as={source.Alias}");
        Names("aliases", source.ColumnAliases);
        Close();
    }

    private void TargetText(Target target)
    {
        if (target.Alias is null)
        {
            Node(target.Value);
            return;
        }

        Part($"as {target.Alias}", target.Value);
    }

    private void WindowText(Window window)
    {
        Open("window");
        if (window.Name is not null) Word($"name={window.Name}");
        if (window.Base is not null) Word($"base={window.Base}");
        List("partition", window.PartitionBy);
        List("order", window.OrderBy);
        List("frame", window.FrameOffsets);
        Close();
    }
}
