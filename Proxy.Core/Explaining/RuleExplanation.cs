namespace Proxy.Core.Explaining;

/// <summary>A rule that was asked.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="IsMatch">Whether it decided.</param>
/// <param name="Why">What it does, or why it does not match.</param>
public sealed record RuleExplanation(string Rule, bool IsMatch, string Why);
