using Proxy.Core.Policy;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>What a new connection turned out to be. Exactly one is set; none when the client left.</summary>
public sealed record StartupOutcome(StartupMessage? Start, CancelTicket? Cancel, Refusal? Refusal)
{
    public static readonly StartupOutcome ClientLeft = new(null, null, null);
}
