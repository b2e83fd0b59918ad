using System.Collections.Immutable;

namespace Proxy.Host.Configuration;

/// <summary>The configuration cannot be used; all of its errors at once, sorted by place.</summary>
public sealed class ConfigurationException(ImmutableArray<ConfigurationError> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    public ImmutableArray<ConfigurationError> Errors { get; } = errors;
}
