using System.Globalization;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Segments;
using Proxy.Host.Evidence;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Evidence;

/// <summary>A journal that the program must not go on with: it does not start, and says what to do.</summary>
public sealed class UnusableJournalTests
{
    /// <summary>Of the last head, from the end of the file. Behind it are a Z, a line end, the signature's name, key id, signature and two line ends.</summary>
    private const int LastDigitOfItsTime = -(10 + 32 + 1 + 88 + 2 + 3);

    private const string Advice = "Run `phigate audit verify` on it; then move the directory aside, keep it, and begin a new journal.";

    private static readonly TestCaseData<Action<string>, string>[] Damages =
    [
        new(static journal => File.Delete(KeyOf(journal, "sealing.key")), "sealing.key is missing: put it back where it was, or begin a new journal in another directory")
            { TestName = "The sealing key is missing" },
        new(static journal => File.Delete(KeyOf(journal, "signing.key")), "signing.key is missing: put it back where it was")
            { TestName = "The signing key is missing" },
        new(static journal => File.SetUnixFileMode(KeyOf(journal, "sealing.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead), "change its mode to 0600")
            { TestName = "Others can read the sealing key" },
        new(PutForeignKeys, "Give it that key, or begin a new journal")
            { TestName = "The keys are another journal's" },
        new(static journal => File.Delete(Path.Combine(journal, "journal.heads")), $"its heads are missing. {Advice}")
            { TestName = "The heads are missing" },
        new(static journal => File.Delete(LastOf(journal)), $"which its last head covers, is missing. {Advice}")
            { TestName = "The last segment is missing" },
        new(static journal => Flip(LastOf(journal), offset: 20), "is damaged: its checksum is wrong")
            { TestName = "The header of the last segment is damaged" },
        new(static journal => Flip(Path.Combine(journal, "journal.heads"), LastDigitOfItsTime), "its last head does not bear the signature of its key")
            { TestName = "The last head is damaged" },
    ];

    [TestCaseSource(nameof(Damages))]
    public async Task The_program_does_not_start(Action<string> damage, string said)
    {
        var server = await SharedServers.PostgresAsync();
        var options = new PhiGateOptions
        {
            Server = server,
            Database = await server.CreateDatabaseAsync(),
            PrepareJournal = async journal =>
            {
                await FillAsync(journal);
                damage(journal);
            },
        };
        Assert.That(
            () => PhiGateProcess.StartAsync(options), Throws.InvalidOperationException.With.Message.Contains("phigate cannot start: ").And.Message.Contains(said));
    }

    [Test]
    public async Task A_file_system_that_is_read_only_is_no_place_to_start_on()
    {
        var server = await SharedServers.PostgresAsync();
        await using var disk = await MemoryFileSystem.MountAsync("ro");
        var options = new PhiGateOptions { Server = server, Database = await server.CreateDatabaseAsync(), PrepareJournal = disk.LinkAsync };
        Assert.That(() => PhiGateProcess.StartAsync(options), Throws.InvalidOperationException.With.Message.Contains("phigate cannot start: ").And.Message.Contains("Read-only file system"));
    }

    [Test]
    public async Task A_second_process_on_a_journal_does_not_start_and_the_first_one_goes_on()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await CountedStatements.CreateDatabaseAsync(server);
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = server, Database = database });
        await using var session = await CountedStatements.OpenAsync(gateway, server, database);
        await session.RunAsync();
        using var other = new TemporaryDirectory();
        await CopyConfigurationAsync(gateway, other.Path);

        var second = await Command.RunAsync(PhiGateProcess.Program, ["run", "--config", other.Path]);
        Assert.That(second.ExitCode, Is.Not.Zero);
        // Whichever of its two processes notices first says so.
        Assert.That(second.Errors + second.Output, Does.Contain("phigate cannot start: ").And.Contain("is in use: another process holds").Or.Contain("another gateway answers on"));

        await session.RunAsync();
        Assert.That(await session.RanAsync(), Is.EqualTo(2));
        var sessions = await Command.RunAsync(PhiGateProcess.Program, ["sessions", "--socket", gateway.OperatorSocket]);
        Assert.That((sessions.ExitCode, sessions.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length), Is.EqualTo((0, 1)), "its operator's socket is its own");
        Assert.That(await gateway.StopAsync(), Is.Zero);
        var verified = await Command.RunAsync(PhiGateProcess.Program, ["audit", "verify", gateway.JournalDirectory]);
        Assert.That(verified.ExitCode, Is.Zero, verified.Output);
    }

    [Test]
    public async Task A_segment_of_an_earlier_run_that_is_damaged_keeps_nobody_from_working_and_is_named()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await CountedStatements.CreateDatabaseAsync(server);
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = database,
            PrepareJournal = async journal =>
            {
                await FillAsync(journal);
                Flip(SegmentFileName.Of(journal, 1), SegmentHeader.Bytes + 40);
            },
        });
        await using (var session = await CountedStatements.OpenAsync(gateway, server, database))
            await session.RunAsync();
        Assert.That(await gateway.StopAsync(), Is.Zero);

        var verified = await Command.RunAsync(PhiGateProcess.Program, ["audit", "verify", gateway.JournalDirectory]);
        Assert.That(verified.ExitCode, Is.EqualTo(3));
        Assert.That(verified.Output, Does.Contain("CHANGED  segment 1").And.Contain("NOT what it was"));
        var found = await Command.RunAsync(PhiGateProcess.Program, ["audit", "search", gateway.JournalDirectory]);
        Assert.That(found.ExitCode, Is.Zero);
        Assert.That(found.Output, Does.StartWith("#").And.Not.Contain("#1 "), "all but the damaged one");
        var reported = await Command.RunAsync(PhiGateProcess.Program, ["audit", "report", "integrity", gateway.JournalDirectory]);
        Assert.That(reported.ExitCode, Is.EqualTo(3), "a report says that it is of a journal that was changed");
    }

    private static async Task FillAsync(string directory)
    {
        using var keys = JournalKeyDirectory.OpenOrCreate(JournalKeyDirectory.DefaultFor(directory), directory);
        // Twice, so that there are two segments.
        for (var run = 0; run < 2; run++)
        {
            await using var journal = await MappedJournal.OpenAsync(
                new JournalOptions
                {
                    Directory = directory,
                    SegmentBytes = JournalOptions.SegmentBytesMin,
                    Evidence = new JournalEvidence { SealingKey = keys.Sealing, Signer = keys.Signer },
                },
                TimeProvider.System, CancellationToken.None);
            var intent = new IntentRecord { Text = "select 1"u8 };
            Assert.That(journal.TryAppend(in intent, out _), Is.True);
        }
    }

    private static void PutForeignKeys(string journal)
    {
        var directory = JournalKeyDirectory.DefaultFor(journal);
        Directory.Delete(directory, recursive: true);
        JournalKeyDirectory.OpenOrCreate(directory, journal + "-of-nobody").Dispose();
    }

    private static string KeyOf(string journal, string name) => Path.Combine(JournalKeyDirectory.DefaultFor(journal), name);

    private static string LastOf(string journal) => SegmentFileName.Of(journal, SegmentFileName.Numbers(journal)[^1]);

    /// <param name="path">Of a file.</param>
    /// <param name="offset">From its beginning, or, if negative, from its end.</param>
    private static void Flip(string path, int offset)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[offset >= 0 ? offset : bytes.Length + offset] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>The same journal, on other ports.</summary>
    private static async Task CopyConfigurationAsync(PhiGateProcess gateway, string to)
    {
        string[] names = ["rules.yaml", "classification.yaml", "database.password", "masking.key", "gateway.yaml"];
        foreach (var name in names)
            File.Copy(Path.Combine(gateway.ConfigurationDirectory, name), Path.Combine(to, name));
        Directory.CreateDirectory(Path.Combine(to, "identity"));
        foreach (var file in Directory.GetFiles(Path.Combine(gateway.ConfigurationDirectory, "identity")))
            File.Copy(file, Path.Combine(to, "identity", Path.GetFileName(file)));
        var path = Path.Combine(to, "gateway.yaml");
        var text = await File.ReadAllTextAsync(path);
        foreach (var port in new[] { gateway.Endpoint().Port, gateway.Admin.Port })
            text = text.Replace($"127.0.0.1:{Number(port)}", $"127.0.0.1:{Number(FreePort.Next())}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace("directory: journal", $"directory: {gateway.JournalDirectory}", StringComparison.Ordinal));
    }

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}
