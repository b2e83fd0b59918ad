using System.Collections.Frozen;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Core.Catalogue;

/// <summary>The types that are not the server's own, by OID. Immutable.</summary>
public sealed class CatalogueTypes
{
    private readonly FrozenDictionary<uint, TypeFact> _byOid;

    public CatalogueTypes(IEnumerable<TypeFact> facts) => _byOid = facts.ToFrozenDictionary(fact => fact.Oid);

    /// <summary>Knows the server's own types only.</summary>
    public static CatalogueTypes None { get; } = new([]);

    /// <summary>Null for the server's own types, and for what is not known.</summary>
    public TypeFact? Find(uint oid) => _byOid.GetValueOrDefault(oid);

    internal bool IsSameAs(CatalogueTypes other)
    {
        if (_byOid.Count != other._byOid.Count)
            return false;
        foreach (var fact in _byOid.Values)
            if (other.Find(fact.Oid) is not { } before || !AreSame(fact, before))
                return false;
        return true;
    }

    private static bool AreSame(TypeFact one, TypeFact other) =>
        one.Labels.SequenceEqual(other.Labels) && one.Attributes.SequenceEqual(other.Attributes)
        && one with { Labels = [], Attributes = [] } == other with { Labels = [], Attributes = [] };

    public override string ToString() => $"{_byOid.Count} types";
}
