using System.CommandLine;
using System.Globalization;
using System.Text;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Verification;
using Proxy.Host.Evidence.Index;
using Proxy.Host.Evidence.Reports;

namespace Proxy.Host.Commands.Audit;

/// <summary><c>phigate audit prove</c>: one statement on one page, with what it takes to believe it.</summary>
internal static class ProveCommand
{
    public static Command Create()
    {
        var journal = new JournalArguments();
        var number = new Argument<long>("number") { Description = "The number of an intent, an execution, or an event (events.jsonl of an export)", HelpName = "NUMBER" };
        var command = new Command("prove", "One page: who, what, decided by which rule, shown what, and the proof that the record is the signed one") { number };
        journal.AddTo(command);
        journal.SetAction(command, (arguments, cancellationToken) => RunAsync(journal, arguments, arguments.GetValue(number), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(JournalArguments journal, ParseResult arguments, long number, CancellationToken cancellationToken)
    {
        var console = arguments.InvocationConfiguration;
        var directory = journal.DirectoryOf(arguments);
        await journal.RecordAsync(arguments, isUnsealed: true, cancellationToken);
        using var index = AuditIndex.Open(directory, AuditIndex.DefaultPathFor(directory), cancellationToken);
        using var keys = await journal.OpenKeysAsync(arguments, cancellationToken);
        var key = await keys.ReadPublicKeyAsync(cancellationToken)
            ?? throw new JournalKeyException("there is no signing.pub among the keys: say where they are with --keys or --config");
        var page = new StringBuilder();
        if (index.Search(new StatementQuery { Number = number, Limit = 1 }) is [var row])
        {
            using var ring = await journal.LoadKeysAsync(arguments, cancellationToken);
            WriteStatement(page, index, row, directory, ring);
        }
        else if (index.EventOf(number) is { } happened)
        {
            WriteEvent(page, happened);
        }
        else
        {
            await console.Error.WriteLineAsync($"there is no statement and no event {number}: search and export list their numbers");
            return ExitCode.Failure;
        }
        var isProven = Prove(page, directory, number, key, cancellationToken);
        await console.Output.WriteAsync(page, cancellationToken);
        return isProven ? ExitCode.Success : ExitCode.JournalDamaged;
    }

    private static void WriteEvent(StringBuilder page, EventRow row)
    {
        Line(page, "record", $"{row.Number} ({row.Kind}) of {row.Time:yyyy-MM-dd HH:mm:ss.fff} UTC");
        foreach (var (name, text) in new[] { ("who", row.Who), ("what", row.What), ("code", row.Code), ("detail", row.Detail), ("client", row.Client) })
            if (text.Length > 0) Line(page, name, text);
    }

    private static void WriteStatement(StringBuilder page, AuditIndex index, StatementRow row, string directory, SegmentKeyRing keys)
    {
        Line(page, "record", $"{row.Number} ({row.Kind}) of {row.Time:yyyy-MM-dd HH:mm:ss.fff} UTC");
        var session = index.SessionOf(row.Session);
        Line(page, "who", $"{row.Subject}{(row.Human.Length > 0 ? $", on behalf of {ReportTexts.Behalf(row, session)}" : "")}{(row.Agent.Length > 0 ? $", by {ReportTexts.By(row, session)}" : "")}");
        Line(page, "verified by", $"a token of {row.Issuer}{(session is { SignInMethod.Length: > 0 } ? $", sign-in by {session.SignInMethod}" : "")}");
        if (session is { KnownAs.Length: > 0 })
            Line(page, "known as", session.KnownAs);
        if (session is { Task.Length: > 0 } or { Groups.Length: > 0 })
            Line(page, "for", $"{(session.Task.Length > 0 ? $"task {session.Task}" : "no task")}{(session.Groups.Length > 0 ? $", groups {session.Groups}" : "")}");
        Line(page, "session", row.Session);
        Line(page, "target", $"{row.Target}, database {row.Database}");
        foreach (var (name, text) in Sealed(directory, row.Number, keys))
            Line(page, name, text);
        Line(page, "names", $"{row.Relations} ({row.PhiClasses})");
        Line(page, "risk", row.Risk);
        Line(page, "decision", $"{row.Verdict}, {row.Profile}, by {(row.Rule.Length > 0 ? $"rule {row.Rule}" : "the default rule")} of policy {row.PolicyVersion}");
        if (index.VersionInForce(row.PolicyVersion, row.Number) is { } version)
            Line(page, "policy", $"by {version.Who}, in force since {version.Time:yyyy-MM-dd HH:mm:ss} UTC (record {version.Number})");
        Line(page, "outcome", row.Refusal.Length > 0 ? $"refused: {row.Refusal}" : $"{row.Status} {row.SqlState}, {row.Rows} rows, {row.MaskedColumns} columns masked, {row.AnswerBytes} bytes, {row.ElapsedMicroseconds} µs");
    }

    /// <summary>The text, from the record itself or the intent that it executes.</summary>
    private static IEnumerable<(string Name, string Text)> Sealed(string directory, long number, SegmentKeyRing keys)
    {
        const string Erased = "erased: its time was over";
        var (record, isSealed) = Find(directory, number, keys);
        if (record is DecodedExecution execution)
        {
            yield return ("parameters", isSealed ? Erased : Convert.ToBase64String(execution.Parameters));
            (record, isSealed) = Find(directory, execution.IntentNumber, keys);
        }
        if (record is DecodedIntent intent)
            yield return ("text", isSealed ? Erased : Encoding.UTF8.GetString(intent.Text));
    }

    private static (DecodedRecord? Record, bool IsSealed) Find(string directory, long number, SegmentKeyRing keys)
    {
        using var reader = new JournalReader(directory, keys: keys, firstSegment: JournalReader.SegmentOf(directory, number));
        while (reader.Read() is var step and not JournalReadResult.End)
            if (step is JournalReadResult.Record && reader.Entry.Number == number)
                return (RecordDecoder.Decode(reader.Entry), reader.Entry.IsSealed);
        return (null, false);
    }

    private static bool Prove(StringBuilder page, string directory, long number, HeadVerificationKey key, CancellationToken cancellationToken)
    {
        if (RecordProof.Find(directory, number, cancellationToken) is not { } proof)
        {
            Line(page, "proof", "no head covers the record yet: ask again in a second");
            return false;
        }
        var isValid = proof.Verify(key);
        Line(page, "record bytes", Convert.ToBase64String(proof.Entry));
        Line(page, "hash before", Convert.ToHexStringLower(proof.Before));
        Line(page, "hash", $"{Convert.ToHexStringLower(proof.LeafHash)} = SHA-256({proof.Formula}), entry {proof.Index}");
        foreach (var step in proof.Path)
            Line(page, "beside", Convert.ToHexStringLower(step));
        page.AppendLine("signed head, the first that covers the record:").Append(proof.Head);
        Line(page, "proof", isValid ? $"holds under the key {key.Id} (RFC 9162 §2.1.3.2)" : "DOES NOT HOLD: run verify");
        return isValid;
    }

    private static void Line(StringBuilder page, string name, string text) =>
        page.AppendLine(CultureInfo.InvariantCulture, $"{name,-14}{text}");
}
