using Proxy.Host.Configuration;
using Proxy.Tests.Host.Configuration;

namespace Proxy.Tests.Policies;

/// <summary>One of the committed example policies.</summary>
public sealed record PolicyDirectory(string Name)
{
    private static readonly string Root = Path.Combine(ConfigurationDirectory.RepositoryRoot, "policies");

    public static IEnumerable<PolicyDirectory> All() =>
        Directory.EnumerateDirectories(Root).Select(static path => new PolicyDirectory(Path.GetFileName(path))).OrderBy(static policy => policy.Name, StringComparer.Ordinal);

    /// <summary>The classification that they share.</summary>
    public static string Classification => File.ReadAllText(Path.Combine(Root, "classification.yaml"));

    /// <summary>Its decisions, without comments and blank lines.</summary>
    public IReadOnlyList<PolicyDecision> Decisions =>
        [.. File.ReadLines(Path.Combine(Root, Name, "decisions.txt")).Where(static line => line.Length > 0 && line[0] != '#').Select(PolicyDecision.Parse)];

    /// <summary>As an operator would put it together: the sample's gateway.yaml, and these rules.</summary>
    public async Task<ConfigurationSnapshot> LoadAsync()
    {
        using var directory = new ConfigurationDirectory();
        directory.Write("classification.yaml", Classification);
        directory.Write("rules.yaml", await File.ReadAllTextAsync(Path.Combine(Root, Name, "rules.yaml")));
        return await ConfigurationLoader.LoadAsync(directory.Path, CancellationToken.None);
    }

    public override string ToString() => Name;
}
