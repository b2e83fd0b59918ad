using Proxy.Core.Journal.Segments;

namespace Proxy.Tests.Support;

/// <summary>What shall go wrong around a <see cref="GatewayHarness"/>.</summary>
public sealed record HarnessFaults
{
    /// <summary>Sessions go to this port, for example a <see cref="ScriptedServer"/>'s; the catalogue still comes from the real server.</summary>
    public int? SessionPort { get; init; }

    /// <summary>Where the journal's segments, now of the smallest size, get their room.</summary>
    public ISegmentAllocator? Disk { get; init; }

    /// <summary>What makes the journal's content durable; the journal is then flushed before a statement goes on.</summary>
    internal IDiskSync? Sync { get; init; }
}
