namespace Proxy.Bench.Servers;

/// <summary>Programs of the distribution, which `make deps` installs.</summary>
internal static class InstalledProgram
{
    /// <summary>Where it is; servers are often outside an ordinary user's PATH.</summary>
    public static string Require(string name)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/sbin")
            .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists) ?? throw Missing(name);

    public static InvalidOperationException Missing(string name) => new($"{name} is missing: make deps installs it.");
}
