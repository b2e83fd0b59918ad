using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;

namespace Proxy.Core.Journal;

/// <summary>Renders the journal as JSON Lines: one object per record or damaged place. Names are snake_case; unstated texts are left out.</summary>
public sealed class JournalFormatter : IDisposable
{
    private readonly IBufferWriter<byte> _output;
    private readonly JournalFormatterOptions _options;
    private readonly Utf8JsonWriter _json;

    public JournalFormatter(IBufferWriter<byte> output, JournalFormatterOptions options)
    {
        _output = output;
        _options = options;
        _json = new Utf8JsonWriter(output);
    }

    /// <exception cref="JournalFormatException">The body is not what its kind says.</exception>
    public void Write(in JournalEntry entry)
    {
        DecodedRecord record = RecordDecoder.Decode(entry);
        _json.WriteStartObject();
        _json.WriteNumber("number"u8, entry.Number);
        _json.WriteString("time"u8, entry.Time.UtcDateTime);
        _json.WriteString("kind"u8, Name(entry.Kind));
        _json.WriteNumber("segment"u8, entry.Segment);
        _json.WriteNumber("offset"u8, entry.Offset);
        WriteFields(record, entry.Body.Length);
        EndLine();
    }

    public void Write(in JournalDamage damage)
    {
        _json.WriteStartObject();
        _json.WriteString("damage"u8, Name(damage.Kind));
        if (damage.Number != 0)
            _json.WriteNumber("number"u8, damage.Number);
        _json.WriteNumber("segment"u8, damage.Segment);
        _json.WriteNumber("offset"u8, damage.Offset);
        _json.WriteString("explanation"u8, damage.ToString());
        EndLine();
    }

    public void Dispose() => _json.Dispose();

    private void EndLine()
    {
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _output.Write("\n"u8);
    }

    private void WriteFields(DecodedRecord record, int bodyBytes)
    {
        switch (record)
        {
            case DecodedSessionOpened opened:
                Write(opened);
                break;
            case DecodedSessionClosed closed:
                Write(closed);
                break;
            case DecodedSignInRefused refused:
                Text("client_address"u8, refused.ClientAddress);
                Text("target"u8, refused.Target);
                Text("code"u8, refused.Code);
                Text("detail"u8, refused.Detail);
                break;
            case DecodedIntent intent:
                Write(intent);
                break;
            case DecodedExecution execution:
                Write(execution);
                break;
            case DecodedRefused refused:
                Write(refused);
                break;
            case DecodedOutcome outcome:
                Write(outcome);
                break;
            case DecodedConfigurationChanged changed:
                Text("old_version"u8, changed.OldVersion);
                Text("new_version"u8, changed.NewVersion);
                Text("changed_by"u8, changed.ChangedBy);
                _json.WriteString("digest"u8, Convert.ToHexStringLower(changed.Digest));
                break;
            case DecodedCancelled cancelled:
                _json.WriteString("session"u8, cancelled.SessionId);
                Text("from_address"u8, cancelled.FromAddress);
                break;
            case DecodedAnswer answer:
                _json.WriteString("session"u8, answer.SessionId);
                _json.WriteNumber("answer_bytes"u8, answer.Bytes.Length);
                break;
            case DecodedAuditRead read:
                Text("reader"u8, read.Reader);
                Text("command"u8, read.Command);
                _json.WriteBoolean("unsealed"u8, read.IsUnsealed);
                break;
            case DecodedSubjects subjects:
                Write(subjects);
                break;
            case DecodedReview review:
                Write(review);
                break;
            case DecodedAccessRevoked revoked:
                Write(revoked);
                break;
            case DecodedCredentialIssued issued:
                Write(issued);
                break;
            case DecodedClockStepped stepped:
                _json.WriteString("expected"u8, stepped.Expected);
                _json.WriteString("actual"u8, stepped.Actual);
                break;
            case DecodedPurged purged:
                Write(purged);
                break;
            case DecodedContentErased erased:
                Write(erased);
                break;
            case DecodedKept kept:
                Write(kept);
                break;
            default:
                _json.WriteNumber("body_bytes"u8, bodyBytes);
                break;
        }
    }

    private void Write(DecodedSessionOpened opened)
    {
        _json.WriteString("session"u8, opened.SessionId);
        Text("issuer"u8, opened.Issuer);
        Text("subject"u8, opened.Subject);
        Text("agent"u8, opened.Agent);
        Text("human"u8, opened.Human);
        _json.WriteStartArray("groups"u8);
        foreach (string group in opened.Groups)
            _json.WriteStringValue(group);
        _json.WriteEndArray();
        Text("token_id"u8, opened.TokenId);
        Text("client_address"u8, opened.ClientAddress);
        Text("target"u8, opened.Target);
        Text("database"u8, opened.Database);
        Text("database_user"u8, opened.DatabaseUser);
        Text("protocol"u8, opened.Protocol);
        Text("application_name"u8, opened.ApplicationName);
        Text("policy_version"u8, opened.PolicyVersion);
        Text("task"u8, opened.Task);
        Text("workload"u8, opened.Workload);
        Text("reason_self_declared"u8, opened.Reason);
        Text("grant"u8, opened.Grant);
        Text("sign_in_method"u8, opened.SignInMethod);
        if (!opened.Actors.IsEmpty)
            Text("actors"u8, string.Join(" < ", opened.Actors));
        WriteMarks(opened, opened.Marks);
    }

    /// <summary>How each fact that is there is known.</summary>
    private void WriteMarks(DecodedSessionOpened opened, IdentityMarks marks)
    {
        _json.WriteStartObject("known_as"u8);
        Mark("agent"u8, opened.Agent, marks.Agent);
        Mark("human"u8, opened.Human, marks.Human);
        Mark("task"u8, opened.Task, marks.Task);
        Mark("workload"u8, opened.Workload, marks.Workload);
        Mark("groups"u8, opened.Groups.IsEmpty ? "" : "groups", marks.Groups);
        _json.WriteEndObject();
    }

    private void Mark(ReadOnlySpan<byte> name, string fact, Provenance provenance)
    {
        if (fact.Length > 0)
            _json.WriteString(name, ProvenanceNames.Format(provenance));
    }

    private void Write(DecodedPurged purged)
    {
        _json.WriteNumber("first_segment"u8, purged.FirstSegment);
        _json.WriteNumber("last_segment"u8, purged.LastSegment);
        _json.WriteNumber("first_record"u8, purged.FirstRecord);
        _json.WriteNumber("last_record"u8, purged.LastRecord);
        _json.WriteString("newest"u8, purged.Newest);
        _json.WriteNumber("entries"u8, purged.Entries);
        Text("rule"u8, purged.Rule);
    }

    /// <summary>The record that it holds, as that would show.</summary>
    private void Write(DecodedKept kept)
    {
        JournalEntry entry = kept.Open();
        _json.WriteStartObject("record"u8);
        _json.WriteNumber("number"u8, entry.Number);
        _json.WriteString("time"u8, entry.Time.UtcDateTime);
        _json.WriteString("kind"u8, Name(entry.Kind));
        _json.WriteNumber("segment"u8, entry.Segment);
        WriteFields(RecordDecoder.Decode(entry), entry.Body.Length);
        _json.WriteEndObject();
        _json.WriteNumber("entry"u8, kept.Index);
        _json.WriteString("head"u8, kept.Head);
    }

    private void Write(DecodedContentErased erased)
    {
        _json.WriteNumber("first_segment"u8, erased.FirstSegment);
        _json.WriteNumber("last_segment"u8, erased.LastSegment);
        _json.WriteNumber("first_record"u8, erased.FirstRecord);
        _json.WriteNumber("last_record"u8, erased.LastRecord);
        _json.WriteString("newest"u8, erased.Newest);
        Text("rule"u8, erased.Rule);
    }

    private void Write(DecodedAccessRevoked revoked)
    {
        Text("revoked"u8, revoked.Subject);
        Text("value"u8, revoked.Value);
        Text("issuer"u8, revoked.Issuer);
        Text("by"u8, revoked.RevokedBy);
        Text("reason"u8, revoked.Reason);
        _json.WriteString("until"u8, revoked.Until.UtcDateTime);
        _json.WriteBoolean("lifted"u8, revoked.IsLifted);
    }

    private void Write(DecodedCredentialIssued issued)
    {
        Text("grant"u8, issued.Grant);
        Text("issuer"u8, issued.Issuer);
        Text("subject"u8, issued.Subject);
        Text("agent"u8, issued.Agent);
        Text("human"u8, issued.Human);
        Text("token_id"u8, issued.TokenId);
        Text("client_address"u8, issued.ClientAddress);
        Text("target"u8, issued.Target);
        Text("database"u8, issued.Database);
        Text("scope"u8, issued.Scope);
        Text("reason_self_declared"u8, issued.Reason);
        Text("task_self_declared"u8, issued.Task);
        _json.WriteNumber("connections"u8, issued.Connections);
        _json.WriteString("expires"u8, issued.ExpiresAt.UtcDateTime);
    }

    private void Write(DecodedSessionClosed closed)
    {
        _json.WriteString("session"u8, closed.SessionId);
        Text("reason"u8, closed.Reason);
        _json.WriteNumber("statements"u8, closed.Statements);
        _json.WriteNumber("rows"u8, closed.Rows);
        _json.WriteNumber("bytes_from_client"u8, closed.BytesFromClient);
        _json.WriteNumber("bytes_to_client"u8, closed.BytesToClient);
    }

    private void Write(DecodedIntent intent)
    {
        _json.WriteString("session"u8, intent.SessionId);
        _json.WriteNumber("statement_number"u8, intent.StatementNumber);
        _json.WriteString("phase"u8, Name(intent.Phase));
        Text("statement_name"u8, intent.StatementName);
        WriteStatement(intent.Text);
        // As text: JSON numbers lose the low bits of 64.
        _json.WriteString("fingerprint"u8, intent.Fingerprint.ToString("x16", CultureInfo.InvariantCulture));
        WriteRisk(intent.Risk);
        _json.WriteString("verdict"u8, Name(intent.Verdict));
        Text("rule"u8, intent.Rule);
        _json.WriteString("profile"u8, Name(intent.Profile));
        Text("policy_version"u8, intent.PolicyVersion);
        _json.WriteNumber("catalogue_version"u8, intent.CatalogueVersion);
        _json.WriteStartArray("relations"u8);
        foreach (string relation in intent.Relations)
            _json.WriteStringValue(relation);
        _json.WriteEndArray();
        _json.WriteStartArray("phi_classes"u8);
        foreach (IdentifierClass one in IdentifierClassNames.In(intent.Classes))
            _json.WriteStringValue(IdentifierClassNames.Format(one));
        _json.WriteEndArray();
    }

    private void Write(DecodedExecution execution)
    {
        _json.WriteString("session"u8, execution.SessionId);
        _json.WriteNumber("statement_number"u8, execution.StatementNumber);
        _json.WriteNumber("intent"u8, execution.IntentNumber);
        Text("portal_name"u8, execution.PortalName);
        _json.WriteNumber("parameters_bytes"u8, execution.Parameters.Length);
        if (_options.ShowsParameters)
            _json.WriteBase64String("parameters_base64"u8, execution.Parameters);
        if (execution.ForwardedParameters.Length > 0)
            _json.WriteNumber("forwarded_parameters_bytes"u8, execution.ForwardedParameters.Length);
        if (execution.ForwardedParameters.Length > 0 && _options.ShowsParameters)
            _json.WriteBase64String("forwarded_parameters_base64"u8, execution.ForwardedParameters);
        _json.WriteBase64String("result_formats_base64"u8, execution.ResultFormats);
        _json.WriteString("verdict"u8, Name(execution.Verdict));
        Text("rule"u8, execution.Rule);
        _json.WriteString("profile"u8, Name(execution.Profile));
        Text("policy_version"u8, execution.PolicyVersion);
        _json.WriteNumber("catalogue_version"u8, execution.CatalogueVersion);
        _json.WriteNumber("max_rows"u8, execution.MaxRows);
    }

    private void Write(DecodedRefused refused)
    {
        _json.WriteString("session"u8, refused.SessionId);
        if (refused.IntentNumber != 0)
            _json.WriteNumber("intent"u8, refused.IntentNumber);
        Text("code"u8, refused.Code);
        Text("sqlstate"u8, refused.SqlState);
        Text("rule"u8, refused.Rule);
        WriteRisk(refused.Risk);
    }

    private void Write(DecodedOutcome outcome)
    {
        _json.WriteString("session"u8, outcome.SessionId);
        _json.WriteNumber("statement"u8, outcome.Statement);
        _json.WriteString("status"u8, Name(outcome.Status));
        Text("command_tag"u8, outcome.CommandTag);
        Text("sqlstate"u8, outcome.SqlState);
        _json.WriteNumber("rows"u8, outcome.Rows);
        _json.WriteNumber("bytes"u8, outcome.Bytes);
        _json.WriteNumber("masked_columns"u8, outcome.MaskedColumns);
        _json.WriteNumber("elapsed_us"u8, outcome.ElapsedMicroseconds);
        _json.WriteString("answer"u8, Name(outcome.AnswerMode));
        _json.WriteNumber("answer_bytes"u8, outcome.AnswerBytes);
        _json.WriteBoolean("answer_capped"u8, outcome.IsAnswerCapped);
        if (outcome.Digest.Length > 0)
            _json.WriteString("answer_digest"u8, Convert.ToHexStringLower(outcome.Digest));
    }

    private void Write(DecodedSubjects subjects)
    {
        _json.WriteString("session"u8, subjects.SessionId);
        _json.WriteNumber("statement"u8, subjects.Statement);
        Text("subject_kind"u8, subjects.SubjectKind);
        _json.WriteNumber("rows"u8, subjects.Rows);
        _json.WriteNumber("unread_rows"u8, subjects.UnreadRows);
        _json.WriteBoolean("capped"u8, subjects.IsCapped);
        _json.WriteStartArray("codes"u8);
        foreach (ulong code in subjects.Codes)
            _json.WriteStringValue(code.ToString("x16", CultureInfo.InvariantCulture));
        _json.WriteEndArray();
    }

    private void Write(DecodedReview review)
    {
        Text("reviewer"u8, review.Reviewer);
        Text("account"u8, review.Account);
        _json.WriteString("from"u8, review.From.UtcDateTime);
        _json.WriteString("to"u8, review.To.UtcDateTime);
        _json.WriteNumber("first_record"u8, review.FirstRecord);
        _json.WriteNumber("last_record"u8, review.LastRecord);
        _json.WriteString("report_sha256"u8, Convert.ToHexStringLower(review.Digest));
        _json.WriteStartArray("findings"u8);
        foreach (ulong number in review.Findings)
            _json.WriteNumberValue(number);
        _json.WriteEndArray();
    }

    private void WriteStatement(byte[] text)
    {
        _json.WriteNumber("text_bytes"u8, text.Length);
        if (!_options.ShowsStatements)
            return;
        if (Utf8.IsValid(text))
            _json.WriteString("text"u8, text);
        else
            _json.WriteBase64String("text_base64"u8, text);
    }

    private void WriteRisk(RiskClasses risk)
    {
        _json.WriteStartArray("risk"u8);
        foreach (RiskClasses one in Enum.GetValues<RiskClasses>())
        {
            if (one != RiskClasses.None && risk.HasFlag(one))
                _json.WriteStringValue(Name(one));
        }
        _json.WriteEndArray();
    }

    private void Text(ReadOnlySpan<byte> name, string value)
    {
        if (value.Length > 0)
            _json.WriteString(name, value);
    }

    /// <summary>A value without a name, from a newer program, shows as its number.</summary>
    private static string Name<TEnum>(TEnum value) where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
