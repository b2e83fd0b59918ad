using System.Globalization;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity;

/// <summary>The memory of the gateway's processes is written into no file and read by no other process, unless the operator says so.</summary>
public sealed class ProcessDumpTests
{
    /// <summary>Root without its capabilities is to other processes of root what any user is to its own.</summary>
    private static readonly string[] WithoutCapabilities = Environment.IsPrivilegedProcess ? ["--bounding-set=-all", "--inh-caps=-all"] : [];

    /// <summary>Whoever starts it lets it have dumps, and it stands in a directory of its own, where the kernel would write them.</summary>
    private static string[] WithDumpsIn(TemporaryDirectory directory) => ["sh", "-c", $"cd {directory.Path}; ulimit -c unlimited; exec \"$0\" \"$@\""];

    [Test]
    public async Task A_process_that_crashes_leaves_nothing_behind()
    {
        using var directory = new TemporaryDirectory();
        await using var gateway = await StartAsync(options => options with { Launcher = WithDumpsIn(directory) });
        int[] processes = [gateway.ProcessId, gateway.DataPlaneProcessId];
        foreach (var process in processes)
            Assert.That(
                (await File.ReadAllLinesAsync($"/proc/{process}/limits")).Single(static line => line.StartsWith("Max core file size", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[4..6],
                Is.EqualTo(new[] { "0", "0" }));

        // A signal that the runtime does not catch, and whose default is a dump.
        await Command.RunAsync("kill", ["-s", "SYS", processes[1].ToString(CultureInfo.InvariantCulture)]);
        var exit = await gateway.WaitForExitAsync(CancellationToken.None);

        Assert.That(exit, Is.Not.Zero);
        Assert.That(Directory.GetFileSystemEntries(directory.Path), Is.Empty);
    }

    /// <summary>What a debugger of the same user could do, and what a program is given that the kernel hands dumps to.</summary>
    [Test]
    public async Task Another_process_of_the_same_user_reads_its_memory_only_where_dumps_are_allowed([Values] bool isAllowed)
    {
        await using var gateway = await StartAsync(options => options with { AllowsCoreDumps = isAllowed, SetprivOptions = WithoutCapabilities });
        foreach (var process in new[] { gateway.ProcessId, gateway.DataPlaneProcessId })
            Assert.That((await Command.RunAsync("setpriv", [.. WithoutCapabilities, "cat", $"/proc/{process}/environ"])).ExitCode, isAllowed ? Is.Zero : Is.Not.Zero);
    }

    [TestCase("DOTNET_DbgEnableMiniDump", "1")]
    [TestCase("COMPlus_DbgEnableMiniDump", "1")]
    public async Task It_does_not_start_where_NET_would_write_a_dump_and_says_what_to_do(string variable, string value)
    {
        var refused = await Assert.CatchAsync<InvalidOperationException>(
            () => StartAsync(options => options with { Environment = new Dictionary<string, string?> { [variable] = value } }));

        Assert.That(refused!.Message, Does.Contain($"phigate cannot start: {variable} would have ").And.Contain("admin.allow-core-dumps"));
    }

    [Test]
    public async Task It_starts_where_the_variable_says_that_NET_shall_not()
    {
        await using var gateway = await StartAsync(options => options with { Environment = new Dictionary<string, string?> { ["DOTNET_DbgEnableMiniDump"] = "0" } });

        Assert.That((await Psql.RunAsync(gateway.Endpoint(), "select 42", "-At")).Output, Is.EqualTo("42\n"));
    }

    private static async Task<PhiGateProcess> StartAsync(Func<PhiGateOptions, PhiGateOptions> change)
    {
        var server = await SharedServers.PostgresAsync();
        return await PhiGateProcess.StartAsync(change(new PhiGateOptions { Server = server, Database = await server.CreateDatabaseAsync("dumped") }));
    }
}
