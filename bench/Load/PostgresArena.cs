using Proxy.Bench.Servers;

namespace Proxy.Bench.Load;

/// <summary>A PostgreSQL server; haproxy, pgbouncer and PhiGate in front of it, with TLS and without.</summary>
internal sealed class PostgresArena : IArena
{
    public const string Protocol = "postgres";

    /// <summary>Shown as redacted, and what is shown is kept in full.</summary>
    public const string Captured = "captured";

    private readonly Stack<IAsyncDisposable> _owned = new();
    private readonly Dictionary<(bool Tls, bool Fresh), Contender> _pgBouncers = [];
    private readonly Dictionary<(bool Tls, string Profile), Contender> _gateways = [];
    private Contender? _haProxy;

    private PostgresArena(ScratchDirectory scratch)
    {
        Scratch = scratch;
        _owned.Push(scratch);
    }

    private ScratchDirectory Scratch { get; }

    public ThrowawayPostgres Server { get; private set; } = null!;

    public static async Task<PostgresArena> StartAsync(int connectionsMax, IReadOnlyList<string> systems, CancellationToken cancellationToken)
    {
        var arena = new PostgresArena(new ScratchDirectory("phigate-bench-"));
        try
        {
            await arena.StartServersAsync(connectionsMax, systems, cancellationToken);
        }
        catch
        {
            await arena.DisposeAsync();
            throw;
        }

        return arena;
    }

    public IEnumerable<Contender> Contenders(Scenario scenario, bool tls)
    {
        yield return new Contender("direct", Protocol, Server.Application, null);
        if (_haProxy is not null)
            yield return _haProxy;
        if (_pgBouncers.TryGetValue((tls, scenario.FreshServerConnections), out var pgBouncer))
            yield return pgBouncer;
        foreach (var reading in scenario.Readings)
        {
            if (_gateways.TryGetValue((tls, reading.Profile), out var gateway))
                yield return gateway;
        }
    }

    public ILoad Load(Scenario scenario) => scenario.PostgresLoad(Server.Binaries, Scratch);

    /// <summary>PhiGate with TLS on both legs, as a client that is shown this profile.</summary>
    public Contender Gateway(string profile) => _gateways[(true, profile)];

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var owned))
            await owned.DisposeAsync();
    }

    private async Task StartServersAsync(int connectionsMax, IReadOnlyList<string> systems, CancellationToken cancellationToken)
    {
        using var authority = new ScratchAuthority(Scratch.Path, TimeProvider.System);
        Server = await ThrowawayPostgres.StartAsync(Scratch, authority, connectionsMax, cancellationToken);
        _owned.Push(Server);
        await Hospital.LoadAsync(Server, cancellationToken);

        if (systems.Contains("haproxy"))
        {
            var (process, endpoint) = await HaProxy.StartAsync("haproxy", Scratch, Server.Application, cancellationToken);
            _owned.Push(process);
            _haProxy = new Contender("haproxy", Protocol, endpoint, process.Id);
        }

        if (systems.Contains("pgbouncer"))
            await StartPgBouncersAsync(authority, cancellationToken);
        if (systems.Contains("phigate"))
        {
            await StartGatewayAsync(authority, "gateway.yaml", tls: true, cancellationToken);
            await StartGatewayAsync(authority, "gateway-plaintext.yaml", tls: false, cancellationToken);
            var captured = await GatewayAsync(authority, "gateway-captured.yaml", cancellationToken);
            _gateways[(true, Captured)] = new Contender("phigate", Protocol, captured.Admit("bench-agent", "agents"), captured.DataPlaneId, Captured);
        }
    }

    private async Task StartGatewayAsync(ScratchAuthority authority, string file, bool tls, CancellationToken cancellationToken)
    {
        var gateway = await GatewayAsync(authority, file, cancellationToken);
        var agent = gateway.Admit("bench-agent", "agents");
        var researcher = gateway.Admit("bench-researcher", "research");
        _gateways[(tls, "redacted")] = new Contender("phigate", Protocol, agent, gateway.DataPlaneId, "redacted");
        _gateways[(tls, "pseudonymous")] = new Contender("phigate", Protocol, researcher, gateway.DataPlaneId, "pseudonymous");
    }

    private async Task<Servers.Gateway> GatewayAsync(ScratchAuthority authority, string file, CancellationToken cancellationToken)
    {
        var gateway = await Servers.Gateway.StartAsync(
            Scratch, authority, GatewayTarget.Benchmark(Server.Application, file), Path.GetFileNameWithoutExtension(file), cancellationToken);
        _owned.Push(gateway);
        return gateway;
    }

    private async Task StartPgBouncersAsync(ScratchAuthority authority, CancellationToken cancellationToken)
    {
        foreach (var tls in new[] { true, false })
        {
            foreach (var fresh in new[] { true, false })
            {
                var name = $"pgbouncer-{(tls ? "tls" : "plain")}-{(fresh ? "fresh" : "pool")}";
                var (process, endpoint) = await PgBouncer.StartAsync(name, Scratch, authority, Server, tls, fresh, cancellationToken);
                _owned.Push(process);
                _pgBouncers[(tls, fresh)] = new Contender("pgbouncer", Protocol, endpoint, process.Id);
            }
        }
    }
}
