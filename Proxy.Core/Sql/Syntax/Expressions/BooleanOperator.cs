namespace Proxy.Core.Sql.Syntax;

/// <summary>The connectives of logic.</summary>
public enum BooleanOperator : byte
{
    And = 0,
    Or,
    Not,
}
