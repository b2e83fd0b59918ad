using System.Collections.Immutable;
using Proxy.Host.Configuration;

namespace Proxy.Host.Checks;

/// <summary>What checking found: errors keep the gateway from starting, warnings are for people.</summary>
public sealed record CheckFindings(ImmutableArray<ConfigurationError> Errors, ImmutableArray<ConfigurationError> Warnings)
{
    public static CheckFindings None { get; } = new([], []);

    public CheckFindings And(CheckFindings other) => new([.. Errors, .. other.Errors], [.. Warnings, .. other.Warnings]);
}
