namespace Proxy.Bench.Servers;

/// <summary>What a gateway stands in front of, and by which files it decides.</summary>
/// <param name="Server">The server, and the login that the gateway has there.</param>
/// <param name="GatewayFile">A committed gateway.yaml whose addresses, database and user are replaced.</param>
/// <param name="ClassificationFile">Copied as it is.</param>
/// <param name="RulesFile">Copied as it is.</param>
internal sealed record GatewayTarget(Endpoint Server, string GatewayFile, string ClassificationFile, string RulesFile)
{
    /// <summary>The demonstration's hospital and its policy.</summary>
    public static GatewayTarget Demonstration(ThrowawayPostgres server, string gatewayFile) => new(
        server.Application, gatewayFile, Path.Combine(Gateway.PolicyDirectory, "classification.yaml"), Path.Combine(Gateway.PolicyDirectory, "rules.yaml"));
}
