using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>From a statement's node to its kind. Where one node serves several statements, <see cref="StatementReader"/> decides further.</summary>
internal static class StatementKinds
{
    public static StatementKind Of(TreeNodeType type) => type switch
    {
        TreeNodeType.SelectStmt => StatementKind.Select,
        TreeNodeType.InsertStmt => StatementKind.Insert,
        TreeNodeType.UpdateStmt => StatementKind.Update,
        TreeNodeType.DeleteStmt => StatementKind.Delete,
        TreeNodeType.MergeStmt => StatementKind.Merge,
        TreeNodeType.CopyStmt => StatementKind.CopyServerSide,
        TreeNodeType.CreateTableAsStmt => StatementKind.CreateTableAs,
        TreeNodeType.ExplainStmt => StatementKind.Explain,
        TreeNodeType.PrepareStmt => StatementKind.Prepare,
        TreeNodeType.ExecuteStmt => StatementKind.Execute,
        TreeNodeType.DeallocateStmt => StatementKind.Deallocate,
        TreeNodeType.DeclareCursorStmt => StatementKind.DeclareCursor,
        TreeNodeType.FetchStmt => StatementKind.Fetch,
        TreeNodeType.ClosePortalStmt => StatementKind.CloseCursor,
        TreeNodeType.VariableShowStmt => StatementKind.ShowSetting,
        TreeNodeType.ConstraintsSetStmt => StatementKind.SetTransaction,
        TreeNodeType.DiscardStmt => StatementKind.Discard,
        TreeNodeType.ListenStmt => StatementKind.Listen,
        TreeNodeType.UnlistenStmt => StatementKind.Unlisten,
        TreeNodeType.NotifyStmt => StatementKind.Notify,
        TreeNodeType.LockStmt => StatementKind.Lock,
        TreeNodeType.CallStmt => StatementKind.Call,
        TreeNodeType.DoStmt => StatementKind.Do,
        _ => OfDefinition(type),
    };

    /// <summary>
    /// True for statements whose effect lies in code or in places the text does not show: function bodies, extension scripts, other servers.
    /// </summary>
    public static bool IsOpaque(TreeNodeType type) => type is
        TreeNodeType.DoStmt or TreeNodeType.CreateFunctionStmt or TreeNodeType.CreateExtensionStmt or TreeNodeType.AlterExtensionStmt
        or TreeNodeType.AlterExtensionContentsStmt or TreeNodeType.ImportForeignSchemaStmt or TreeNodeType.CreateSubscriptionStmt
        or TreeNodeType.AlterSubscriptionStmt or TreeNodeType.DropSubscriptionStmt or TreeNodeType.LoadStmt
        or TreeNodeType.CreatePLangStmt or TreeNodeType.CreateEventTrigStmt;

    private static StatementKind OfDefinition(TreeNodeType type) => type switch
    {
        TreeNodeType.GrantStmt or TreeNodeType.GrantRoleStmt or TreeNodeType.AlterDefaultPrivilegesStmt or TreeNodeType.CreateRoleStmt
            or TreeNodeType.AlterRoleStmt or TreeNodeType.AlterRoleSetStmt or TreeNodeType.DropRoleStmt or TreeNodeType.AlterOwnerStmt
            or TreeNodeType.CreatePolicyStmt or TreeNodeType.AlterPolicyStmt or TreeNodeType.SecLabelStmt or TreeNodeType.DropOwnedStmt
            or TreeNodeType.ReassignOwnedStmt or TreeNodeType.CreateUserMappingStmt or TreeNodeType.AlterUserMappingStmt
            or TreeNodeType.DropUserMappingStmt
            // Columns are classified by name, so whoever names them decides what is shown.
            or TreeNodeType.RenameStmt or TreeNodeType.AlterObjectSchemaStmt => StatementKind.Privilege,
        TreeNodeType.VacuumStmt or TreeNodeType.ClusterStmt or TreeNodeType.ReindexStmt or TreeNodeType.CheckPointStmt
            or TreeNodeType.LoadStmt or TreeNodeType.AlterSystemStmt or TreeNodeType.CreatedbStmt or TreeNodeType.DropdbStmt
            or TreeNodeType.AlterDatabaseStmt or TreeNodeType.AlterDatabaseSetStmt or TreeNodeType.AlterDatabaseRefreshCollStmt
            or TreeNodeType.CreateTableSpaceStmt or TreeNodeType.DropTableSpaceStmt or TreeNodeType.AlterTableSpaceOptionsStmt
            or TreeNodeType.AlterTableMoveAllStmt or TreeNodeType.CreateExtensionStmt or TreeNodeType.AlterExtensionStmt
            or TreeNodeType.AlterExtensionContentsStmt or TreeNodeType.CreatePublicationStmt or TreeNodeType.AlterPublicationStmt
            or TreeNodeType.CreateSubscriptionStmt or TreeNodeType.AlterSubscriptionStmt or TreeNodeType.DropSubscriptionStmt
            => StatementKind.Administrative,
        _ => IsDefinition(type) ? StatementKind.Schema : StatementKind.Unknown,
    };

    private static bool IsDefinition(TreeNodeType type) => type is
        TreeNodeType.CreateSchemaStmt or TreeNodeType.AlterTableStmt or TreeNodeType.CreateStmt or TreeNodeType.CreateTrigStmt
        or TreeNodeType.CreateSeqStmt or TreeNodeType.AlterSeqStmt or TreeNodeType.CreateDomainStmt or TreeNodeType.AlterDomainStmt
        or TreeNodeType.DropStmt or TreeNodeType.TruncateStmt or TreeNodeType.CommentStmt or TreeNodeType.IndexStmt
        or TreeNodeType.CreateStatsStmt or TreeNodeType.AlterStatsStmt or TreeNodeType.CreateFunctionStmt or TreeNodeType.AlterFunctionStmt
        or TreeNodeType.RuleStmt or TreeNodeType.CompositeTypeStmt
        or TreeNodeType.CreateEnumStmt or TreeNodeType.AlterEnumStmt or TreeNodeType.CreateRangeStmt or TreeNodeType.ViewStmt
        or TreeNodeType.RefreshMatViewStmt or TreeNodeType.AlterObjectDependsStmt or TreeNodeType.CreateForeignTableStmt
        or TreeNodeType.ImportForeignSchemaStmt or TreeNodeType.CreateFdwStmt or TreeNodeType.AlterFdwStmt
        or TreeNodeType.CreateForeignServerStmt or TreeNodeType.AlterForeignServerStmt or TreeNodeType.CreateEventTrigStmt
        or TreeNodeType.AlterEventTrigStmt or TreeNodeType.CreatePLangStmt or TreeNodeType.CreateCastStmt
        or TreeNodeType.CreateConversionStmt or TreeNodeType.CreateTransformStmt or TreeNodeType.CreateAmStmt or TreeNodeType.DefineStmt
        or TreeNodeType.CreateOpClassStmt or TreeNodeType.CreateOpFamilyStmt or TreeNodeType.AlterOpFamilyStmt
        or TreeNodeType.AlterOperatorStmt or TreeNodeType.AlterTypeStmt or TreeNodeType.AlterCollationStmt
        or TreeNodeType.AlterTSDictionaryStmt or TreeNodeType.AlterTSConfigurationStmt;
}
