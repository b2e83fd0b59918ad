using System.Collections.Frozen;

namespace Proxy.Core.Policy;

/// <summary>The names of risk classes in rules, refusals and records: <c>phi-read</c>.</summary>
public static class RiskClassNames
{
    private static readonly (RiskClasses Class, string Name)[] Names =
    [
        (RiskClasses.Unknown, "unknown"),
        (RiskClasses.Read, "read"),
        (RiskClasses.PhiRead, "phi-read"),
        (RiskClasses.BulkRead, "bulk-read"),
        (RiskClasses.Write, "write"),
        (RiskClasses.BulkWrite, "bulk-write"),
        (RiskClasses.MaskedWrite, "masked-write"),
        (RiskClasses.Schema, "schema"),
        (RiskClasses.Privilege, "privilege"),
        (RiskClasses.Export, "export"),
        (RiskClasses.Inference, "inference"),
        (RiskClasses.Procedure, "procedure"),
        (RiskClasses.Session, "session"),
        (RiskClasses.Administrative, "administrative"),
        (RiskClasses.PhiEquality, "phi-equality"),
        (RiskClasses.PhiOrdering, "phi-ordering"),
        (RiskClasses.PhiGrouping, "phi-grouping"),
    ];

    private static readonly FrozenDictionary<string, RiskClasses> ByName = Names.ToFrozenDictionary(entry => entry.Name, entry => entry.Class);

    public static bool TryParse(string name, out RiskClasses risk) => ByName.TryGetValue(name, out risk);

    /// <summary>Names joined by <c>+</c>; None prints as <c>unknown</c>, which it is taken for.</summary>
    public static string Format(RiskClasses risk) =>
        risk is RiskClasses.None ? "unknown" : string.Join('+', Names.Where(entry => (risk & entry.Class) != 0).Select(entry => entry.Name));
}
