using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Proxy.Tests.Support;

/// <summary>
/// Where the programs of a version are. Those from npm are copied into the run's directory first: the user whom servers run as may not
/// be able to read a clone in root's home, and the package's library links are made by an install script that we do not run.
/// </summary>
public static class PostgresBinaries
{
    private static readonly ConcurrentDictionary<PostgresVersion, Lazy<Task<string>>> Directories = new();

    /// <summary>The directory with postgres and initdb.</summary>
    public static Task<string> DirectoryOfAsync(PostgresVersion version) =>
        Directories.GetOrAdd(version, static v => new Lazy<Task<string>>(() =>
            v is PostgresVersion.V15 ? Task.FromResult(Installed()) : MaterialiseAsync(v))).Value;

    /// <summary>A client program (psql, pgbench, pg_dump) of the installed version.</summary>
    public static string Client(string program) => Path.Combine(Installed(), program);

    private static string Installed()
    {
        if (Environment.GetEnvironmentVariable("PG_BIN") is { Length: > 0 } configured)
            return configured;
        const string debian = "/usr/lib/postgresql";
        var newest = Directory.Exists(debian)
            ? Directory.GetDirectories(debian).Select(path => Path.Combine(path, "bin"))
                .Where(path => File.Exists(Path.Combine(path, "postgres")))
                .OrderByDescending(path => path.Contains("/15/", StringComparison.Ordinal)).ThenByDescending(path => path, StringComparer.Ordinal)
                .FirstOrDefault()
            : null;
        return newest ?? throw new InvalidOperationException("No PostgreSQL server found: run `make deps`, or set PG_BIN to a directory with postgres and initdb.");
    }

    private static async Task<string> MaterialiseAsync(PostgresVersion version)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"postgres-{(int)version}");
        var package = Path.Combine(PackagesDirectory(), "node_modules", name);
        var source = Path.Combine(package, "native");
        if (!Directory.Exists(source))
            throw new InvalidOperationException($"PostgreSQL {(int)version} is not there: run `make deps` (npm ci --ignore-scripts in {PackagesDirectory()}).");
        var target = RunDirectory.Create(name);
        await Command.MustRunAsync("cp", ["-r", source, target]);
        await Command.MustRunAsync("chmod", ["-R", "a+rX", target]);
        using var links = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(source, "pg-symlinks.json")));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var path = Path.Combine(target, link.GetProperty("target").GetString()!);
            var to = Path.GetRelativePath(Path.GetDirectoryName(path)!, Path.Combine(target, link.GetProperty("source").GetString()!));
            if (!File.Exists(path))
                File.CreateSymbolicLink(path, to);
        }
        foreach (var program in Directory.GetFiles(Path.Combine(target, "native", "bin")))
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return Path.Combine(target, "native", "bin");
    }

    private static string PackagesDirectory([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "postgres-versions");
}
