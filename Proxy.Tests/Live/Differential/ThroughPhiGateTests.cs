using System.Collections.Concurrent;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Differential;

/// <summary>The server against PhiGate in front of it with masking off: a client cannot tell the two apart.</summary>
public sealed class ThroughPhiGateTests : DifferentialTests
{
    private readonly ConcurrentBag<PhiGateProcess> _processes = [];

    protected override bool Refuses => true;

    [OneTimeTearDown]
    public async Task Stop()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
    }

    protected override async Task<ClientEndpoint> StartSecondAsync(PostgresServer server, string database)
    {
        var process = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = server, Database = database, User = ExchangePlayer.Role, Limits = "statement-bytes-max: 2097152" });
        _processes.Add(process);
        return process.Endpoint();
    }
}
