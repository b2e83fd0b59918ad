using System.Collections.Frozen;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Core.Catalogue;

/// <summary>What each type is made of in the end.</summary>
internal sealed class TypeShapes
{
    /// <summary>PostgreSQL allows no cycle; a catalogue that was tampered with might have one.</summary>
    private const int DepthMax = 64;

    private readonly FrozenDictionary<uint, TypeShape> _shapes;

    public TypeShapes(IReadOnlyList<TypeShapeFact> facts)
    {
        var parts = new Dictionary<uint, TypeShapeFact>(facts.Count);
        foreach (var fact in facts)
            parts[fact.TypeOid] = fact;
        _shapes = parts.Keys.ToFrozenDictionary(type => type, type => Resolve(type, parts));
    }

    public TypeShape Of(uint typeOid) => _shapes.TryGetValue(typeOid, out var shape) ? shape : TypeShape.Plain(typeOid);

    private static TypeShape Resolve(uint typeOid, Dictionary<uint, TypeShapeFact> parts)
    {
        var (current, beneath, isArray, isDomain) = (typeOid, typeOid, false, true);
        for (var depth = 0; depth < DepthMax && parts.TryGetValue(current, out var part); depth++)
        {
            if (part.RelationOid != 0)
                return new TypeShape(beneath, isArray, part.RelationOid);
            isArray |= part.ElementTypeOid != 0;
            isDomain &= part.BaseTypeOid != 0;
            current = part.BaseTypeOid != 0 ? part.BaseTypeOid : part.ElementTypeOid;
            if (isDomain)
                beneath = current;
        }
        return new TypeShape(beneath, isArray, RowOf: 0);
    }
}
