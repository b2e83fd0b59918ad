using System.Collections.Concurrent;
using System.Text;

namespace Proxy.Tests.Support;

/// <summary>A data directory made once per version and run, then copied: initdb takes seconds, a copy a tenth of one.</summary>
public static class PostgresTemplate
{
    private static readonly ConcurrentDictionary<PostgresVersion, Lazy<Task<string>>> Templates = new();

    public static Task<string> DirectoryAsync(PostgresVersion version) =>
        Templates.GetOrAdd(version, static v => new Lazy<Task<string>>(() => CreateAsync(v))).Value;

    private static async Task<string> CreateAsync(PostgresVersion version)
    {
        var binaries = await PostgresBinaries.DirectoryOfAsync(version);
        var parent = RunDirectory.Create("template");
        await ServerUser.OwnAsync(parent);
        var data = Path.Combine(parent, "data");
        await ServerUser.MustRunAsync(Path.Combine(binaries, "initdb"),
            ["-D", data, "-U", TestUser.Postgres.Name, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        await ServerUser.MustRunAsync(Path.Combine(binaries, "postgres"), ["--single", "-F", "-D", data, "postgres"], RoleStatements());
        return data;
    }

    // The single-user server takes one statement a line.
    private static string RoleStatements()
    {
        var sql = new StringBuilder();
        foreach (var user in TestUser.All.Where(user => user != TestUser.Postgres))
        {
            sql.Append("set password_encryption = '").Append(user.Method is "md5" ? "md5" : "scram-sha-256").Append("'\n");
            sql.Append("create role ").Append(user.Name).Append(" login");
            if (user.Password.Length > 0)
                sql.Append(" password '").Append(user.Password).Append('\'');
            sql.Append('\n');
        }
        return sql.ToString();
    }
}
