using System.Collections.Frozen;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Core.Catalogue;

/// <summary>
/// By which snapshot names came to mean something else: of relations, that one which had the name is gone, as the others carry stamps; of code, that
/// anything of the name came, went or is reviewed otherwise. So a judgement can be compared with a snapshot that is not there any more. Immutable.
/// </summary>
internal sealed class NameChanges
{
    /// <summary>Beyond this many names everything older counts as changed.</summary>
    private const int NamesMax = 10_000;

    private readonly FrozenDictionary<string, long> _relations;
    private readonly FrozenDictionary<string, long> _code;
    private readonly long _floor;

    private NameChanges(FrozenDictionary<string, long> relations, FrozenDictionary<string, long> code, long floor)
    {
        _relations = relations;
        _code = code;
        _floor = floor;
    }

    /// <summary>Before the first snapshot of a database.</summary>
    public static NameChanges None { get; } = new(FrozenDictionary<string, long>.Empty, FrozenDictionary<string, long>.Empty, long.MaxValue);

    /// <summary>Of a snapshot that has none before it: nothing is known of what was.</summary>
    public static NameChanges StartingAt(long version) => new(FrozenDictionary<string, long>.Empty, FrozenDictionary<string, long>.Empty, version);

    /// <summary>With what has changed in the snapshot of this version.</summary>
    public NameChanges With(long version, ICollection<string> relations, ICollection<string> code)
    {
        if (relations.Count == 0 && code.Count == 0)
            return this;
        if (_relations.Count + _code.Count + relations.Count + code.Count > NamesMax)
            return StartingAt(version);
        return new NameChanges(Merged(_relations, relations, version), Merged(_code, code, version), _floor);
    }

    /// <summary>Whether no relation of this name went after the snapshot of that version.</summary>
    public bool KeptRelations(string name, long since) => since >= _floor && _relations.GetValueOrDefault(name, long.MinValue) <= since;

    /// <summary>Whether functions, operators and types of this name are those of the snapshot of that version.</summary>
    public bool KeptCode(string name, long since) => since >= _floor && _code.GetValueOrDefault(name, long.MinValue) <= since;

    /// <summary>Names of those that are in one set and not in the other.</summary>
    public static HashSet<string> Between(HashSet<CodeFact> before, HashSet<CodeFact> now)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var fact in before)
            if (!now.Contains(fact))
                names.Add(fact.Name);
        foreach (var fact in now)
            if (!before.Contains(fact))
                names.Add(fact.Name);
        return names;
    }

    private static FrozenDictionary<string, long> Merged(FrozenDictionary<string, long> known, ICollection<string> names, long version)
    {
        if (names.Count == 0)
            return known;
        var merged = new Dictionary<string, long>(known, StringComparer.Ordinal);
        foreach (var name in names)
            merged[name] = version;
        return merged.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
