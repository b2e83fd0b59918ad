using Proxy.Bench.Servers;

namespace Proxy.Bench.Load;

/// <summary>A MariaDB server, haproxy and PhiGate in front of it, all with TLS: a token goes over nothing else.</summary>
internal sealed class MySqlArena : IArena
{
    public const string Protocol = "mysql";

    private readonly Stack<IAsyncDisposable> _owned = new();
    private readonly List<Contender> _contenders = [];
    private readonly ScratchDirectory _scratch = new("phigate-bench-mysql-");
    private string _sysbench = "";

    private MySqlArena() => _owned.Push(_scratch);

    /// <param name="source">Whose rows it gets.</param>
    /// <param name="connectionsMax">The server's max_connections.</param>
    /// <param name="systems">Which of haproxy and phigate to start.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<MySqlArena> StartAsync(
        ThrowawayPostgres source, int connectionsMax, IReadOnlyList<string> systems, CancellationToken cancellationToken)
    {
        var arena = new MySqlArena();
        try
        {
            await arena.StartServersAsync(source, connectionsMax, systems, cancellationToken);
        }
        catch
        {
            await arena.DisposeAsync();
            throw;
        }

        return arena;
    }

    public IEnumerable<Contender> Contenders(Scenario scenario, bool tls) => !tls ? []
        : _contenders.Where(contender => contender.Profile is null || scenario.Readings.Any(reading => reading.Profile == contender.Profile));

    public ILoad Load(Scenario scenario) => scenario.MySqlLoad(_sysbench);

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var owned))
            await owned.DisposeAsync();
    }

    private async Task StartServersAsync(ThrowawayPostgres source, int connectionsMax, IReadOnlyList<string> systems, CancellationToken cancellationToken)
    {
        using var authority = new ScratchAuthority(_scratch.Path, TimeProvider.System);
        _sysbench = SysbenchLoad.Prepare(_scratch, authority);
        var server = await ThrowawayMariaDb.StartAsync(_scratch, authority, connectionsMax, cancellationToken);
        _owned.Push(server);
        await MariaDbHospital.LoadAsync(server, source, cancellationToken);
        _contenders.Add(new Contender("direct", Protocol, server.Application, null));

        if (systems.Contains("haproxy"))
        {
            var (process, endpoint) = await HaProxy.StartAsync("haproxy-mysql", _scratch, server.Application, cancellationToken);
            _owned.Push(process);
            _contenders.Add(new Contender("haproxy", Protocol, endpoint, process.Id));
        }

        if (systems.Contains("phigate"))
        {
            var gateway = await GatewayAsync(authority, server, "gateway-mysql.yaml", cancellationToken);
            _contenders.Add(new Contender("phigate", Protocol, gateway.Admit("bench-agent", "agents"), gateway.DataPlaneId, "redacted"));
            _contenders.Add(new Contender("phigate", Protocol, gateway.Admit("bench-researcher", "research"), gateway.DataPlaneId, "pseudonymous"));
            var captured = await GatewayAsync(authority, server, "gateway-mysql-captured.yaml", cancellationToken);
            _contenders.Add(new Contender("phigate", Protocol, captured.Admit("bench-agent", "agents"), captured.DataPlaneId, PostgresArena.Captured));
        }
    }

    private async Task<Gateway> GatewayAsync(ScratchAuthority authority, ThrowawayMariaDb server, string file, CancellationToken cancellationToken)
    {
        var gateway = await Gateway.StartAsync(
            _scratch, authority, GatewayTarget.Benchmark(server.Application, file, "classification-mysql.yaml"), Path.GetFileNameWithoutExtension(file), cancellationToken);
        _owned.Push(gateway);
        return gateway;
    }
}
