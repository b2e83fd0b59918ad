using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Differential;

/// <summary>One scripted conversation of a client with a server, on a connection of its own.</summary>
public sealed record Exchange(string File, string Title, IReadOnlyList<ExchangeStep> Steps)
{
    /// <summary>What is played on a version; nothing when no line of it is for that.</summary>
    public IEnumerable<ExchangeStep> On(PostgresVersion version) =>
        Steps.Where(step => step.Since <= (int)version && (int)version <= step.Until);

    public override string ToString() => $"{File}: {Title}";
}
