using Proxy.Core.Masking;

namespace Proxy.Core.Policy;

/// <summary>What policy says about one statement. The default value refuses.</summary>
/// <param name="Verdict">What to do.</param>
/// <param name="Profile">How PHI is shown when the verdict is <see cref="Policy.Verdict.Mask"/>.</param>
/// <param name="Rule">The name of the rule that matched; empty for the default rule.</param>
/// <param name="Risk">The risk classes that were judged.</param>
/// <param name="Refusal">Set exactly when the verdict is Refuse or Hold.</param>
public sealed record Decision(Verdict Verdict, MaskProfile Profile, string Rule, RiskClasses Risk, Refusal? Refusal)
{
    /// <summary>Which policy decided: the digest of the configuration files; empty when no policy was asked.</summary>
    public string PolicyVersion { get; init; } = "";

    /// <summary>What is made of fewer rows than this is not shown; 0 where groups may be of any size.</summary>
    public int MinimumGroupSize { get; init; }

    /// <summary>A verdict that forwards never carries a refusal; one that does is not believed.</summary>
    public bool IsForwarded => Verdict is Verdict.Mask or Verdict.Allow && Refusal is null;

    /// <summary>A refusal that no rule was asked about, for example an opaque statement or a full journal.</summary>
    public static Decision Refused(Refusal refusal, RiskClasses risk, string policyVersion) =>
        new(Verdict.Refuse, MaskProfile.Redacted, "", risk, refusal) { PolicyVersion = policyVersion };
}
