namespace Proxy.Core.Catalogue.Facts;

/// <summary>Code of a user that runs although no statement names it.</summary>
/// <param name="On">The OID of what it hangs on: a type, or a relation with a row security policy.</param>
/// <param name="Function">The function's OID, or 0 where it is not one function.</param>
/// <param name="Extension">The extension that owns the code, or null.</param>
public readonly record struct HiddenCodeFact(uint On, uint Function, string? Extension);
