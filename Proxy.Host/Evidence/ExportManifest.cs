namespace Proxy.Host.Evidence;

/// <summary>What an export holds; its bytes are signed.</summary>
public sealed record ExportManifest
{
    public required DateTime Exported { get; init; }

    /// <summary>The period: from, inclusive, to, exclusive.</summary>
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary>What the period leaves out, when it is not all of it.</summary>
    public string Filter { get; init; } = "";
    public required int Statements { get; init; }
    public required long FirstRecord { get; init; }
    public required long LastRecord { get; init; }

    /// <summary>Names the key that signs.</summary>
    public required string Key { get; init; }
    public required SortedDictionary<string, string> Sha256 { get; init; }
}
