using System.Globalization;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Host.Identity;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Identity;

/// <summary>What of the secrets of a run is in the memory of which process. docs/identity.md says which copies there must be.</summary>
public sealed class MemoryScanTests
{
    private const int ChunkBytes = 1 << 20;

    private const int SignIns = 40;

    [Test]
    public async Task Sessions_that_are_over_leave_no_token_and_no_password_of_their_logins_behind()
    {
        var server = await SharedServers.PostgresAsync();
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = server, Database = await server.CreateDatabaseAsync("memory") });
        await ScanAsync("PostgreSQL", gateway, TestUser.Scram.Password, async token =>
        {
            await using var client = await WireClient.OpenAsync(gateway.EndpointWith(token));
            await client.QueryAsync("select 1");
        });
    }

    [Test]
    public async Task Neither_do_those_over_MySQL()
    {
        var server = await SharedServers.MariaDbAsync();
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { MariaDb = server, Database = await server.CreateDatabaseAsync("memory") });
        await ScanAsync("MySQL", gateway, MariaDbUser.Native.Password, async token =>
        {
            await using var client = await MySqlWireClient.OpenAsync(gateway.EndpointWith(token));
            await client.QueryAsync("select 1");
        });
    }

    private static async Task ScanAsync(string protocol, PhiGateProcess gateway, string password, Func<string, Task> signIn)
    {
        var tokens = Enumerable.Range(0, SignIns).Select(i => gateway.Sign(new DevelopmentTokenRequest { Subject = $"agent-{i}", Groups = [PhiGateOptions.ShowGroup] })).ToArray();
        foreach (var token in tokens)
            await signIn(token);
        await Eventually.IsTrueAsync(
            async () => (await RecordedEvents.OfAsync<DecodedSessionClosed>(gateway.JournalDirectory)).Count == SignIns, "the sessions are over");

        var signatures = tokens.Select(token => token.Split('.')[2]).ToArray();
        var control = CopiesIn(gateway.ProcessId, [password, .. signatures]);
        var data = CopiesIn(ChildOf(gateway.ProcessId), [password, .. signatures]);
        var left = signatures.Count(signature => data[signature] > 0);

        Assert.That(control.Values.Sum(), Is.Zero, "the process with HTTP has no business with either");
        // The catalogue's driver has the password as a text; what TLS decrypted last may lie in a buffer of its. Neither grows with the sign-ins.
        Assert.That(data[password], Is.LessThan(SignIns / 2), "copies of the database password");
        Assert.That(left, Is.LessThan(SignIns / 2), "tokens");
        Proof.Record($"Secrets in memory, {protocol}", string.Create(CultureInfo.InvariantCulture,
            $"after {SignIns} sign-ins whose sessions are over: process with HTTP none; process with the sockets {data[password]} copies of the database password, {left} of {SignIns} tokens"));
    }

    /// <summary>What .NET writes of a process that dies, where an operator has switched that on: stacks, modules and messages of exceptions. (This signal alone does not end it.)</summary>
    [Test]
    public async Task A_crash_report_holds_no_secret()
    {
        using var directory = new TemporaryDirectory();
        var server = await SharedServers.PostgresAsync();
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = await server.CreateDatabaseAsync("crash"),
            Environment = new Dictionary<string, string?>
            {
                ["DOTNET_DbgEnableMiniDump"] = "1",
                ["DOTNET_EnableCrashReportOnly"] = "1",
                ["DOTNET_DbgMiniDumpName"] = directory.Combine("core.%p"),
            },
        });
        var (token, expired) = (gateway.Token(), gateway.Sign(new DevelopmentTokenRequest { Subject = "late", LifetimeSeconds = -3600 }));
        await using var client = await WireClient.OpenAsync(gateway.EndpointWith(token));
        await Psql.RunAsync(gateway.EndpointWith(expired), "select 1");
        await client.SendAsync(PostgresRequests.Query("select pg_sleep(60)"));
        var process = ChildOf(gateway.ProcessId);

        await Command.RunAsync("kill", ["-s", "ABRT", process.ToString(CultureInfo.InvariantCulture)]);
        var report = directory.Combine($"core.{process}.crashreport.json");
        await Eventually.IsTrueAsync(() => Task.FromResult(IsWhole(report)), "the report is written");

        var text = await File.ReadAllTextAsync(report);
        Assert.That(text, Does.Contain("is_managed"), "the report has stacks");
        string[] secrets = [TestUser.Scram.Password, .. token.Split('.').Skip(1), .. expired.Split('.').Skip(1)];
        Assert.That(secrets.Where(secret => text.Contains(secret, StringComparison.Ordinal) || gateway.Output.Contains(secret, StringComparison.Ordinal)), Is.Empty);
    }

    private static bool IsWhole(string report)
    {
        try
        {
            using var content = JsonDocument.Parse(File.ReadAllText(report));
            return true;
        }
        catch (Exception notYet) when (notYet is IOException or JsonException)
        {
            return false;
        }
    }

    /// <summary>How often each text is in the private writable memory of a process, in UTF-8 or UTF-16.</summary>
    private static Dictionary<string, int> CopiesIn(int processId, string[] texts)
    {
        var patterns = texts.SelectMany(text => new[] { (text, Encoding.UTF8.GetBytes(text)), (text, Encoding.Unicode.GetBytes(text)) }).ToArray();
        var longest = patterns.Max(pattern => pattern.Item2.Length);
        var copies = texts.ToDictionary(text => text, _ => 0);
        using var memory = File.OpenHandle($"/proc/{processId}/mem");
        var buffer = new byte[ChunkBytes];
        foreach (var (start, end) in WritableRanges(processId))
            for (var at = start; at < end; at += ChunkBytes - longest)
            {
                int read;
                try
                {
                    read = RandomAccess.Read(memory, buffer.AsSpan(0, (int)Math.Min(ChunkBytes, end - at)), at);
                }
                catch (IOException)
                {
                    break; // Given back meanwhile.
                }
                foreach (var (text, pattern) in patterns)
                    for (var rest = buffer.AsSpan(0, read); rest.IndexOf(pattern) is >= 0 and var found; rest = rest[(found + 1)..])
                        copies[text]++;
            }
        return copies;
    }

    private static IEnumerable<(long Start, long End)> WritableRanges(int processId)
    {
        foreach (var line in File.ReadAllLines($"/proc/{processId}/maps"))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!fields[1].StartsWith("rw", StringComparison.Ordinal) || fields[1][3] != 'p')
                continue;
            var range = fields[0].Split('-');
            yield return (long.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), long.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Children stand under the thread that started them.</summary>
    private static int ChildOf(int processId) => Directory.GetDirectories($"/proc/{processId}/task")
        .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(child => int.Parse(child, CultureInfo.InvariantCulture)).Single();
}
