namespace Proxy.Core.Catalogue;

/// <summary>pg_proc.proargmodes.</summary>
public enum ArgumentMode : byte
{
    In = 0,
    Out,
    InOut,
    Variadic,

    /// <summary>A column of RETURNS TABLE.</summary>
    Table,
}
