using System.Text;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Errors;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// What goes round the result set: errors, notices, notifications, ParameterStatus. Each can carry a value that somebody put there, so each is
/// shown only as far as the statement that brought it about allows.
/// </summary>
internal sealed class PostgresAsides
{
    /// <summary>Parameters that the server itself reports (guc.c, GUC_REPORT). Their values are the server's, but for application_name.</summary>
    private static readonly HashSet<string> Reported = new(StringComparer.Ordinal)
    {
        "client_encoding", "DateStyle", "default_transaction_read_only", "in_hot_standby", "integer_datetimes", "IntervalStyle", "is_superuser",
        "scram_iterations", "search_path", "server_encoding", "server_version", "session_authorization", "standard_conforming_strings", "TimeZone",
    };

    /// <summary>A client that invents more names than this sees the last ones masked.</summary>
    private const int OwnNamesMax = 64;

    /// <summary>A client that listens to more channels than this does not hear of the last ones.</summary>
    private const int ChannelsMax = 1024;

    // What the client has named in a LISTEN: kept after UNLISTEN, which a ROLLBACK can undo.
    private readonly HashSet<string> _channels = new(StringComparer.Ordinal);

    // What the client calls itself, at start-up and in literals since: its own words, and RESET and ROLLBACK go back to any of them.
    private readonly HashSet<string> _applicationNames;
    private Judgement? _transaction;
    private bool _showsNotifications;

    public PostgresAsides(string applicationName, string dateStyle)
    {
        _applicationNames = new HashSet<string>(StringComparer.Ordinal) { applicationName };
        DateStyle = DateStyleOf(dateStyle);
    }

    /// <summary>How the server writes dates now; masks have to write theirs likewise.</summary>
    public DateStyle DateStyle { get; private set; }

    /// <summary>Set when a parameter now has a value under which statements would be read differently than they were analysed.</summary>
    public string? Violation { get; private set; }

    /// <summary>A statement ran: its settings and subscriptions count from now, and what it touched may still speak at COMMIT.</summary>
    public void OnCompleted(Judgement judgement, int statement)
    {
        var reading = judgement.Analysis.Statements[statement];
        if (reading is { Kind: StatementKind.Listen, ObjectName: { } channel })
        {
            _showsNotifications = ShowsEverything(judgement);
            if (_channels.Count < ChannelsMax) _channels.Add(channel);
        }

        NoteApplicationNames(reading);
        if (_transaction is null || !IsHarmless(judgement)) _transaction = judgement;
    }

    /// <summary>The server dealt with a statement, whatever came of it: until the transaction is over it may speak of what that touched.</summary>
    public void OnTouched(Judgement? judgement)
    {
        if (judgement is not null && !ReferenceEquals(judgement, _transaction) && !IsHarmless(judgement)) _transaction = judgement;
    }

    /// <summary>The server is ready again; between transactions nothing of earlier ones can speak up.</summary>
    public void OnReady(bool isIdle)
    {
        if (isIdle) _transaction = null;
    }

    /// <summary>Forwards an error of the statement at the head, or of the transaction when it comes at COMMIT or Sync (deferred constraints).</summary>
    public void ForwardError(in ReplyFrame frame, PendingReply? head, bool isFatal, Outbound toClient) => ForwardAs(frame, head, toClient, isFatal);

    public bool TryForwardNotice(in ReplyFrame frame, PendingReply? head, Outbound toClient)
    {
        if (!PostgresErrors.IsWellFormed(frame.Body)) return false;
        ForwardAs(frame, head, toClient);
        return true;
    }

    /// <summary>NotificationResponse: process id, channel, payload. Any session can send one, and what it says is anybody's; only a session that sees everything gets the payload.</summary>
    public bool TryForwardNotification(in ReplyFrame frame, Outbound toClient)
    {
        var reader = new WireReader(frame.Body);
        var processId = reader.ReadInt32();
        var channel = reader.ReadCString();
        var payload = reader.ReadCString();
        if (!reader.IsAtEnd) return false;
        if (!_channels.Contains(Encoding.UTF8.GetString(channel))) return true; // Nobody asked for it, so even the name is not the client's own word.
        if (_showsNotifications || payload.IsEmpty)
            toClient.Forward(frame.Start, frame.Length);
        else
            toClient.Insert(new MessageWriter().Begin(frame.Type).Int32(processId).CString(channel).CString("****"u8).End().ToArray());
        return true;
    }

    /// <summary>ParameterStatus. Before version 14 the server reports a change while the statement that makes it is still at the head.</summary>
    public bool TryForwardParameter(in ReplyFrame frame, PendingReply? head, Outbound toClient)
    {
        var reader = new WireReader(frame.Body);
        var name = Encoding.UTF8.GetString(reader.ReadCString());
        var value = Encoding.UTF8.GetString(reader.ReadCString());
        if (!reader.IsAtEnd) return false;
        if (!IsReadable(name, value))
        {
            Violation = $"{name} has now a value under which statements would be read differently";
            return false;
        }

        if (name == "DateStyle") DateStyle = DateStyleOf(value);
        if (Reported.Contains(name) || IsOwnOrShown(name, value, head))
            toClient.Forward(frame.Start, frame.Length);
        else if (name == "application_name")
            toClient.Insert(new MessageWriter().Begin(frame.Type).CString(name).CString("****"u8).End().ToArray());
        return true; // Of a parameter that no server reports by itself not even the name is shown.
    }

    /// <summary>Whether statements mean to the server what they mean to the analysis when this parameter has this value.</summary>
    public static bool IsReadable(string name, string value) => name switch
    {
        "client_encoding" => value is "UTF8",
        "server_encoding" => value is "UTF8",
        "standard_conforming_strings" => value is "on",
        _ => true,
    };

    private bool IsOwnOrShown(string name, string value, PendingReply? head)
    {
        if ((head?.Judgement ?? head?.Portal?.Judgement) is { } judgement)
        {
            if (ShowsEverything(judgement)) return true;
            foreach (var reading in judgement.Analysis.Statements)
                NoteApplicationNames(reading);
        }

        return name == "application_name" && _applicationNames.Contains(value);
    }

    private void NoteApplicationNames(StatementReading reading)
    {
        foreach (var setting in reading.Settings)
            if (setting is { IsChanged: true, IsLiteral: true, Value: { } value } && setting.Name.Equals("application_name", StringComparison.OrdinalIgnoreCase)
                && _applicationNames.Count < OwnNamesMax)
                _applicationNames.Add(value);
    }

    private void ForwardAs(in ReplyFrame frame, PendingReply? head, Outbound toClient, bool isFatal = false)
    {
        var judgement = head?.Judgement ?? head?.Portal?.Judgement ?? head?.Statement?.Judgement;
        var summary = PostgresErrors.Summarise(frame.Body);
        if (IsVerbatim(head, judgement, summary, isFatal))
            toClient.Forward(frame.Start, frame.Length);
        else
        {
            ProtocolMetrics.ErrorsScrubbed.Add(1);
            toClient.Insert(PostgresErrors.Scrub(frame.Type, frame.Body, (judgement ?? _transaction)?.Catalogue));
        }
    }

    private bool IsVerbatim(PendingReply? head, Judgement? judgement, in ErrorSummary error, bool isFatal)
    {
        // What ends the connection is the server's own word: RAISE cannot.
        if (isFatal && !error.HasContext) return true;
        // In a failed transaction nothing is looked at, so there is nothing to tell; RAISE with this code has a context.
        if (error is { SqlState: "25P02", HasContext: false }) return true;
        // A name that does not exist is the client's own word, whoever else is in the transaction.
        if (head is { Judgement: null, Kind: PendingKind.Bind or PendingKind.DescribePortal or PendingKind.DescribeStatement or PendingKind.Execute }
            && error.SqlState is "26000" or "34000")
            return true;
        if (judgement is null && _transaction is null) return head is { Kind: PendingKind.Sync };
        return (judgement is null || judgement.TreatmentOf(error) is ErrorTreatment.Verbatim)
            && (_transaction is null || !SpeaksForTransaction(head, judgement) || _transaction.TreatmentOf(error) is ErrorTreatment.Verbatim);
    }

    private static bool SpeaksForTransaction(PendingReply? head, Judgement? judgement) =>
        judgement is null || head is not { Kind: PendingKind.Query or PendingKind.Execute or PendingKind.Bind or PendingKind.Parse }
        || judgement.Analysis.Statements.Any(static reading => reading.Kind is StatementKind.Commit or StatementKind.PrepareTransaction or StatementKind.Unknown);

    private static bool IsHarmless(Judgement judgement) =>
        judgement.TreatmentOf(new ErrorSummary("23503", HasPosition: false, HasInternalQuery: false, HasContext: false)) is ErrorTreatment.Verbatim;

    private static bool ShowsEverything(Judgement judgement) => judgement.Decision is { Verdict: Verdict.Allow, Profile: MaskProfile.Unmasked };

    private static DateStyle DateStyleOf(string value) => value switch
    {
        _ when value.StartsWith("ISO", StringComparison.Ordinal) => DateStyle.Iso,
        "German, DMY" or "German, MDY" or "German, YMD" => DateStyle.German,
        "SQL, DMY" => DateStyle.SqlDayFirst,
        "SQL, MDY" or "SQL, YMD" => DateStyle.SqlMonthFirst,
        "Postgres, DMY" => DateStyle.PostgresDayFirst,
        "Postgres, MDY" or "Postgres, YMD" => DateStyle.PostgresMonthFirst,
        _ => DateStyle.Unknown,
    };
}
