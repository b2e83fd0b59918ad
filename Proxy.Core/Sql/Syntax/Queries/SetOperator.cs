namespace Proxy.Core.Sql.Syntax;

/// <summary>How two queries combine.</summary>
public enum SetOperator : byte
{
    Union = 0,
    Intersect,
    Except,
}
