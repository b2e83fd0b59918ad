namespace Proxy.Bench.Servers;

/// <summary>Programs that a newcomer's machine may lack.</summary>
internal static class DebianPackage
{
    /// <summary>Where the program is, after installing its package when it is nowhere and we may install.</summary>
    public static async Task<string> RequireAsync(string program, string package, CancellationToken cancellationToken)
        => Find(program) ?? await InstallAsync(package, () => Find(program), program, cancellationToken);

    /// <param name="package">The package.</param>
    /// <param name="find">Looks for what the package brings.</param>
    /// <param name="missing">How to name what is missing.</param>
    /// <param name="cancellationToken">Ends the installation.</param>
    public static async Task<string> InstallAsync(string package, Func<string?> find, string missing, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess || Find("apt-get") is null)
            throw new InvalidOperationException($"{missing} is missing. Install the package {package}.");

        await Console.Error.WriteLineAsync($"Installing {package} ...");
        // Services that the package would start are not wanted: everything here runs on its own ports and ends with us.
        var quiet = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive", ["RUNLEVEL"] = "1" };
        await Command.RequireAsync(["apt-get", "update", "-qq"], quiet, cancellationToken);
        await Command.RequireAsync(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], quiet, cancellationToken);
        return find() ?? throw new InvalidOperationException($"{missing} is missing even after installing {package}.");
    }

    private static string? Find(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/sbin")
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
