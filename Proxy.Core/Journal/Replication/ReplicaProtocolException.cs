namespace Proxy.Core.Journal.Replication;

/// <summary>The other end of a replication does not speak the protocol, or has what cannot be. It is an outage, and the text says of what.</summary>
public sealed class ReplicaProtocolException(string message, Exception? inner = null) : IOException(message, inner);
