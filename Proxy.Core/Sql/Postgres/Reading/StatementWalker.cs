using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>
/// Walks one statement's nodes, outer before inner, and collects what they mention. A loop with a stack of its own: the depth of a statement is
/// the client's choice, and must not be our stack's.
/// </summary>
internal ref struct StatementWalker(TreeText text, Mentions found)
{
    /// <summary>Comparisons of a name with the names in WITH, for one statement: both are the client's choice, their product is time.</summary>
    private const int WithComparisonsMax = 2_000_000;

    private const string PgCatalog = "pg_catalog";
    private const string Star = "*";

    private readonly TreeText _text = text;
    private readonly Mentions _found = found;
    private int _withComparisons;

    public void Walk(int root)
    {
        ParseTree tree = _text.Tree;
        int end = tree[root].End;
        Stack<WalkContext> contexts = _found.Contexts;
        contexts.Push(new WalkContext { Index = -1, End = end, Type = TreeNodeType.RawStmt, Scope = -1 });
        for (int index = root; index < end;)
        {
            while (contexts.Peek().End <= index) contexts.Pop();
            WalkContext parent = contexts.Peek();
            ref readonly TreeEntry entry = ref tree[index];
            _found.RequireServer(ServerVersions.OfField(parent.Type, entry.Field));
            var context = new WalkContext
            {
                Index = index,
                End = entry.End,
                Type = entry.Type,
                Flags = FlagsFor(parent, entry.Field),
                Scope = parent.Scope,
            };
            bool isDone = Visit(ref context, parent, entry.Field);
            if (!isDone && entry.End > index + 1) contexts.Push(context);
            index = isDone ? entry.End : index + 1;
        }

        if (_found.Columns.Overlaps(_found.RowNames)) _found.Columns.Add(Star);
        if (_found.StoredColumns.Overlaps(_found.RowNames)) _found.StoredColumns.Add(Star);
        if (_found.IsOverfull) _found.Opaque("more names than the reader keeps");
    }

    /// <summary>SELECT … INTO stores what all arms of a set operation select; the INTO stands in the leftmost one.</summary>
    private readonly WalkFlags FlagsOfSelect(int root)
    {
        for (int select = root; select >= 0; select = _text.Tree.Child(select, TreeField.Larg))
        {
            if (_text.Tree.Has(select, TreeField.IntoClause)) return WalkFlags.Stored;
        }

        return WalkFlags.None;
    }

    private static WalkFlags FlagsFor(in WalkContext parent, TreeField field)
    {
        WalkFlags flags = parent.Flags;
        bool isCondition = field is TreeField.WhereClause or TreeField.Quals or TreeField.HavingClause or TreeField.GroupClause
            or TreeField.SortClause or TreeField.LimitOffset or TreeField.LimitCount or TreeField.WindowClause or TreeField.DistinctClause
            or TreeField.JoinCondition or TreeField.Condition;
        if (isCondition && (flags & WalkFlags.StoredWithConditions) == 0) return WalkFlags.None;
        return (parent.Type, field) switch
        {
            (TreeNodeType.InsertStmt, TreeField.SelectStmt or TreeField.WithClause) => WalkFlags.Stored,
            (TreeNodeType.InsertStmt, TreeField.OnConflictClause) => WalkFlags.None,
            (TreeNodeType.OnConflictClause, TreeField.TargetList) => WalkFlags.Stored | WalkFlags.ConflictSet,
            (TreeNodeType.UpdateStmt, TreeField.TargetList or TreeField.FromClause or TreeField.WithClause) => WalkFlags.Stored,
            (TreeNodeType.MergeStmt, TreeField.SourceRelation or TreeField.WithClause) => WalkFlags.Stored,
            (TreeNodeType.MergeWhenClause, TreeField.TargetList or TreeField.Values) => WalkFlags.Stored,
            (TreeNodeType.CreateTableAsStmt, TreeField.Query) => WalkFlags.Stored,
            // ALTER COLUMN … TYPE … USING another column.
            (TreeNodeType.AlterTableCmd, TreeField.Def) => WalkFlags.Stored,
            _ => flags,
        };
    }

    /// <summary>Takes note of one node. True when there is nothing more to see inside it.</summary>
    private bool Visit(ref WalkContext context, in WalkContext parent, TreeField field)
    {
        int index = context.Index;
        _found.RequireServer(ServerVersions.OfNode(context.Type));
        switch (context.Type)
        {
            case TreeNodeType.Unrecognised:
                string name = System.Text.Encoding.UTF8.GetString(_text.Raw(index));
                _found.Opaque(name.Length > 0 ? $"the reader does not know {name}" : $"the reader does not know a part of {parent.Type}");
                return false;
            case TreeNodeType.AConst:
                VisitLiteral(index);
                return true;
            case TreeNodeType.ParamRef:
                _found.Parameters.Add(_text.Tree.Child(index, TreeField.Number) is var number and >= 0 ? _text.Tree.Number(number) : 0);
                return true;
            case TreeNodeType.ColumnRef:
                VisitColumn(context);
                return true;
            case TreeNodeType.String:
                if (parent.Type == TreeNodeType.AIndirection && field == TreeField.Indirection) AddField(_text.StringValue(index), context.Flags);
                if (parent.Type == TreeNodeType.JoinExpr && field == TreeField.UsingClause) VisitUsing(index);
                if (parent.Type == TreeNodeType.CopyStmt && field == TreeField.Attlist) _found.Columns.Add(_text.StringValue(index));
                return true;
            case TreeNodeType.AStar:
                _found.Columns.Add(Star);
                if ((context.Flags & WalkFlags.Stored) != 0) _found.StoredColumns.Add(Star);
                return true;
            case TreeNodeType.RangeVar:
                VisitRelation(context, parent, field);
                return true;
            case TreeNodeType.TypeName:
                if (_text.Qualified(index, TreeField.Names) is { } type) _found.Types.Add(type);
                return true;
            case TreeNodeType.LockingClause:
                // FOR UPDATE OF names relations of the same FROM, by alias.
                return true;
            default:
                return VisitInner(ref context, parent);
        }
    }

    /// <summary>Tokens and constants of masks are plain ASCII, which JSON writes as it is.</summary>
    private readonly void VisitLiteral(int index)
    {
        int value = index + 1;
        if (value >= _text.Tree[index].End || _text.Tree[value].Field != TreeField.Sval) return;
        int text = _text.Tree.Child(value, TreeField.Sval);
        if (text < 0) return;
        ReadOnlySpan<byte> raw = _text.Raw(text);
        if (raw.IndexOf("pt_"u8) >= 0 || raw.IndexOf("****"u8) >= 0 || raw.IndexOf("<masked"u8) >= 0) _found.MaskLikeLiterals.Add(_text.Value(text));
    }

    private readonly bool VisitInner(ref WalkContext context, in WalkContext parent)
    {
        int index = context.Index;
        switch (context.Type)
        {
            case TreeNodeType.FuncCall:
                VisitCall(index);
                break;
            case TreeNodeType.AExpr:
                Operators.Add(_text, index, _found.Operators);
                break;
            case TreeNodeType.SubLink:
                Operators.AddOfSubquery(_text, index, _found.Operators);
                if ((context.Flags & WalkFlags.Stored) != 0) context.Flags |= WalkFlags.StoredWithConditions;
                break;
            case TreeNodeType.CaseExpr:
                if (_text.Tree.Has(index, TreeField.Arg)) _found.Operators.Add(new QualifiedName(null, "="));
                break;
            case TreeNodeType.SortBy:
                if (_text.Qualified(index, TreeField.UseOp) is { } sortOperator) _found.Operators.Add(sortOperator);
                break;
            case TreeNodeType.RangeTableSample:
                if (_text.Qualified(index, TreeField.Method) is { } method) _found.Functions.Add(method);
                break;
            case TreeNodeType.JoinExpr:
                VisitJoin(index, context.Flags);
                break;
            case TreeNodeType.IntoClause:
                if (parent.Type == TreeNodeType.SelectStmt) _found.Kinds.Add(StatementKind.CreateTableAs);
                break;
            case TreeNodeType.SelectStmt:
                context.Flags &= ~WalkFlags.ConflictSet;
                if (parent.Type != TreeNodeType.SelectStmt) context.Flags |= FlagsOfSelect(index);
                EnterWith(ref context);
                break;
            case TreeNodeType.CommonTableExpr:
                EnterCommonTable(ref context, parent);
                break;
            case TreeNodeType.ReturningClause:
                _found.RowNames.Add("old");
                _found.RowNames.Add("new");
                break;
            case TreeNodeType.ReturningOption:
                if (_text.NameOf(index, TreeField.Value) is { } rowName) _found.RowNames.Add(rowName);
                break;
            case TreeNodeType.OnConflictClause:
                _found.RowNames.Add("excluded");
                break;
            default:
                VisitStatementOrSyntax(ref context);
                break;
        }

        return false;
    }

    private readonly void VisitStatementOrSyntax(ref WalkContext context)
    {
        if (SyntaxFunctions.NameOf(context.Type, _text.RawOf(context.Index, TreeField.Op)) is { } function)
        {
            _found.Functions.Add(new QualifiedName(PgCatalog, function));
            return;
        }

        if (context.Type is TreeNodeType.InsertStmt or TreeNodeType.UpdateStmt or TreeNodeType.DeleteStmt or TreeNodeType.MergeStmt)
        {
            EnterWith(ref context);
        }

        StatementKind kind = StatementKinds.Of(context.Type);
        if (kind != StatementKind.Unknown) _found.Kinds.Add(kind);
        if (StatementKinds.IsOpaque(context.Type)) _found.Opaque($"{context.Type} runs what the text does not show");
    }

    private readonly void EnterWith(ref WalkContext context)
    {
        int with = _text.Tree.Child(context.Index, TreeField.WithClause);
        if (with >= 0) context.Scope = AddScope(new WithScope(context.Scope, with, int.MaxValue));
    }

    private readonly void EnterCommonTable(ref WalkContext context, in WalkContext with)
    {
        if (with.Scope < 0 || _text.Tree.Has(with.Index, TreeField.Recursive)) return;
        context.Scope = AddScope(new WithScope(_found.Scopes[with.Scope].Parent, with.Index, context.Index));
    }

    private readonly int AddScope(WithScope scope)
    {
        _found.Scopes.Add(scope);
        return _found.Scopes.Count - 1;
    }

    /// <summary>Column references: <c>x</c> a column or a whole row, <c>a.x</c> a column or a function x of the row a, and stars.</summary>
    private readonly void VisitColumn(in WalkContext context)
    {
        ParseTree tree = _text.Tree;
        int count = 0;
        int last = -1;
        int beforeLast = -1;
        for (int child = context.Index + 1; child < context.End; child = tree[child].End)
        {
            if (tree[child].Field != TreeField.Fields) continue;
            count++;
            beforeLast = last;
            last = child;
        }

        if (last < 0) return;
        bool isStar = tree[last].Type == TreeNodeType.AStar;
        string name = isStar ? Star : _text.StringValue(last);
        _found.Columns.Add(name);
        string? qualifier = beforeLast < 0 ? null : _text.StringValue(beforeLast);
        if (count > 1 && !isStar) _found.Attributes.Add(name);
        if ((context.Flags & WalkFlags.Stored) == 0) return;
        if ((context.Flags & WalkFlags.ConflictSet) != 0 && count == 2 && qualifier == "excluded" && !isStar) return;
        _found.StoredColumns.Add(isStar && qualifier is not null ? qualifier : name);
    }

    private readonly void AddField(string name, WalkFlags flags)
    {
        _found.Columns.Add(name);
        _found.Attributes.Add(name);
        _found.Fields.Add(name);
        if ((flags & WalkFlags.Stored) != 0) _found.StoredColumns.Add(name);
    }

    private readonly void VisitUsing(int index)
    {
        _found.Columns.Add(_text.StringValue(index));
        _found.Operators.Add(new QualifiedName(null, "="));
    }

    private readonly void VisitJoin(int index, WalkFlags flags)
    {
        if (_text.Tree.Has(index, TreeField.IsNatural))
        {
            _found.Columns.Add(Star);
            _found.Operators.Add(new QualifiedName(null, "="));
        }

        AddAlias(index, flags);
    }

    /// <summary>Column aliases rename what the catalogue knows, so they stand for any column.</summary>
    private readonly bool AddAlias(int index, WalkFlags flags)
    {
        int alias = _text.Tree.Child(index, TreeField.Alias);
        if (alias < 0) return false;
        if (_text.NameOf(alias, TreeField.Aliasname) is { } name) _found.RowNames.Add(name);
        if (!_text.Tree.Has(alias, TreeField.Colnames)) return true;
        _found.Columns.Add(Star);
        if ((flags & WalkFlags.Stored) != 0) _found.StoredColumns.Add(Star);
        return true;
    }

    private void VisitRelation(in WalkContext context, in WalkContext parent, TreeField field)
    {
        int index = context.Index;
        bool isSource = field is TreeField.FromClause or TreeField.UsingClause or TreeField.SourceRelation
            || (parent.Type == TreeNodeType.JoinExpr && field is TreeField.Larg or TreeField.Rarg)
            || parent.Type == TreeNodeType.RangeTableSample;
        string name = _text.NameOf(index, TreeField.Relname) ?? "";
        string? schema = _text.NameOf(index, TreeField.Schemaname);
        if (!AddAlias(index, context.Flags)) _found.RowNames.Add(name);
        if (isSource && schema is null && IsCommonTable(_text.RawOf(index, TreeField.Relname), context.Scope)) return;
        bool isWritten = WrittenRelations.IsWritten(parent.Type, field)
            || (parent.Type == TreeNodeType.CopyStmt && _text.Tree.Has(parent.Index, TreeField.IsFrom));
        _found.Relations.Add(new RelationMention(new QualifiedName(schema, name), isWritten));
        if (parent.Type == TreeNodeType.CopyStmt && !isWritten && !_text.Tree.Has(parent.Index, TreeField.Attlist)) _found.Columns.Add(Star);
    }

    private bool IsCommonTable(ReadOnlySpan<byte> name, int scope)
    {
        ParseTree tree = _text.Tree;
        for (; scope >= 0; scope = _found.Scopes[scope].Parent)
        {
            WithScope with = _found.Scopes[scope];
            int end = tree[with.With].End;
            for (int expression = with.With + 1; expression < end && expression < with.Before; expression = tree[expression].End)
            {
                if (++_withComparisons > WithComparisonsMax)
                {
                    _found.Opaque("more names in WITH than the reader follows");
                    return false;
                }

                if (_text.Is(expression, TreeField.Ctename, name)) return true;
            }
        }

        return false;
    }

    private readonly void VisitCall(int index)
    {
        if (_text.Qualified(index, TreeField.Funcname) is not { } function)
        {
            _found.Opaque("a call without a name");
            return;
        }

        _found.Functions.Add(function);
        _found.RequireServer(ServerVersions.OfFunction(function.Schema, function.Name));
        if (function.Name == "set_config") SettingReader.AddCall(_text, index, _found);
    }
}
