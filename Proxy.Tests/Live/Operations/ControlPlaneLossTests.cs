using System.Globalization;
using System.Net;
using NUnit.Framework;
using Proxy.Host.Evidence;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Operations;

/// <summary>
/// The process with HTTP is killed: the one with the sockets is not left without it, however early that was and whatever it was doing. Each test has a program
/// of its own, and one of them waits ten seconds for its end.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class ControlPlaneLossTests
{
    [Test]
    public async Task A_data_plane_that_is_stuck_in_its_start_ends_with_its_control_plane()
    {
        await using var gateway = await StoppedAsync();
        // To open a pipe that nobody writes to takes for ever, and no cancellation ends it.
        var key = Path.Combine(JournalKeyDirectory.DefaultFor(gateway.JournalDirectory), "sealing.key");
        File.Delete(key);
        await Command.MustRunAsync("mkfifo", ["-m", "600", key]);
        await EndsWithItsControlPlaneAsync(
            gateway, _ => Eventually.IsTrueAsync(async () => await ReadinessAsync(gateway) is { } said && said.Contains("starting", StringComparison.Ordinal), "it is starting"));
    }

    [Test]
    public async Task A_data_plane_whose_control_plane_died_before_its_first_instruction_ends()
    {
        await using var gateway = await StoppedAsync();
        await EndsWithItsControlPlaneAsync(gateway, static dataPlane => SignalAsync("STOP", dataPlane), static dataPlane => SignalAsync("CONT", dataPlane));
    }

    [Test]
    public async Task A_data_plane_that_runs_lets_a_transaction_finish_and_closes_its_journal()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, "create table t(a int); grant all on t to public");
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = server, Database = database });
        var dataPlane = gateway.DataPlaneProcessId;
        await using var client = await WireClient.OpenAsync(gateway.Endpoint());
        await client.QueryAsync("begin");
        await client.QueryAsync("insert into t values (1)");

        await gateway.SignalAsync("KILL");
        await gateway.WaitForExitAsync(CancellationToken.None);
        await client.SendAsync(PostgresRequests.Query("commit"));
        Assert.That((await client.ReceiveToEndAsync())[^1].Field('C'), Is.EqualTo("57P01"));
        await Eventually.IsTrueAsync(() => Task.FromResult(HasEnded(dataPlane)), "it has ended");

        Assert.That((await server.PsqlAsync(database, "select a from t", null, "-At")).Output.Trim(), Is.EqualTo("1"));
        var verified = await Command.RunAsync(PhiGateProcess.Program, ["audit", "verify", gateway.JournalDirectory]);
        Assert.That(verified.Output, Does.Contain("; 0 records are newer").And.Contain("the journal is whole"));
    }

    /// <summary>Its configuration and a journal, to be started again.</summary>
    private static async Task<PhiGateProcess> StoppedAsync()
    {
        var server = await SharedServers.PostgresAsync();
        var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = server, Database = await server.CreateDatabaseAsync() });
        await gateway.StopAsync();
        return gateway;
    }

    /// <param name="gateway">Where the configuration is.</param>
    /// <param name="before">Done with the data plane's id before the control plane is killed.</param>
    /// <param name="behind">And behind that.</param>
    private static async Task EndsWithItsControlPlaneAsync(PhiGateProcess gateway, Func<int, Task> before, Func<int, Task>? behind = null)
    {
        await using var run = await ChildProcess.StartAsync([PhiGateProcess.Program, "run", "--config", gateway.ConfigurationDirectory]);
        int? dataPlane = null;
        try
        {
            await Eventually.IsTrueAsync(() => Task.FromResult((dataPlane = PhiGateProcess.DataPlaneOf(run.ProcessId)) is not null), "the data plane is started");
            await before(dataPlane!.Value);
            await run.SignalAsync("KILL");
            await run.WaitForExitAsync(CancellationToken.None);
            await (behind?.Invoke(dataPlane.Value) ?? Task.CompletedTask);
            await Eventually.IsTrueAsync(() => Task.FromResult(HasEnded(dataPlane.Value)), "the data plane has ended, too");
        }
        finally
        {
            if (dataPlane is { } left && !HasEnded(left))
                await SignalAsync("KILL", left);
        }
    }

    private static async Task<string?> ReadinessAsync(PhiGateProcess gateway)
    {
        try
        {
            return await gateway.GetAsync("readyz") is (HttpStatusCode.ServiceUnavailable, var body) ? body : null;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private static Task<string> SignalAsync(string signal, int processId) =>
        Command.MustRunAsync("sh", ["-c", "kill -s \"$1\" \"$2\"", "kill", signal, processId.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>Also when nobody has asked for its exit code yet (proc(5), stat: the state stands behind the name).</summary>
    private static bool HasEnded(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].Trim()[0] is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }
}
