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

    /// <summary>SHOW, DESCRIBE: what the server says of itself or of a relation.</summary>
    Show,

    /// <summary>Expressions that are computed without an answer.</summary>
    Evaluate,

    /// <summary>HANDLER: a relation read by its indexes, without a query.</summary>
    Handler,

    /// <summary>Ends another session or what it runs.</summary>
    Kill,

    /// <summary>A file that the server asks the client for.</summary>
    LoadLocal,

    /// <summary>USE: another database by default.</summary>
    UseDatabase,
}
