namespace Proxy.Core.Explaining;

/// <summary>What would happen to the text.</summary>
/// <param name="Verdict"><c>allow</c>, <c>mask</c>, <c>hold</c> or <c>refuse</c>.</param>
/// <param name="Profile">How PHI would be shown; null where nothing runs.</param>
/// <param name="Rule">Which rule decided; null when none matched or none was asked.</param>
/// <param name="Code">The refusal's, as in docs/refusals.md; null where the text runs.</param>
/// <param name="Why">The refusal's.</param>
/// <param name="Instead">What would be allowed.</param>
public sealed record DecisionExplanation(string Verdict, string? Profile, string? Rule, string? Code, string? Why, string? Instead);
