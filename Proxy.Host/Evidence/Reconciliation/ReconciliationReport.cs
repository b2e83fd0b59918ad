namespace Proxy.Host.Evidence.Reconciliation;

/// <summary>What a server ran and the journal does not have, and the reverse.</summary>
public sealed record ReconciliationReport
{
    /// <summary>Statements that are in both.</summary>
    public required long Matched { get; init; }

    /// <summary>Statements of the gateway's own look at the catalogue, as they call themselves.</summary>
    public required long Own { get; init; }

    /// <summary>What did not come through the gateway.</summary>
    public required IReadOnlyList<ServerStatement> OnlyAtServer { get; init; }

    /// <summary>Numbers of records whose statement the server's log does not have, within the time that the log covers.</summary>
    public required IReadOnlyList<long> OnlyInJournal { get; init; }

    public bool IsComplete => OnlyAtServer.Count == 0 && OnlyInJournal.Count == 0;
}
