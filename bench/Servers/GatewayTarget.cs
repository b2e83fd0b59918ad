namespace Proxy.Bench.Servers;

/// <summary>What a gateway stands in front of, and by which files it decides.</summary>
/// <param name="Server">The server, and the login that the gateway has there.</param>
/// <param name="GatewayFile">A committed gateway.yaml whose addresses, database and user are replaced.</param>
/// <param name="ClassificationFile">Copied as it is.</param>
/// <param name="RulesFile">Copied as it is.</param>
/// <param name="MariaDb">The second server, where <paramref name="GatewayFile"/> has a listener and a target for each protocol.</param>
internal sealed record GatewayTarget(Endpoint Server, string GatewayFile, string ClassificationFile, string RulesFile, Endpoint? MariaDb = null)
{
    /// <summary>The demonstration's two hospitals and their policy.</summary>
    public static GatewayTarget Demonstration(ThrowawayPostgres server, ThrowawayMariaDb mariaDb) => new(
        server.Application, Path.Combine(Gateway.PolicyDirectory, "gateway.yaml"), Path.Combine(Gateway.PolicyDirectory, "classification.yaml"),
        Path.Combine(Gateway.PolicyDirectory, "rules.yaml"), mariaDb.Application);

    /// <summary>One of them and the demonstration's rules, for the benchmarks.</summary>
    /// <param name="server">The login that the gateway has.</param>
    /// <param name="gatewayFile">The name of a file in bench/policy.</param>
    /// <param name="classificationFile">The same.</param>
    public static GatewayTarget Benchmark(Endpoint server, string gatewayFile, string classificationFile = "classification.yaml") => new(
        server, Path.Combine(Gateway.BenchmarkDirectory, gatewayFile), Path.Combine(Gateway.BenchmarkDirectory, classificationFile),
        Path.Combine(Gateway.PolicyDirectory, "rules.yaml"));
}
