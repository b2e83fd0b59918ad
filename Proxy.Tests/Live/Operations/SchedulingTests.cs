using System.Globalization;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Operations;

/// <summary>How the system schedules a running gateway's threads.</summary>
public sealed class SchedulingTests
{
    // linux/sched.h
    private const string Batch = "3";

    [Test]
    public async Task A_socket_thread_does_not_preempt_who_runs()
    {
        var server = await SharedServers.PostgresAsync();
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = server, Database = await server.CreateDatabaseAsync() });
        await using var client = await WireClient.OpenAsync(gateway.Endpoint());
        await client.QueryAsync("select 1");
        var policies = Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{gateway.DataPlaneProcessId}/task"))
            .Select(Described)
            .Where(static thread => thread?.Name == ".NET Sockets")
            .Select(static thread => thread!.Value.Policy);
        Assert.That(policies, Is.Not.Empty.And.All.EqualTo(Batch));
    }

    /// <summary>Name and policy, which is field 41 (proc_pid_stat(5)); null when the thread has ended.</summary>
    private static (string Name, string Policy)? Described(string task)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(task, "stat"));
            var (opens, closes) = (stat.IndexOf('(', StringComparison.Ordinal), stat.LastIndexOf(')'));
            return (stat[(opens + 1)..closes], stat[(closes + 2)..].Split(' ')[41 - 3]);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
