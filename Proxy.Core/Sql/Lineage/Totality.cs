namespace Proxy.Core.Sql.Lineage;

/// <summary>Whether a function fails for some values, and what NULL from it says.</summary>
/// <param name="Always">It never fails.</param>
/// <param name="InOneArgument">It never fails because of one argument, when all the others are the client's literals or parameters.</param>
/// <param name="IsStrict">It is NULL exactly where an argument is.</param>
internal readonly record struct Totality(bool Always, bool InOneArgument, bool IsStrict);
