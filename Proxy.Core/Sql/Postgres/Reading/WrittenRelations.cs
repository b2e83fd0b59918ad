using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>Where a relation's name stands for a target: rows or the definition are changed. COPY is decided by its direction.</summary>
internal static class WrittenRelations
{
    public static bool IsWritten(TreeNodeType parent, TreeField field) => field switch
    {
        TreeField.Relation => parent is TreeNodeType.InsertStmt or TreeNodeType.UpdateStmt or TreeNodeType.DeleteStmt or TreeNodeType.MergeStmt
            or TreeNodeType.CreateStmt or TreeNodeType.AlterTableStmt or TreeNodeType.IndexStmt or TreeNodeType.RenameStmt
            or TreeNodeType.CreateTrigStmt or TreeNodeType.RuleStmt or TreeNodeType.RefreshMatViewStmt or TreeNodeType.AlterObjectSchemaStmt
            or TreeNodeType.AlterOwnerStmt,
        TreeField.Relations => parent is TreeNodeType.TruncateStmt,
        TreeField.Name => parent is TreeNodeType.PartitionCmd,
        TreeField.Rel or TreeField.View or TreeField.Table or TreeField.Sequence or TreeField.Typevar => true,
        _ => false,
    };

    /// <summary>DROP and COMMENT name their objects by lists of strings, whatever they are; these are relations.</summary>
    public static bool IsRelation(ReadOnlySpan<byte> objectType) =>
        objectType.SequenceEqual("OBJECT_TABLE"u8) || objectType.SequenceEqual("OBJECT_VIEW"u8) || objectType.SequenceEqual("OBJECT_MATVIEW"u8)
        || objectType.SequenceEqual("OBJECT_SEQUENCE"u8) || objectType.SequenceEqual("OBJECT_INDEX"u8)
        || objectType.SequenceEqual("OBJECT_FOREIGN_TABLE"u8);
}
