using Proxy.Tests.Host.Configuration;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Usefulness;

/// <summary>The demonstration's hospital twice on one server, one of them behind the real program with a shipped policy.</summary>
internal sealed class WorkPlace : IAsyncDisposable
{
    public const string DirectName = "hospital_a";
    public const string BehindName = "hospital_b";
    private const string Template = "hospital_0";
    private readonly PhiGateProcess _process;

    private WorkPlace(PostgresServer server, PhiGateProcess process)
    {
        Server = server;
        _process = process;
    }

    public PostgresServer Server { get; }

    private static TestUser Role => TestUser.Trust;

    /// <param name="policy">A folder in policies/.</param>
    public static async Task<WorkPlace> OpenAsync(string policy)
    {
        // Of its own: listings of databases would show what other tests make.
        var server = await PostgresServer.StartAsync();
        await server.ExecuteAsync("postgres", $"create database {Template}");
        foreach (var script in (string[])["schema.sql", "data.sql"])
            await server.ExecuteAsync(Template, await ReadAsync("demo", "hospital", script));
        await server.ExecuteAsync(Template, $"grant select, insert, update, delete on all tables in schema public to {Role.Name}");
        foreach (var database in (string[])[DirectName, BehindName])
            await server.ExecuteAsync("postgres", $"create database {database} template {Template}");
        var classification = await ReadAsync("demo", "policy", "classification.yaml");
        var process = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = BehindName,
            User = Role,
            Rules = (await ReadAsync("policies", policy, "rules.yaml"))
                .Replace("[company]", "[development]", StringComparison.Ordinal).Replace("[hospital]", $"[{BehindName}]", StringComparison.Ordinal),
            Classification = OfHospital(classification),
        });
        return new WorkPlace(server, process);
    }

    /// <summary>What is said of that target alone, without its name.</summary>
    private static string OfHospital(string classification)
    {
        const string name = "\n  hospital:\n";
        var rest = classification[(classification.IndexOf(name, StringComparison.Ordinal) + name.Length)..];
        var next = rest.IndexOf("\n  hospital-", StringComparison.Ordinal);
        return (next < 0 ? rest : rest[..(next + 1)]).Replace("\n    ", "\n", StringComparison.Ordinal)[4..];
    }

    public ClientEndpoint Direct => Server.Endpoint(DirectName, Role);

    public ClientEndpoint Through => _process.Endpoint("agents");

    /// <summary>What comes without and with the gateway.</summary>
    public async Task<(IReadOnlyList<WireFrame> Direct, IReadOnlyList<WireFrame> Through)> PlayAsync(WorkCase work) =>
        (await WorkPlayer.PlayAsync(work, Direct, BehindName, DirectName), await WorkPlayer.PlayAsync(work, Through, BehindName, DirectName));

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static Task<string> ReadAsync(params string[] path) =>
        File.ReadAllTextAsync(Path.Combine([ConfigurationDirectory.RepositoryRoot, .. path]), CancellationToken.None);
}
