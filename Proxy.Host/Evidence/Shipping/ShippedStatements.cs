using System.Globalization;
using System.Text.Json;
using Parquet.Serialization;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;

namespace Proxy.Host.Evidence.Shipping;

/// <summary>Makes the Parquet files of a segment, one for each day that it has records of.</summary>
internal sealed class ShippedStatements(string journalDirectory)
{
    private const int SessionsMax = 10_000;

    private readonly Dictionary<Guid, DecodedSessionOpened> _sessions = [];
    private bool _hasBegun;

    /// <summary>The segment's rows by day, as it comes in the journal.</summary>
    public IReadOnlyDictionary<DateOnly, List<ShippedStatement>> Of(long segment)
    {
        var days = new SortedDictionary<DateOnly, List<ShippedStatement>>();
        if (!_hasBegun) Prime(segment);
        _hasBegun = true;
        using var reader = new JournalReader(journalDirectory, firstSegment: segment);
        while (reader.Read() is var step and not JournalReadResult.End)
        {
            if (step is not JournalReadResult.Record) continue;
            if (reader.Entry.Segment != segment) break;
            if (RowOf(reader.Entry, RecordDecoder.Decode(reader.Entry)) is not { } row) continue;
            var day = DateOnly.FromDateTime(row.Time);
            if (!days.TryGetValue(day, out var rows)) days[day] = rows = [];
            rows.Add(row);
        }
        return days;
    }

    public static async Task WriteAsync(string path, List<ShippedStatement> rows, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        await ParquetSerializer.SerializeAsync(rows, file, cancellationToken: cancellationToken);
    }

    /// <summary>Who was signed in when the segment began: read once, after a start.</summary>
    private void Prime(long segment)
    {
        using var reader = new JournalReader(journalDirectory);
        while (reader.Read() is var step and not JournalReadResult.End)
        {
            if (step is not JournalReadResult.Record) continue;
            if (reader.Entry.Segment >= segment) return;
            if (reader.Entry.Kind is RecordKind.SessionOpened or RecordKind.SessionClosed) RowOf(reader.Entry, RecordDecoder.Decode(reader.Entry));
        }
    }

    private ShippedStatement? RowOf(in JournalEntry entry, DecodedRecord record)
    {
        switch (record)
        {
            case DecodedSessionOpened opened:
                if (_sessions.Count >= SessionsMax) _sessions.Clear();
                _sessions[opened.SessionId] = opened;
                return null;
            case DecodedSessionClosed closed:
                _sessions.Remove(closed.SessionId);
                return null;
            case DecodedIntent intent:
                return Row(entry, intent.SessionId, entry.Number, verdict: Name(intent.Verdict), profile: Name(intent.Profile), rule: intent.Rule, policy: intent.PolicyVersion,
                    relations: string.Join(' ', intent.Relations), classes: string.Join(' ', IdentifierClassNames.In(intent.Classes).Select(IdentifierClassNames.Format)),
                    risk: Risk(intent.Risk));
            case DecodedExecution execution:
                return Row(entry, execution.SessionId, entry.Number, verdict: Name(execution.Verdict), profile: Name(execution.Profile), rule: execution.Rule, policy: execution.PolicyVersion);
            case DecodedRefused refused:
                return Row(entry, refused.SessionId, refused.IntentNumber, refusal: refused.Code, rule: refused.Rule, risk: Risk(refused.Risk));
            case DecodedOutcome outcome:
                return Row(entry, outcome.SessionId, outcome.Statement, status: Name(outcome.Status), rows: outcome.Rows, masked: outcome.MaskedColumns, elapsed: outcome.ElapsedMicroseconds);
            case DecodedSubjects subjects:
                return Row(entry, subjects.SessionId, subjects.Statement, rows: subjects.Rows, subjectKind: subjects.SubjectKind,
                    subjectCodes: string.Join(' ', subjects.Codes.Select(static code => code.ToString("x16", CultureInfo.InvariantCulture))));
            default:
                return null;
        }
    }

    private ShippedStatement Row(
        in JournalEntry entry, Guid session, long statement, string verdict = "", string profile = "", string rule = "", string policy = "", string relations = "",
        string classes = "", string risk = "", string refusal = "", string status = "", long rows = 0, long masked = 0, long elapsed = 0, string subjectKind = "",
        string subjectCodes = "")
    {
        var opened = _sessions.GetValueOrDefault(session);
        return new ShippedStatement
        {
            Record = entry.Number,
            Time = entry.Time.UtcDateTime,
            Kind = Name(entry.Kind),
            Session = session.ToString(),
            Statement = statement,
            Agent = opened?.Agent ?? "",
            Human = opened?.Human ?? "",
            Subject = opened?.Subject ?? "",
            Target = opened?.Target ?? "",
            Relations = relations,
            PhiClasses = classes,
            Risk = risk,
            Verdict = verdict,
            Profile = profile,
            Rule = rule,
            PolicyVersion = policy,
            Refusal = refusal,
            Status = status,
            Rows = rows,
            MaskedColumns = masked,
            ElapsedMicroseconds = elapsed,
            SubjectKind = subjectKind,
            SubjectCodes = subjectCodes,
        };
    }

    private static string Risk(RiskClasses risk) =>
        string.Join(' ', Enum.GetValues<RiskClasses>().Where(one => one != RiskClasses.None && risk.HasFlag(one)).Select(static one => Name(one)));

    private static string Name<TEnum>(TEnum value) where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
