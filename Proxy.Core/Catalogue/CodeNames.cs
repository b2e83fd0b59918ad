using System.Collections.Frozen;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Core.Catalogue;

/// <summary>
/// The names of one kind of code (functions, operators or types). There is no overload resolution: a name is clean only if every candidate is,
/// in pg_catalog and in every other schema, because the search path and the types of arguments may pick any of them.
/// </summary>
internal sealed class CodeNames
{
    private readonly FrozenSet<string> _system;
    private readonly FrozenSet<string> _reviewed;
    private readonly FrozenSet<string> _unreviewed;
    private readonly FrozenSet<string> _unreviewedInSystem;

    public CodeNames(CodeKind kind, IEnumerable<string> system, IReadOnlyList<CodeFact> code, FunctionReviews functions)
    {
        var reviewed = new HashSet<string>(StringComparer.Ordinal);
        var unreviewed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var fact in code)
            if (fact.Kind == kind)
                (fact.IsHarmless || ReviewedExtensions.Contains(fact.Extension) || functions.IsReviewed(fact) ? reviewed : unreviewed).Add(fact.Name);
        _system = system.ToFrozenSet(StringComparer.Ordinal);
        _reviewed = reviewed.ToFrozenSet(StringComparer.Ordinal);
        _unreviewed = unreviewed.ToFrozenSet(StringComparer.Ordinal);
        _unreviewedInSystem = code.Where(fact => fact.Kind == kind && fact.Schema == "pg_catalog" && unreviewed.Contains(fact.Name))
            .Select(fact => fact.Name).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Whether pg_catalog defines the name.</summary>
    public bool IsSystem(string name) => _system.Contains(name);

    /// <summary>Whether a user's code of that name exists that nobody reviewed.</summary>
    public bool HasUnreviewed(string name) => _unreviewed.Contains(name);

    /// <summary>The same, for code that somebody put into pg_catalog, where a qualified name finds it.</summary>
    public bool HasUnreviewedInSystem(string name) => _unreviewedInSystem.Contains(name);

    /// <summary>Whether a reviewed extension, a declared function or a harmless type has the name.</summary>
    public bool HasReviewed(string name) => _reviewed.Contains(name);
}
