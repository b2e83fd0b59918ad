using Proxy.Bench.Servers;

namespace Proxy.Bench.Load;

/// <summary>Clients in a closed loop: each sends its next transaction when the reply to the last has come.</summary>
internal interface ILoad
{
    Task<IReadOnlyList<Transaction>> RunAsync(Endpoint endpoint, bool tls, TimeSpan duration, CancellationToken cancellationToken);
}
