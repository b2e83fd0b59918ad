using System.Globalization;
using Microsoft.Data.Sqlite;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Host.Evidence.Index;

/// <summary>What each record adds to the index. Statements are prepared once: a journal has millions of records.</summary>
internal sealed class IndexRows(SqliteConnection connection) : IDisposable
{
    private readonly List<SqliteCommand> _commands = [];
    private SqliteCommand? _opened, _closed, _intent, _relation, _execution, _refused, _outcome;

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
            default:
                break;
        }
    }

    public void Dispose()
    {
        foreach (var command in _commands)
            command.Dispose();
    }

    private void Add(in JournalEntry entry, DecodedSessionOpened opened) => Run(
        _opened ??= Prepare(
            "insert or replace into sessions values ($0, $1, null, $2, $3, $4, $5, $6, $7, $8, null, $9)", 10),
        opened.SessionId.ToString(), entry.Time.UtcTicks, opened.Issuer, opened.Subject, opened.Agent, opened.Human, opened.ClientAddress, opened.Target,
        opened.Database, entry.Segment);

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
