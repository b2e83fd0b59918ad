namespace Proxy.Protocols.Postgres;

/// <summary>Process id and secret of a CancelRequest. Does not print the secret.</summary>
public sealed record CancelTicket(int ProcessId, byte[] Secret)
{
    public override string ToString() => $"cancel request for {ProcessId}";
}
