using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Rules;

internal sealed record RuleWhen
{
    public required string From { get; init; }
    public required string To { get; init; }
    public string TimeZone { get; init; } = "UTC";
    public ImmutableArray<DayOfWeek> Days { get; init; } = [];
}
