using System.Net;
using Proxy.Core.Policy;
using Proxy.Host.Transport;
using Proxy.Protocols.MySql;

namespace Proxy.Host.DataPlane;

/// <summary>Serves the connections of a MySQL listener.</summary>
internal sealed class MySqlConnectionHandler(MySqlGateway gateway, bool acceptsPlaintext, CancellationToken stopped) : IConnectionHandler
{
    public Task HandleAsync(InboundConnection inbound) =>
        gateway.ServeAsync(inbound.Connection, acceptsPlaintext, inbound.Established, stopped);

    public void Reject(EndPoint? peer, string why) => gateway.RecordRejected(peer, why);

    public async Task RefuseAsync(SocketConnection connection, AdmissionLimit limit, CancellationToken deadline) =>
        await connection.Output.WriteAsync(MySqlRefusal.First(Refusals.TooManySessions.Because($"limit reached: {limit}")), deadline);
}
