namespace Proxy.Core.Sql.Lineage;

/// <summary>Whether a call fails for some values, and what NULL from it says.</summary>
/// <param name="IsTotal">No value of what is not the client's own makes it fail.</param>
/// <param name="MayFail">The client's own arguments may make it fail for every value but NULL.</param>
/// <param name="IsStrict">It is NULL exactly where an argument is.</param>
internal readonly record struct Totality(bool IsTotal, bool MayFail, bool IsStrict);
