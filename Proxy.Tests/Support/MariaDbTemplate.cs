namespace Proxy.Tests.Support;

/// <summary>A data directory made once per run, then copied: making one takes seconds, a copy a tenth of one.</summary>
public static class MariaDbTemplate
{
    /// <summary>What every start says, too, so that nothing is resized: little memory, small files, no durability.</summary>
    public static readonly IReadOnlyList<string> StorageOptions =
    [
        "--innodb-log-file-size=8M", "--innodb-buffer-pool-size=32M", "--innodb-data-file-path=ibdata1:4M:autoextend", "--innodb-flush-log-at-trx-commit=0",
        "--innodb-doublewrite=0", "--aria-log-file-size=8M", "--aria-pagecache-buffer-size=4M", "--key-buffer-size=1M",
    ];

    private static readonly Lazy<Task<string>> Template = new(CreateAsync);

    public static Task<string> DirectoryAsync() => Template.Value;

    /// <summary>The server program: MARIADB_BIN's, or the distribution's.</summary>
    public static string Server()
    {
        if (Environment.GetEnvironmentVariable("MARIADB_BIN") is { Length: > 0 } configured)
            return Path.Combine(configured, "mariadbd");
        const string debian = "/usr/sbin/mariadbd";
        return File.Exists(debian)
            ? debian
            : throw new InvalidOperationException("No MariaDB server found: run `make deps`, or set MARIADB_BIN to a directory with mariadbd.");
    }

    private static async Task<string> CreateAsync()
    {
        var parent = RunDirectory.Create("mariadb-template");
        await ServerUser.OwnAsync(parent);
        var data = Path.Combine(parent, "data");
        await ServerUser.MustRunAsync("mariadb-install-db",
            ["--no-defaults", $"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve", .. StorageOptions]);
        return data;
    }
}
