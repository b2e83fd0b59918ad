using Proxy.Core.Journal.Records;

namespace Proxy.Tests.Core.Journal.Retention;

/// <summary>What proves a record that was kept, to be changed: parts of its own, which the record that they came from keeps as they were.</summary>
internal sealed class KeptParts(DecodedKept kept)
{
    public long Index { get; set; } = kept.Index;

    public byte[] Before { get; set; } = [.. kept.Before];

    public byte[] Entry { get; set; } = [.. kept.Entry];

    /// <summary>The hashes, one behind the other.</summary>
    public byte[] Path { get; set; } = [.. kept.Path.SelectMany(static hash => hash)];

    public string Head { get; set; } = kept.Head;
}
