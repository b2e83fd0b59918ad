using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Proxy.Tests.Host.Configuration;

/// <summary>The README's guide for OpenID providers: each entry that it shows is one that `phigate check` accepts.</summary>
public sealed partial class ReadmeGuideTests
{
    private const string Behind = "# A limit on everything.";

    private static IEnumerable<TestCaseData> Entries() =>
        Blocks().Matches(File.ReadAllText(Path.Combine(ConfigurationDirectory.RepositoryRoot, "README.md")))
            .Select(block => block.Groups[1].Value)
            .Select(entry => new TestCaseData(entry).SetArgDisplayNames(entry.Split('\n')[0]));

    [TestCaseSource(nameof(Entries))]
    public async Task An_entry_of_the_guide_is_accepted_as_it_stands(string entry)
    {
        using var directory = new ConfigurationDirectory();
        directory.Write("identity/kubernetes.jwks.json", """{"keys":[]}""");
        directory.Replace("gateway.yaml", Behind, string.Join('\n', entry.Split('\n').Select(static line => "    " + line)) + "\n\n" + Behind);
        var reading = await directory.ReadAsync();
        Assert.That(reading.Errors, Is.Empty);
        Assert.That(reading.Snapshot!.Issuers[^1].RequiredClaims, Is.Not.Empty, "without it everybody at the provider could come in");
    }

    [Test]
    public void There_are_at_least_four_providers() => Assert.That(Entries().Count(), Is.GreaterThanOrEqualTo(4));

    [GeneratedRegex(@"```yaml\n(- name: .*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
