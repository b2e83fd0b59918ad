using Proxy.Core.Sql.Postgres.Building;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>Turns one statement of a parse tree into a <see cref="StatementReading"/>. Not thread-safe; used again for each statement.</summary>
internal sealed class StatementReader
{
    private readonly Mentions _found = new();

    /// <summary>Reads the statement whose node is at <paramref name="root"/>.</summary>
    public StatementReading Read(TreeText text, int root, int start, int length, int commas)
    {
        Statement? syntax = StatementBuilder.Build(text, root);
        return Read(text, root, start, length, commas, syntax, syntax is null ? 0 : EstimateBytes(text, root, length));
    }

    private StatementReading Read(TreeText text, int root, int start, int length, int commas, Statement? syntax, int syntaxBytes)
    {
        _found.Clear();
        new StatementWalker(text, _found).Walk(root);
        TreeNodeType type = text.Tree[root].Type;
        StatementDetails details = Describe(text, root, type, StatementKinds.Of(type));
        StatementKind kind = details.Kind;
        _found.Kinds.Remove(kind);
        _found.Kinds.Remove(StatementKinds.Of(type));
        var reading = new StatementReading
        {
            Kind = kind,
            Start = start,
            Length = length,
            Commas = commas,
            ObjectName = details.ObjectName,
            Copy = details.Copy,
            IsHoldable = details.IsHoldable,
            IsChained = details.IsChained,
            IsReadOnly = details.IsReadOnly,
            Relations = _found.Relations.ToImmutable(),
            Functions = _found.Functions.ToImmutable(),
            Operators = _found.Operators.ToImmutable(),
            Types = _found.Types.ToImmutable(),
            Settings = _found.Settings.ToImmutable(),
            Columns = _found.Columns.ToImmutable(),
            Attributes = _found.Attributes.ToImmutable(),
            Fields = _found.Fields.ToImmutable(),
            StoredColumns = _found.StoredColumns.ToImmutable(),
            Parameters = [.. _found.Parameters],
            MaskLikeLiterals = _found.MaskLikeLiterals.ToImmutable(),
            NestedKinds = _found.Kinds.Count == 0 ? [] : [.. _found.Kinds],
            MinimumServerVersion = _found.MinimumServerVersion,
            Syntax = syntax,
            SyntaxBytes = syntaxBytes,
            OpaqueBecause = _found.OpaqueBecause ?? (kind == StatementKind.Unknown ? $"the reader does not know {type}" : null),
        };

        // Only now, because it uses the same lists. The grammar nests such statements four deep at most.
        int inner = InnerStatement(text, root, type);
        if (inner < 0) return reading;
        return reading with { Inner = Read(text, inner, start, length, commas, StatementBuilder.InnerOf(syntax), syntaxBytes: 0) };
    }

    /// <summary>An object of the common tree for every few entries, and the values of literals in two bytes a character.</summary>
    private static int EstimateBytes(TreeText text, int root, int length)
    {
        const int PerEntry = 32;
        return ((text.Tree[root].End - root) * PerEntry) + (2 * length);
    }

    private static int InnerStatement(TreeText text, int root, TreeNodeType type) =>
        type is TreeNodeType.PrepareStmt or TreeNodeType.ExplainStmt or TreeNodeType.DeclareCursorStmt or TreeNodeType.CopyStmt
            or TreeNodeType.CreateTableAsStmt
            ? text.Tree.Child(root, TreeField.Query)
            : -1;

    /// <summary>The part of a reading that is not the sum of mentions.</summary>
    private StatementDetails Describe(TreeText text, int root, TreeNodeType type, StatementKind kind)
    {
        var details = new StatementDetails { Kind = kind };
        switch (type)
        {
            case TreeNodeType.SelectStmt:
                return _found.Kinds.Contains(StatementKind.CreateTableAs) ? details with { Kind = StatementKind.CreateTableAs } : details;
            case TreeNodeType.TransactionStmt:
                return Transaction(text, root, _found);
            case TreeNodeType.VariableSetStmt:
                return details with { Kind = SettingReader.AddSet(text, root, _found) };
            case TreeNodeType.VariableShowStmt:
                SettingReader.AddShow(text, root, _found);
                return details;
            case TreeNodeType.CopyStmt:
                StatementKind copy = CopyKind(text, root);
                return details with { Kind = copy, Copy = copy == StatementKind.CopyOut ? CopyReader.Read(text, root) : null };
            case TreeNodeType.ExplainStmt:
                AddStoredExecution(text, text.Tree.Child(root, TreeField.Query));
                if (ExplainOptions.Measures(text, root)) _found.Opaque("EXPLAIN with SERIALIZE or MEMORY");
                return details with { IsReadOnly = !ExplainOptions.IsAnalyze(text, root) };
            case TreeNodeType.PrepareStmt or TreeNodeType.ExecuteStmt or TreeNodeType.DeallocateStmt:
                return details with { ObjectName = text.NameOf(root, TreeField.Name) };
            case TreeNodeType.DeclareCursorStmt:
                return details with { ObjectName = text.NameOf(root, TreeField.Portalname), IsHoldable = IsHoldable(text, root) };
            case TreeNodeType.FetchStmt or TreeNodeType.ClosePortalStmt:
                return details with { ObjectName = text.NameOf(root, TreeField.Portalname) };
            case TreeNodeType.ListenStmt or TreeNodeType.UnlistenStmt or TreeNodeType.NotifyStmt:
                return details with { ObjectName = text.NameOf(root, TreeField.Conditionname) };
            case TreeNodeType.DiscardStmt:
                return details with { ObjectName = DiscardTarget(text, root) };
            default:
                DescribeDefinition(text, root, type, ref details);
                return details;
        }
    }

    private void DescribeDefinition(TreeText text, int root, TreeNodeType type, ref StatementDetails details)
    {
        switch (type)
        {
            case TreeNodeType.CreateTableAsStmt:
                AddStoredExecution(text, root);
                break;
            case TreeNodeType.DropStmt when WrittenRelations.IsRelation(text.RawOf(root, TreeField.RemoveType)):
                AddListedRelations(text, root, TreeField.Objects, isWritten: true);
                break;
            case TreeNodeType.CommentStmt or TreeNodeType.SecLabelStmt when WrittenRelations.IsRelation(text.RawOf(root, TreeField.Objtype)):
                AddListedRelations(text, root, TreeField.Object, isWritten: false);
                break;
            case TreeNodeType.CreateTrigStmt:
                if (text.Qualified(root, TreeField.Funcname) is { } function) _found.Functions.Add(function);
                break;
            case TreeNodeType.AlterTableStmt when ChangesAccess(text, root):
                details = details with { Kind = StatementKind.Privilege };
                break;
        }
    }

    /// <summary>CREATE TABLE … AS EXECUTE, also inside EXPLAIN, whose ANALYZE makes the table.</summary>
    private void AddStoredExecution(TreeText text, int statement)
    {
        if (statement < 0 || text.Tree[statement].Type != TreeNodeType.CreateTableAsStmt) return;
        int query = text.Tree.Child(statement, TreeField.Query);
        if (query < 0 || text.Tree[query].Type != TreeNodeType.ExecuteStmt) return;
        _found.StoredColumns.Add("*");
        _found.Opaque("it stores what a prepared statement selects");
    }

    private static StatementDetails Transaction(TreeText text, int root, Mentions found)
    {
        ReadOnlySpan<byte> kind = text.RawOf(root, TreeField.Kind);
        var details = new StatementDetails
        {
            Kind = TransactionKind(kind),
            IsChained = text.Tree.Has(root, TreeField.Chain),
            ObjectName = text.NameOf(root, TreeField.SavepointName) ?? text.NameOf(root, TreeField.Gid),
        };
        if (details.Kind == StatementKind.Begin)
        {
            details = details with { IsReadOnly = SettingReader.IsReadOnly(text, root, TreeField.Options) };
            SettingReader.AddModes(text, root, TreeField.Options, isLocal: true, found);
        }

        return details;
    }

    private static StatementKind TransactionKind(ReadOnlySpan<byte> kind)
    {
        if (kind.SequenceEqual("TRANS_STMT_BEGIN"u8) || kind.SequenceEqual("TRANS_STMT_START"u8)) return StatementKind.Begin;
        if (kind.SequenceEqual("TRANS_STMT_COMMIT"u8)) return StatementKind.Commit;
        if (kind.SequenceEqual("TRANS_STMT_ROLLBACK"u8)) return StatementKind.Rollback;
        if (kind.SequenceEqual("TRANS_STMT_SAVEPOINT"u8)) return StatementKind.Savepoint;
        if (kind.SequenceEqual("TRANS_STMT_RELEASE"u8)) return StatementKind.ReleaseSavepoint;
        if (kind.SequenceEqual("TRANS_STMT_ROLLBACK_TO"u8)) return StatementKind.RollbackToSavepoint;
        if (kind.SequenceEqual("TRANS_STMT_PREPARE"u8)) return StatementKind.PrepareTransaction;
        if (kind.SequenceEqual("TRANS_STMT_COMMIT_PREPARED"u8)) return StatementKind.CommitPrepared;
        return kind.SequenceEqual("TRANS_STMT_ROLLBACK_PREPARED"u8) ? StatementKind.RollbackPrepared : StatementKind.Unknown;
    }

    private static StatementKind CopyKind(TreeText text, int root)
    {
        if (text.Tree.Has(root, TreeField.Filename) || text.Tree.Has(root, TreeField.IsProgram)) return StatementKind.CopyServerSide;
        return text.Tree.Has(root, TreeField.IsFrom) ? StatementKind.CopyIn : StatementKind.CopyOut;
    }

    private static bool IsHoldable(TreeText text, int root)
    {
        const int CursorOptHold = 0x0020;
        int options = text.Tree.Child(root, TreeField.Options);
        return options >= 0 && text.Tree[options].Type == TreeNodeType.Number && (text.Tree.Number(options) & CursorOptHold) != 0;
    }

    private static string? DiscardTarget(TreeText text, int root)
    {
        ReadOnlySpan<byte> target = text.RawOf(root, TreeField.Target);
        if (target.SequenceEqual("DISCARD_PLANS"u8)) return "plans";
        if (target.SequenceEqual("DISCARD_SEQUENCES"u8)) return "sequences";
        return target.SequenceEqual("DISCARD_TEMP"u8) ? "temp" : "all";
    }

    private void AddListedRelations(TreeText text, int root, TreeField field, bool isWritten)
    {
        int end = text.Tree[root].End;
        for (int item = root + 1; item < end; item = text.Tree[item].End)
        {
            if (text.Tree[item].Field != field || text.Qualified(item, TreeField.Items) is not { } name) continue;
            _found.Relations.Add(new RelationMention(name, isWritten));
        }
    }

    /// <summary>Ownership and row security decide who sees what: a matter of privileges.</summary>
    private static bool ChangesAccess(TreeText text, int root)
    {
        int end = text.Tree[root].End;
        for (int command = root + 1; command < end; command = text.Tree[command].End)
        {
            ReadOnlySpan<byte> subtype = text.RawOf(command, TreeField.Subtype);
            if (subtype.SequenceEqual("AT_ChangeOwner"u8) || subtype.EndsWith("RowSecurity"u8)) return true;
        }

        return false;
    }
}
