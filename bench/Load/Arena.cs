using Proxy.Bench.Servers;

namespace Proxy.Bench.Load;

/// <summary>One database server with the hospital, and every way to reach it, for as long as this object lives.</summary>
internal sealed class Arena : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _owned = new();
    private readonly Dictionary<(bool Tls, bool Fresh), Contender> _pgBouncers = [];
    private readonly Dictionary<(bool Tls, string Profile), Contender> _gateways = [];
    private Contender? _haProxy;

    private Arena(ScratchDirectory scratch)
    {
        Scratch = scratch;
        _owned.Push(scratch);
    }

    public ScratchDirectory Scratch { get; }

    public ThrowawayPostgres Server { get; private set; } = null!;

    public static async Task<Arena> StartAsync(int connectionsMax, IReadOnlyList<string> systems, CancellationToken cancellationToken)
    {
        var arena = new Arena(new ScratchDirectory("phigate-bench-"));
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

    /// <summary>The systems that can run this scenario, in the order of the table.</summary>
    public IEnumerable<Contender> Contenders(Scenario scenario, bool tls)
    {
        yield return new Contender("direct", Server.Application, null);
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
            var (process, endpoint) = await HaProxy.StartAsync(Scratch, Server, cancellationToken);
            _owned.Push(process);
            _haProxy = new Contender("haproxy", endpoint, process.Id);
        }

        if (systems.Contains("pgbouncer"))
            await StartPgBouncersAsync(authority, cancellationToken);
        if (systems.Contains("phigate"))
        {
            await StartGatewayAsync(authority, "gateway.yaml", tls: true, cancellationToken);
            await StartGatewayAsync(authority, "gateway-plaintext.yaml", tls: false, cancellationToken);
        }
    }

    private async Task StartGatewayAsync(ScratchAuthority authority, string file, bool tls, CancellationToken cancellationToken)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "policy", file);
        var gateway = await Servers.Gateway.StartAsync(
            Scratch, authority, GatewayTarget.Demonstration(Server, path), Path.GetFileNameWithoutExtension(file), cancellationToken);
        _owned.Push(gateway);
        var agent = gateway.Admit("bench-agent", "agents");
        var researcher = gateway.Admit("bench-researcher", "research");
        _gateways[(tls, "redacted")] = new Contender("phigate", agent, gateway.DataPlaneId, "redacted");
        _gateways[(tls, "pseudonymous")] = new Contender("phigate", researcher, gateway.DataPlaneId, "pseudonymous");
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
                _pgBouncers[(tls, fresh)] = new Contender("pgbouncer", endpoint, process.Id);
            }
        }
    }
}
