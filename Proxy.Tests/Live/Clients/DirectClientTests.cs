using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>The clients without a gateway: their programs work, and see the same twice.</summary>
public sealed class DirectClientTests : ClientTests
{
    protected override Task<ClientEndpoint> StartAsync(PostgresServer server, string database) =>
        Task.FromResult(server.Endpoint(database, Differential.ExchangePlayer.Role));
}
