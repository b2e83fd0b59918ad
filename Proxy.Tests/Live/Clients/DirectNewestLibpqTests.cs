using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>libpq 18 without a gateway: the server and the library do what the tests want from a gateway.</summary>
public sealed class DirectNewestLibpqTests : NewestLibpqTests
{
    protected override Task<ClientEndpoint> StartAsync(PostgresServer server, string database) =>
        Task.FromResult(server.Endpoint(database, Differential.ExchangePlayer.Role));
}
