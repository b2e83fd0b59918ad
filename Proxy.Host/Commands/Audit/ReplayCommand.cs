using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Proxy.Core.Journal.Answers;
using Proxy.Core.Journal.Records;
using Proxy.Host.Evidence;
using Proxy.Host.Evidence.Index;

namespace Proxy.Host.Commands.Audit;

/// <summary><c>phigate audit replay</c>: a session with its timing, as its client saw it.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var journal = new JournalArguments();
        var session = new Argument<Guid>("session") { Description = "The session's id, as search prints it with --json", HelpName = "SESSION" };
        var json = new Option<bool>("--json") { Description = "As JSON Lines, answers in base64" };
        var raw = new Option<string?>("--raw") { Description = "Also write the bytes that the client was sent after sign-in to this file", HelpName = "FILE" };
        var command = new Command("replay", "Show a session as its client saw it; needs the sealing key") { session, json, raw };
        journal.AddTo(command);
        journal.SetAction(command, async (arguments, cancellationToken) =>
        {
            await journal.RecordAsync(arguments, isUnsealed: true, cancellationToken);
            var directory = journal.DirectoryOf(arguments);
            using var keys = await journal.LoadKeysAsync(arguments, cancellationToken);
            using var index = AuditIndex.Open(directory, AuditIndex.DefaultPathFor(directory), cancellationToken);
            var wanted = arguments.GetValue(session);
            await using var file = arguments.GetValue(raw) is { } path ? CreateFile(path) : null;
            var output = arguments.InvocationConfiguration.Output;
            DateTimeOffset? began = null;
            foreach (var part in SessionTranscript.Read(directory, wanted, keys, index.SegmentOf(wanted)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                began ??= part.Time;
                if (file is not null) await file.WriteAsync(part.ToClient, cancellationToken);
                await output.WriteAsync(arguments.GetValue(json) ? Json(part) : Text(part, part.Time - began.Value));
            }
            if (began is not null) return ExitCode.Success;
            await arguments.InvocationConfiguration.Error.WriteLineAsync($"there is no session {wanted}");
            return ExitCode.Failure;
        });
        return command;
    }

    private static FileStream CreateFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static string Json(TranscriptPart part) => JsonSerializer.Serialize(
        new
        {
            part.Number,
            Time = part.Time.UtcDateTime,
            Kind = part.Record.Kind.ToString(),
            Text = part.Record is DecodedIntent intent ? Encoding.UTF8.GetString(intent.Text) : null,
            Parameters = part.Record is DecodedExecution execution ? Convert.ToBase64String(execution.Parameters) : null,
            ToClient = Convert.ToBase64String(part.ToClient.Span),
            part.IsComplete,
        },
        SearchCommand.Json) + "\n";

    private static string Text(TranscriptPart part, TimeSpan since)
    {
        var text = new StringBuilder();
        var clock = string.Create(CultureInfo.InvariantCulture, $"{since.TotalSeconds,10:F3}  ");
        switch (part.Record)
        {
            case DecodedSessionOpened opened:
                text.Append(clock).AppendLine(CultureInfo.InvariantCulture, $"{opened.Subject} {opened.Human} signed in to {opened.Target}/{opened.Database} from {opened.ClientAddress}");
                break;
            case DecodedIntent intent:
                text.Append(clock).Append(intent.Phase is IntentPhase.Parse ? "prepare> " : "> ").AppendLine(Encoding.UTF8.GetString(intent.Text));
                break;
            case DecodedExecution execution:
                text.Append(clock).AppendLine(CultureInfo.InvariantCulture, $"execute> the text of record {execution.IntentNumber}, {execution.Parameters.Length} bytes of parameters");
                break;
            case DecodedRefused refused:
                text.Append(clock).AppendLine(CultureInfo.InvariantCulture, $"refused: {refused.Code} ({refused.SqlState})");
                break;
            case DecodedSessionClosed closed:
                text.Append(clock).AppendLine(CultureInfo.InvariantCulture, $"closed: {closed.Reason}");
                break;
            default:
                break;
        }
        WireTranscript.Append(text, part.ToClient.Span);
        if (!part.IsComplete && part.Record is DecodedOutcome outcome)
            text.AppendLine(CultureInfo.InvariantCulture, $"            ({outcome.AnswerBytes} bytes were sent; kept: {outcome.AnswerMode}; digest {Convert.ToHexStringLower(outcome.Digest)})");
        return text.ToString();
    }
}
