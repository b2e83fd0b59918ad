using System.Globalization;
using Microsoft.Data.Sqlite;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;

namespace Proxy.Host.Evidence.Index;

/// <summary>What each record adds to the index. Statements are prepared once: a journal has millions of records.</summary>
internal sealed class IndexRows(SqliteConnection connection) : IDisposable
{
    private readonly List<SqliteCommand> _commands = [];
    private SqliteCommand? _opened, _closed, _intent, _relation, _execution, _refused, _outcome, _subjects;
    private readonly EventRows _events = new(connection);

    public void Add(in JournalEntry entry, DecodedRecord record)
    {
        switch (record)
        {
            case DecodedSessionOpened opened:
                Add(entry, opened);
                break;
            case DecodedSessionClosed closed:
                Run(
                    _closed ??= Prepare("update sessions set closed = $0, reason = $1 where session = $2", 3),
                    entry.Time.UtcTicks, closed.Reason, closed.SessionId.ToString());
                break;
            case DecodedIntent intent:
                Add(entry, intent);
                break;
            case DecodedExecution execution:
                Run(
                    _execution ??= Prepare(
                        """
                        insert or replace into statements (number, time, session, kind, intent, fingerprint, risk, classes, relations, verdict, rule, profile, policy)
                        select $0, $1, $2, 'execution', $3, fingerprint, risk, classes, relations, $4, $5, $6, $7 from (select 1)
                        left join statements on number = $3
                        """, 8),
                    entry.Number, entry.Time.UtcTicks, execution.SessionId.ToString(), execution.IntentNumber, (long)execution.Verdict, execution.Rule,
                    (long)execution.Profile, execution.PolicyVersion);
                break;
            case DecodedRefused refused:
                Run(_refused ??= Prepare("update statements set refusal = $0, sqlstate = $1 where number = $2", 3), refused.Code, refused.SqlState, refused.IntentNumber);
                break;
            case DecodedOutcome outcome:
                Run(
                    _outcome ??= Prepare(
                        """
                        update statements set status = $0, sqlstate = $1, tag = $2, rows = coalesce(rows, 0) + $3, masked_columns = $4,
                        bytes = coalesce(bytes, 0) + $5, elapsed = coalesce(elapsed, 0) + $6, answer = $7 where number = $8
                        """, 9),
                    (long)outcome.Status, outcome.SqlState, outcome.CommandTag, outcome.Rows, (long)outcome.MaskedColumns, outcome.AnswerBytes,
                    outcome.ElapsedMicroseconds, (long)outcome.AnswerMode, outcome.Statement);
                break;
            case DecodedSubjects subjects:
                Run(
                    _subjects ??= Prepare($"insert or replace into subjects ({SubjectsRow.Columns}) values ($0, $1, $2, $3, $4, $5, $6, $7)", 8),
                    entry.Number, entry.Time.UtcTicks, subjects.Statement, subjects.SubjectKind, subjects.Rows, subjects.UnreadRows, subjects.IsCapped ? 1L : 0L,
                    string.Join(' ', subjects.Codes.Select(code => code.ToString("x16", CultureInfo.InvariantCulture))));
                break;
            default:
                _events.Add(entry, record);
                break;
        }
    }

    public void Dispose()
    {
        foreach (var command in _commands)
            command.Dispose();
        _events.Dispose();
    }

    private void Add(in JournalEntry entry, DecodedSessionOpened opened) => Run(
        _opened ??= Prepare(
            "insert or replace into sessions values ($0, $1, null, $2, $3, $4, $5, $6, $7, $8, null, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)", 19),
        opened.SessionId.ToString(), entry.Time.UtcTicks, opened.Issuer, opened.Subject, opened.Agent, opened.Human, opened.ClientAddress, opened.Target,
        opened.Database, entry.Segment, entry.Number, string.Join(' ', opened.Groups), opened.TokenId, opened.Grant, opened.Task, opened.Workload,
        opened.SignInMethod, KnownAs(opened), opened.PolicyVersion);

    /// <summary>How each fact that is there is known.</summary>
    private static string KnownAs(DecodedSessionOpened opened)
    {
        var known = new List<string>();
        void Mark(string name, string fact, Provenance provenance)
        {
            if (fact.Length > 0) known.Add($"{name}={ProvenanceNames.Format(provenance)}");
        }

        Mark("agent", opened.Agent, opened.Marks.Agent);
        Mark("human", opened.Human, opened.Marks.Human);
        Mark("task", opened.Task, opened.Marks.Task);
        Mark("workload", opened.Workload, opened.Marks.Workload);
        Mark("groups", opened.Groups.IsEmpty ? "" : "groups", opened.Marks.Groups);
        return string.Join(' ', known);
    }

    private void Add(in JournalEntry entry, DecodedIntent intent)
    {
        Run(
            _intent ??= Prepare(
                """
                insert or replace into statements (number, time, session, kind, fingerprint, risk, verdict, rule, profile, policy, classes, relations)
                values ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                """, 12),
            entry.Number, entry.Time.UtcTicks, intent.SessionId.ToString(), intent.Phase is IntentPhase.SimpleQuery ? "query" : "parse",
            intent.Fingerprint.ToString("x16", CultureInfo.InvariantCulture), (long)intent.Risk, (long)intent.Verdict, intent.Rule, (long)intent.Profile,
            intent.PolicyVersion, (long)intent.Classes, string.Join(' ', intent.Relations));
        foreach (var relation in intent.Relations)
            Run(_relation ??= Prepare("insert or ignore into relations values ($0, $1)", 2), relation, entry.Number);
    }

    private SqliteCommand Prepare(string text, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        for (var i = 0; i < parameters; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        _commands.Add(command);
        return command;
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }
}
