namespace Proxy.Bench.Servers;

/// <summary>The account that servers run under: PostgreSQL and pgbouncer refuse to run as root.</summary>
internal static class ServerAccount
{
    /// <summary>Null when we are not root ourselves: then everything runs as we do.</summary>
    public static string? Name { get; } = !Environment.IsPrivilegedProcess ? null
        : File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    /// <summary>The command as that account runs it; setpriv becomes the program, so the process id is the program's.</summary>
    public static IReadOnlyList<string> Run(params IReadOnlyList<string> command)
        => Name is null ? command : ["setpriv", $"--reuid={Name}", $"--regid={GroupOf(Name)}", "--init-groups", "--", .. command];

    /// <summary>Gives it a file or directory, with everything below.</summary>
    public static async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (Name is not null)
            await Command.RequireAsync(["chown", "-R", $"{Name}:{GroupOf(Name)}", path], cancellationToken: cancellationToken);
    }

    private static string GroupOf(string name) => name == "nobody" ? "nogroup" : name;
}
