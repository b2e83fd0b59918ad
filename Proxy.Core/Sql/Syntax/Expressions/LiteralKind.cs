namespace Proxy.Core.Sql.Syntax;

/// <summary>How a constant was written.</summary>
public enum LiteralKind : byte
{
    Text = 0,
    Number,
    Boolean,
    Bits,
    Null,
}
