using Proxy.Core.Masking;

namespace Proxy.Core.Policy;

/// <summary>
/// What a statement may do, and what of it is more than a profile shows anyway: who sees dates as they are learns nothing by a range of them, and who sees constants
/// learns much by their order.
/// </summary>
/// <param name="Classes">All classes, whoever asks: where everything is shown, too, since what decides by PHI is recorded.</param>
/// <param name="Redacted">Under <see cref="MaskProfile.Redacted"/>.</param>
/// <param name="SafeHarbor">Under <see cref="MaskProfile.SafeHarbor"/>.</param>
/// <param name="LimitedDataSet">Under <see cref="MaskProfile.LimitedDataSet"/>.</param>
/// <param name="Pseudonymous">Under <see cref="MaskProfile.Pseudonymous"/>.</param>
public readonly record struct StatementRisks(
    RiskClasses Classes, RiskClasses Redacted, RiskClasses SafeHarbor, RiskClasses LimitedDataSet, RiskClasses Pseudonymous)
{
    private const RiskClasses NeedsDeterminism = RiskClasses.PhiOrdering | RiskClasses.PhiGrouping;

    /// <summary>Where it is not known which columns decide: order and groups tell what masks do not, unless equal values show as equal.</summary>
    public static StatementRisks Of(RiskClasses classes)
    {
        var hidden = (classes & NeedsDeterminism) == 0 ? classes : (classes & ~NeedsDeterminism) | RiskClasses.Inference;
        return new StatementRisks(classes, hidden, hidden, hidden, classes);
    }

    /// <param name="under">The classes under each profile.</param>
    public static StatementRisks Of(Func<MaskProfile, RiskClasses> under) =>
        new(under(MaskProfile.Unmasked), under(MaskProfile.Redacted), under(MaskProfile.SafeHarbor), under(MaskProfile.LimitedDataSet), under(MaskProfile.Pseudonymous));

    public RiskClasses Under(MaskProfile profile) => profile switch
    {
        MaskProfile.Unmasked => Classes,
        MaskProfile.Pseudonymous => Pseudonymous,
        MaskProfile.SafeHarbor => SafeHarbor,
        MaskProfile.LimitedDataSet => LimitedDataSet,
        _ => Redacted,
    };

    public StatementRisks With(RiskClasses more) => new(Classes | more, Redacted | more, SafeHarbor | more, LimitedDataSet | more, Pseudonymous | more);

    public override string ToString() => RiskClassNames.Format(Classes);
}
