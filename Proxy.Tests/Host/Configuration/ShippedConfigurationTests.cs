using NUnit.Framework;

namespace Proxy.Tests.Host.Configuration;

/// <summary>What the demonstration and the benchmarks run with is checked here, where it fails in seconds.</summary>
public sealed class ShippedConfigurationTests
{
    [TestCase("demo/policy/gateway.yaml", "demo/policy/classification.yaml")]
    [TestCase("bench/policy/gateway.yaml", "bench/policy/classification.yaml")]
    [TestCase("bench/policy/gateway-plaintext.yaml", "bench/policy/classification.yaml")]
    [TestCase("bench/policy/gateway-mysql.yaml", "bench/policy/classification-mysql.yaml")]
    [TestCase("bench/policy/gateway-mysql-captured.yaml", "bench/policy/classification-mysql.yaml")]
    public async Task The_configurations_of_demo_and_benchmarks_are_valid(string gatewayFile, string classificationFile)
    {
        using var directory = new ConfigurationDirectory();
        foreach (var (name, path) in new[] { ("gateway.yaml", gatewayFile), ("classification.yaml", classificationFile), ("rules.yaml", "demo/policy/rules.yaml") })
            directory.Write(name, await File.ReadAllTextAsync(Path.Combine(ConfigurationDirectory.RepositoryRoot, path)));
        directory.Write("secrets/hospital-mariadb.password", "for the second target");
        directory.Write("identity/development.jwks.json", """{"keys":[]}""");

        var reading = await directory.ReadAsync();

        Assert.That(reading.Errors, Is.Empty);
    }
}
