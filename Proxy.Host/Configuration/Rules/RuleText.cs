using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;

namespace Proxy.Host.Configuration.Rules;

/// <summary>A rule as written; <see cref="RuleCompiler"/> makes an <see cref="AccessRule"/> of it.</summary>
internal sealed record RuleText
{
    public required string Name { get; init; }
    public RuleWho? Who { get; init; }
    public RuleWhere? Where { get; init; }
    public RuleWhen? When { get; init; }
    public RuleRisk? Risk { get; init; }
    public required Verdict Verdict { get; init; }

    /// <summary>Null when it is not spelled out, which is not the same as redacted: it contradicts no verdict.</summary>
    public MaskProfile? Profile { get; init; }
    public SessionSettings? Session { get; init; }
    public Budget? Budget { get; init; }
    public int MinimumGroupSize { get; init; }
}
