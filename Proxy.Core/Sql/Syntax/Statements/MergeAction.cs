namespace Proxy.Core.Sql.Syntax;

/// <summary>What an arm of MERGE does.</summary>
public enum MergeAction : byte
{
    Nothing = 0,
    Insert,
    Update,
    Delete,
}
