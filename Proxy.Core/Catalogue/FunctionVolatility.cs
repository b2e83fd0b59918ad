namespace Proxy.Core.Catalogue;

/// <summary>pg_proc.provolatile. Zero promises nothing.</summary>
public enum FunctionVolatility : byte
{
    Volatile = 0,
    Stable,
    Immutable,
}
