namespace Proxy.Core.Catalogue.Facts;

/// <summary>A cast by a function of a user that the server applies by itself: implicit, or in an assignment.</summary>
/// <param name="Source">The OID of a type that only appears where it is named or a column has it; 0 for types whose values come without.</param>
/// <param name="Target">Likewise.</param>
/// <param name="Function">The function's OID.</param>
/// <param name="Extension">The extension that owns the function, or null.</param>
public readonly record struct CastFact(uint Source, uint Target, uint Function, string? Extension);
