namespace Proxy.Core.Sql.Syntax;

/// <summary>Which rows without a partner a join keeps.</summary>
public enum JoinKind : byte
{
    Inner = 0,
    Left,
    Right,
    Full,
}
