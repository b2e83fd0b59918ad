using System.Collections.Immutable;
using Proxy.Core.Masking;
using Proxy.Core.Policy.Budgets;

namespace Proxy.Core.Policy;

/// <summary>One rule: conditions that must all hold, and what follows.</summary>
public sealed record AccessRule
{
    public required string Name { get; init; }
    public PrincipalCondition Who { get; init; } = PrincipalCondition.Anyone;

    /// <summary>Targets by name; empty means every target.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>Databases by name; empty means every database.</summary>
    public ImmutableArray<string> Databases { get; init; } = [];
    public RiskCondition Risk { get; init; } = new();
    public TimeWindow? When { get; init; }

    /// <summary>Zero refuses. <see cref="Policy.Verdict.Allow"/> needs <see cref="MaskProfile.Unmasked"/>, and the other way round: see <see cref="Effect"/>.</summary>
    public Verdict Verdict { get; init; }
    public MaskProfile Profile { get; init; }
    public SessionSettings? Session { get; init; }
    public Budget? Budget { get; init; }

    /// <summary>Counts and other aggregates over relations that carry PHI are not shown where they are made of fewer rows; 0 shows all.</summary>
    public int MinimumGroupSize { get; init; }

    /// <summary>
    /// What the rule really does: PHI is shown as it is only by Allow with Unmasked spelled out. Allow with another profile masks with that
    /// profile; Mask with Unmasked contradicts itself and redacts.
    /// </summary>
    public (Verdict Verdict, MaskProfile Profile) Effect => (Verdict, Profile) switch
    {
        (Verdict.Allow, MaskProfile.Unmasked) => (Verdict.Allow, MaskProfile.Unmasked),
        (Verdict.Mask, MaskProfile.Unmasked) => (Verdict.Mask, MaskProfile.Redacted),
        (Verdict.Allow or Verdict.Mask, _) => (Verdict.Mask, Profile),
        (Verdict.Hold, _) => (Verdict.Hold, MaskProfile.Redacted),
        _ => (Verdict.Refuse, MaskProfile.Redacted),
    };

    /// <summary>Whether who and where match; risk and time are asked per statement.</summary>
    public bool Concerns(Principal principal, string target, string database) =>
        (Targets.IsEmpty || Targets.Contains(target, StringComparer.Ordinal))
        && (Databases.IsEmpty || Databases.Contains(database, StringComparer.Ordinal))
        && Who.Matches(principal);

    public bool Matches(RiskClasses risk, DateTimeOffset now) => Matches(StatementRisks.Of(risk), now);

    /// <summary>A rule that lets through asks for what its profile does not show anyway.</summary>
    public bool Matches(in StatementRisks risks, DateTimeOffset now)
    {
        var letsThrough = Effect.Verdict is not Verdict.Refuse;
        return Risk.Matches(AsSeen(risks), letsThrough) && (When is null || When.Contains(now));
    }

    /// <summary>The classes of a statement that the rule looks at.</summary>
    public RiskClasses AsSeen(in StatementRisks risks) => Effect.Verdict is Verdict.Refuse ? risks.Classes : risks.Under(Effect.Profile);
}
