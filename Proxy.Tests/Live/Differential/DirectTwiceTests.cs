using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Differential;

/// <summary>The server against itself: shows that the exchanges are deterministic, so that a difference elsewhere is one of the gateway.</summary>
[Category(Proof.Category)]
public sealed class DirectTwiceTests : DifferentialTests
{
    protected override Task<ClientEndpoint> StartSecondAsync(PostgresServer server, string database) =>
        Task.FromResult(server.Endpoint(database, ExchangePlayer.Role));
}
