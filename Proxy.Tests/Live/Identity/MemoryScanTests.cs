using System.Globalization;
using System.Text;
using NUnit.Framework;
using Proxy.Host.Identity;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity;

/// <summary>What of the secrets of a run is in the memory of which process. docs/identity.md says which copies there must be.</summary>
public sealed class MemoryScanTests
{
    private const int ChunkBytes = 1 << 20;

    [Test]
    public async Task The_process_with_HTTP_never_holds_a_database_password_and_the_other_holds_few_tokens()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync("memory");
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = server, Database = database });
        var tokens = Enumerable.Range(0, 40).Select(i => gateway.Sign(new DevelopmentTokenRequest { Subject = $"agent-{i}", Groups = [PhiGateOptions.ShowGroup] })).ToArray();
        foreach (var token in tokens)
        {
            await using var client = await WireClient.OpenAsync(gateway.EndpointWith(token));
            await client.QueryAsync("select 1");
        }
        await using (var busy = await WireClient.OpenAsync(gateway.Endpoint()))
            for (var i = 0; i < 3000; i++)
                await busy.QueryAsync($"select {i} as n");

        var signatures = tokens.Select(token => token.Split('.')[2]).ToArray();
        var control = CopiesIn(gateway.ProcessId, [TestUser.Scram.Password, .. signatures]);
        var data = CopiesIn(ChildOf(gateway.ProcessId), [TestUser.Scram.Password, .. signatures]);

        Assert.That(control.Values.Sum(), Is.Zero, "the process with HTTP has no business with either");
        Proof.Record("Secrets in memory", string.Create(CultureInfo.InvariantCulture,
            $"after {tokens.Length} sign-ins and 3,000 statements: process with HTTP none; process with the sockets {data[TestUser.Scram.Password]} copies of the database password, {signatures.Count(signature => data[signature] > 0)} of {tokens.Length} tokens still somewhere"));
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
