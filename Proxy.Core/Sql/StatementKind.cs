namespace Proxy.Core.Sql;

/// <summary>What a statement is, whatever the dialect. Zero is what nobody recognised, and is never allowed by default.</summary>
public enum StatementKind : byte
{
    Unknown = 0,
    Empty,
    Select,
    Insert,
    Update,
    Delete,
    Merge,

    /// <summary>COPY … FROM STDIN.</summary>
    CopyIn,

    /// <summary>COPY … TO STDOUT.</summary>
    CopyOut,

    /// <summary>COPY to or from a server-side file or program.</summary>
    CopyServerSide,
    CreateTableAs,
    Explain,
    Prepare,
    Execute,
    Deallocate,
    DeclareCursor,
    Fetch,
    CloseCursor,
    Begin,
    Commit,
    Rollback,
    Savepoint,
    ReleaseSavepoint,
    RollbackToSavepoint,
    PrepareTransaction,
    CommitPrepared,
    RollbackPrepared,
    SetSetting,
    ResetSetting,
    ShowSetting,
    SetTransaction,
    Discard,
    Listen,
    Unlisten,
    Notify,
    Lock,
    Call,

    /// <summary>An anonymous code block.</summary>
    Do,

    /// <summary>CREATE, ALTER, DROP, COMMENT, TRUNCATE and their like.</summary>
    Schema,

    /// <summary>GRANT, REVOKE, roles, ownership, policies, security labels.</summary>
    Privilege,

    /// <summary>VACUUM, ANALYZE, CHECKPOINT, LOAD, ALTER SYSTEM and their like.</summary>
    Administrative,
}
