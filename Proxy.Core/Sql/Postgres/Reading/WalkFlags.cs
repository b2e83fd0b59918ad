namespace Proxy.Core.Sql.Postgres.Reading;

[Flags]
internal enum WalkFlags : byte
{
    None = 0,

    /// <summary>Values of columns named here are stored by the statement.</summary>
    Stored = 1,

    /// <summary>Inside a subquery used as a stored value: its conditions decide what is stored.</summary>
    StoredWithConditions = 2,

    /// <summary>The SET list of ON CONFLICT, where "excluded" means the row that was to be inserted.</summary>
    ConflictSet = 4,
}
