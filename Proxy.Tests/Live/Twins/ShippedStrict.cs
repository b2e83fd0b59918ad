using Proxy.Core.Catalogue;
using Proxy.Core.Policy;
using Proxy.Host.Configuration;
using Proxy.Tests.Support;
using EmbeddedText = Proxy.Tests.Core.Sql.Postgres.EmbeddedText;

namespace Proxy.Tests.Live.Twins;

/// <summary>The policy "strict" as it ships, and the demonstration's classification of its hospital, read as the gateway reads them.</summary>
internal static class ShippedStrict
{
    public static async Task<(AccessPolicy Policy, IColumnClassifier Classifier)> LoadAsync()
    {
        using var directory = new TemporaryDirectory();
        var gateway = EmbeddedText.Read("demo-gateway.yaml");
        foreach (var file in new[] { "tls/server.crt", "tls/server.key", "tls/database-ca.crt", "secrets/hospital.password", "secrets/hospital-mariadb.password", "secrets/masking.key", "identity/development.jwks.json" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(directory.Combine(file))!);
            await File.WriteAllTextAsync(directory.Combine(file), "");
        }
        await File.WriteAllTextAsync(directory.Combine("gateway.yaml"), gateway);
        await File.WriteAllTextAsync(directory.Combine("classification.yaml"), EmbeddedText.Read("demo-classification.yaml"));
        await File.WriteAllTextAsync(directory.Combine("rules.yaml"), EmbeddedText.Read("strict-rules.yaml").Replace("[company]", "[development]", StringComparison.Ordinal));
        var snapshot = await ConfigurationLoader.LoadAsync(directory.Path, CancellationToken.None);
        // For whoever the harness lets in, and as much as it asks for: thousands of statements are more than an agent's budget.
        var rules = snapshot.Policy.Rules.Select(static rule => rule with { Who = PrincipalCondition.Anyone, Targets = [], Budget = null });
        return (new AccessPolicy([.. rules], snapshot.Version), snapshot.Classification["hospital"]);
    }
}
