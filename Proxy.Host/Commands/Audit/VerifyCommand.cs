using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Verification;
using Proxy.Host.Evidence;
using Spectre.Console;

namespace Proxy.Host.Commands.Audit;

/// <summary><c>phigate audit verify</c>: whether the journal is what it was, offline, with public keys only.</summary>
internal static class VerifyCommand
{
    private static readonly Option<string[]> PublicKeys = new("--public-key")
    {
        Description = "A public key whose signatures count, in PEM; may be given several times (default: signing.pub of the keys)",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string[]> Anchors = new("--anchor")
    {
        Description = "Heads that an anchor kept: a file, or a directory of files; may be given several times",
        HelpName = "PATH",
        DefaultValueFactory = _ => [],
    };

    public static Command Create()
    {
        var journal = new JournalArguments();
        var command = new Command("verify", "Check that the journal is whole and unchanged, and say up to where it is anchored (exit code 3 when it is not)")
        {
            PublicKeys, Anchors,
        };
        journal.AddTo(command, isRecorded: false);
        journal.SetAction(command, async (arguments, cancellationToken) =>
        {
            using var keys = await journal.OpenKeysAsync(arguments, cancellationToken);
            var given = (arguments.GetValue(PublicKeys) ?? []).Select(PublicKeyFile.Read).ToList();
            try
            {
                List<HeadVerificationKey> counting = given.Count > 0
                    ? given
                    : [await keys.ReadPublicKeyAsync(cancellationToken) ?? throw new JournalKeyException("there is no signing.pub among the keys: give a public key with --public-key")];
                return await RunAsync(arguments.InvocationConfiguration, journal.DirectoryOf(arguments), counting, arguments.GetValue(Anchors) ?? [], cancellationToken);
            }
            finally
            {
                given.ForEach(static key => key.Dispose());
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        InvocationConfiguration console, string directory, List<HeadVerificationKey> keys, string[] anchors, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        var report = await VerifyAsync(directory, keys, [.. anchors.SelectMany(FilesOf)], cancellationToken);
        await PrintAsync(console.Output, report, anchors.Length > 0, Stopwatch.GetElapsedTime(since));
        return report.IsUntouched ? ExitCode.Success : ExitCode.JournalDamaged;
    }

    /// <summary>With a progress bar where somebody looks.</summary>
    private static async Task<VerificationReport> VerifyAsync(
        string directory, List<HeadVerificationKey> keys, List<string> anchors, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected)
            return JournalVerifier.Run(directory, keys, anchors, progress: null, cancellationToken);
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await screen.Progress().StartAsync(async context =>
        {
            var bar = context.AddTask("verifying", maxValue: 1);
            var progress = new Progress<(long Done, long Total)>(state => bar.Value = (double)state.Done / Math.Max(1, state.Total));
            return await Task.Run(() => JournalVerifier.Run(directory, keys, anchors, progress, cancellationToken), cancellationToken);
        });
    }

    private static async Task PrintAsync(TextWriter output, VerificationReport report, bool hasAnchors, TimeSpan elapsed)
    {
        foreach (var finding in report.Findings)
            await output.WriteLineAsync($"CHANGED  {finding}");
        foreach (var damage in report.Explained)
            await output.WriteLineAsync($"crash    {damage}; signed as it is at the next start");
        if (report.Purged is { } purged)
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"purged   segments up to {purged.LastSegment}, records up to {purged.LastRecord}, the newest of {purged.Newest.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: {purged.Rule}"));
        if (report.KeptRecords > 0)
            await output.WriteLineAsync($"kept     {report.KeptRecords} records of documentation from what was purged, each with a proof that holds");
        foreach (var erased in report.ErasedContents)
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"erased   what is sealed in segments {erased.FirstSegment} to {erased.LastSegment}, records {erased.FirstRecord} to {erased.LastRecord}: {erased.Rule}"));
        foreach (var statement in report.UnknownOutcomes)
            await output.WriteLineAsync($"unknown  statement {statement.Number} of session {statement.SessionId} may have run: nobody saw its end");
        var speed = report.Bytes / 1e6 / Math.Max(elapsed.TotalSeconds, 1e-6);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Records} records in {report.Segments} segments, {report.Heads} heads; {report.Bytes / 1e6:F1} MB at {speed:F0} MB/s"));
        await output.WriteLineAsync(report.SignedTo is { } signed
            ? $"signed to record {signed.LastRecord} ({signed.Time:yyyy-MM-dd HH:mm:ss} UTC); {report.UnsignedRecords} records are newer"
            : "nothing is signed");
        await output.WriteLineAsync(report.AnchoredTo is { } anchored
            ? $"anchored to record {anchored.LastRecord} ({anchored.Time:yyyy-MM-dd HH:mm:ss} UTC)"
            : hasAnchors ? "no anchored head agrees with the journal" : "not compared with any anchor: whoever has the keys could have written it anew");
        await output.WriteLineAsync(report.IsUntouched ? "the journal is whole" : $"the journal is NOT what it was: {report.Findings.Length} finding(s)");
    }

    /// <summary>In the order of their names: that of the sizes, where a bucket has an object for each head.</summary>
    private static IEnumerable<string> FilesOf(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [path];
}
