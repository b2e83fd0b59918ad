using System.Collections.Immutable;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Replication;
using Proxy.Core.Journal.Sealing;

namespace Proxy.Core.Journal;

/// <summary>What makes a journal evidence: who can read it, who vouches for it, and who else has seen its head.</summary>
public sealed record JournalEvidence
{
    /// <summary>Wraps the data key of each segment.</summary>
    public required IKeyEncryptionKey SealingKey { get; init; }

    /// <summary>Signs the heads.</summary>
    public required IHeadSigner Signer { get; init; }

    /// <summary>Where heads are kept beside the journal, each in a trust domain of its own.</summary>
    public ImmutableArray<IHeadAnchor> Anchors { get; init; } = [];

    public Durability Durability { get; init; } = Durability.Written;

    /// <summary>Who has the second copy; demanded by <see cref="Durability.Replicated"/>, and of use only with it.</summary>
    public ReplicaOptions? Replica { get; init; }

    /// <summary>How often a head is signed while records come. What it covers has been flushed.</summary>
    public TimeSpan HeadInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the newest head is anchored.</summary>
    public TimeSpan AnchorInterval { get; init; } = TimeSpan.FromSeconds(5);
}
