namespace Proxy.Core.Masking;

/// <summary>A column of a result, as the server described it and the portal asked for it. Holds no name: a client can name a column as it likes.</summary>
/// <param name="RelationOid">The relation it comes from, or 0.</param>
/// <param name="AttributeNumber">The column's number there, or 0; negative for system columns such as ctid.</param>
/// <param name="TypeOid">Its type; a domain's base type.</param>
/// <param name="TypeModifier">-1 for none.</param>
/// <param name="IsBinary">Whether the values come in binary.</param>
public readonly record struct ResultColumn(uint RelationOid, short AttributeNumber, uint TypeOid, int TypeModifier, bool IsBinary)
{
    /// <summary>Whether the server says where it comes from. Neither part alone says so.</summary>
    public bool HasOrigin => RelationOid != 0 && AttributeNumber != 0;
}
