namespace Proxy.Bench.Load;

/// <summary>One database server with the hospital, and every way to reach it, for as long as this object lives.</summary>
internal interface IArena : IAsyncDisposable
{
    /// <summary>The systems that can run this scenario, in the order of the table.</summary>
    IEnumerable<Contender> Contenders(Scenario scenario, bool tls);

    /// <summary>What plays it, in the server's protocol.</summary>
    ILoad Load(Scenario scenario);
}
