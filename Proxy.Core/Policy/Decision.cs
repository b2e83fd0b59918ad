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
    public bool IsForwarded => Verdict is Verdict.Mask or Verdict.Allow;
}
