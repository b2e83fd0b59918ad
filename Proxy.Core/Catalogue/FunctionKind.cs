namespace Proxy.Core.Catalogue;

/// <summary>pg_proc.prokind.</summary>
public enum FunctionKind : byte
{
    Unknown = 0,
    Function,
    Procedure,
    Aggregate,
    Window,
}
