namespace Proxy.Core.Journal.Replication;

/// <summary>How the second copy does, for metrics.</summary>
/// <param name="IsCurrent">It has had everything and is being sent what comes.</param>
/// <param name="AcknowledgedRecord">Number of the last record of this run that it is known to have; 0 when none.</param>
/// <param name="Connections">How often it was connected to since the start.</param>
public readonly record struct ReplicaFigures(bool IsCurrent, long AcknowledgedRecord, long Connections);
