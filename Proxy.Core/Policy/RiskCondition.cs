namespace Proxy.Core.Policy;

/// <summary>Which risk classes a rule is about. A statement has several; what a rule lets through it must have considered whole.</summary>
public sealed record RiskCondition
{
    /// <summary>Every class but those that no rule covers unless it names them: what nobody understood, and masked values written over real ones.</summary>
    public const RiskClasses Known = (RiskClasses)((1 << 17) - 1) & ~Named;

    private const RiskClasses Named = RiskClasses.Unknown | RiskClasses.MaskedWrite;

    /// <summary>The statement must have at least one of these; None asks nothing.</summary>
    public RiskClasses AnyOf { get; init; }

    /// <summary>The statement must have none of these.</summary>
    public RiskClasses NoneOf { get; init; }

    /// <summary>The statement must have no class outside these; None means <see cref="Known"/> for a rule that lets through, and asks nothing for others.</summary>
    public RiskClasses Within { get; init; }

    /// <param name="risk">The statement's classes; None means that nobody judged it, and is taken as unknown.</param>
    /// <param name="letsThrough">Whether the rule would forward or hold: then what it does not cover must not pass with it.</param>
    public bool Matches(RiskClasses risk, bool letsThrough)
    {
        if (risk is RiskClasses.None)
            risk = RiskClasses.Unknown;
        if (AnyOf is not RiskClasses.None && (risk & AnyOf) == 0)
            return false;
        if ((risk & NoneOf) != 0)
            return false;
        var within = Within is not RiskClasses.None ? Within : letsThrough ? Known | (AnyOf & Named) : ~RiskClasses.None;
        return (risk & ~within) == 0;
    }
}
