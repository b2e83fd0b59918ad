using System.Collections.Immutable;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Policy.MaskedValues;

/// <summary>With which columns one parameter is used, and whether that is all that is done with it.</summary>
internal sealed class ParameterUses
{
    public static ParameterUses None { get; } = new([], 0);

    public ParameterUses(ImmutableArray<ValueUse> uses, int mentions)
    {
        Uses = uses;
        IsOnlyCompared = !uses.IsEmpty && uses.All(static use => use.Kind is ValueUseKind.Compared or ValueUseKind.ComparedEach && use.Position >= 0)
            && uses.Select(static use => use.Position).Distinct().Count() == mentions;
    }

    public ImmutableArray<ValueUse> Uses { get; }

    /// <summary>Whether every place where it stands is an equality on a PHI column.</summary>
    public bool IsOnlyCompared { get; }

    public override string ToString() => $"{Uses.Length} uses";
}
