namespace Proxy.Core.Journal.Retention;

/// <summary>A segment that was read to its end and compared with the heads in it, and where chain and tree were behind it.</summary>
internal sealed class WalkedSegment
{
    public required long Number { get; init; }
    public required long FirstRecord { get; init; }
    public required long LastRecord { get; init; }

    /// <summary>Of all its records; their clock may have been set.</summary>
    public required DateTimeOffset Newest { get; init; }

    /// <summary>Of its header's entry.</summary>
    public required byte[] HeaderHash { get; init; }

    /// <summary>SHA-256 of what its header is when the key has been erased, with the bytes that are written late as zeros.</summary>
    public required byte[] HeaderDigestWithoutKey { get; init; }

    /// <summary>Entries up to its end since the walk began.</summary>
    public required long EntriesWalked { get; init; }

    /// <summary>Entries of the chain up to its end, where the tree is known.</summary>
    public required long Entries { get; init; }

    /// <summary>Hash of the last of them.</summary>
    public required byte[] Chain { get; init; }

    /// <summary>Hashes of the complete subtrees, the smallest first, where the tree is known.</summary>
    public required byte[] Edge { get; init; }
}
