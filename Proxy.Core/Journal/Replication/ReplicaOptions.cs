namespace Proxy.Core.Journal.Replication;

/// <summary>A second copy of the journal, which has each intent before its statement is forwarded.</summary>
public sealed record ReplicaOptions
{
    public required IReplicaConnector Connector { get; init; }

    /// <summary>How long a statement waits for the copy, and a connection for an acknowledgement, before they are given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait before connecting again.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromMilliseconds(250);
}
