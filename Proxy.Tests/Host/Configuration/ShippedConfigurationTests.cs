using NUnit.Framework;

namespace Proxy.Tests.Host.Configuration;

/// <summary>What the demonstration and the benchmarks run with is checked here, where it fails in seconds.</summary>
public sealed class ShippedConfigurationTests
{
    [TestCase("demo/policy/gateway.yaml")]
    [TestCase("bench/policy/gateway.yaml")]
    [TestCase("bench/policy/gateway-plaintext.yaml")]
    public async Task The_configurations_of_demo_and_benchmarks_are_valid(string gatewayFile)
    {
        using var directory = new ConfigurationDirectory();
        var policy = Path.Combine(ConfigurationDirectory.RepositoryRoot, "demo", "policy");
        directory.Write("gateway.yaml", await File.ReadAllTextAsync(Path.Combine(ConfigurationDirectory.RepositoryRoot, gatewayFile)));
        foreach (var file in new[] { "classification.yaml", "rules.yaml" })
            directory.Write(file, await File.ReadAllTextAsync(Path.Combine(policy, file)));
        directory.Write("identity/development.jwks.json", """{"keys":[]}""");

        var reading = await directory.ReadAsync();

        Assert.That(reading.Errors, Is.Empty);
    }
}
