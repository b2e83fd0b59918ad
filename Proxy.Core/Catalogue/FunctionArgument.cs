namespace Proxy.Core.Catalogue;

/// <summary>An argument of a function, or a column of its result. <see cref="Name"/> is null where it has none.</summary>
/// <param name="TypeName">As format_type prints it.</param>
public readonly record struct FunctionArgument(string? Name, ArgumentMode Mode, uint TypeOid, string TypeName)
{
    /// <summary>Whether a caller gives it.</summary>
    public bool IsInput => Mode is ArgumentMode.In or ArgumentMode.InOut or ArgumentMode.Variadic;

    /// <summary>Whether the result has a column of it.</summary>
    public bool IsOutput => Mode is ArgumentMode.Out or ArgumentMode.InOut or ArgumentMode.Table;
}
