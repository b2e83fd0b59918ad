using System.Text.Json;
using Proxy.Core.Journal.Records;

namespace Proxy.Host.Evidence.Streaming;

/// <summary>
/// A record as an event of the Open Cybersecurity Schema Framework 1.3: Authentication (3002) for sign-ins, Datastore Activity (6005) for statements,
/// Entity Management (3004) for changes of access and configuration. The whole readable record is under <c>unmapped</c>.
/// </summary>
internal static class OcsfEvent
{
    private const int Authentication = 3002;
    private const int EntityManagement = 3004;
    private const int DatastoreActivity = 6005;

    /// <summary>activity_id of what no other value fits.</summary>
    private const int Other = 99;

    public static byte[] Of(in StreamedRecord record)
    {
        var (classId, activity, succeeded) = ClassOf(record.Record);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("class_uid"u8, classId);
            json.WriteNumber("category_uid"u8, classId / 1000);
            json.WriteNumber("activity_id"u8, activity);
            json.WriteNumber("type_uid"u8, (classId * 100L) + activity);
            json.WriteNumber("time"u8, record.Time.ToUnixTimeMilliseconds());
            json.WriteNumber("severity_id"u8, StreamSeverities.Of(record.Record) switch { StreamSeverity.Warning => 3, StreamSeverity.Notice => 2, _ => 1 });
            json.WriteNumber("status_id"u8, succeeded ? 1 : 2);
            json.WriteStartObject("metadata"u8);
            json.WriteString("version"u8, "1.3.0"u8);
            json.WriteString("uid"u8, FormattableString.Invariant($"{record.Number}"));
            json.WriteString("log_name"u8, "phigate journal"u8);
            json.WriteString("event_code"u8, record.Record.Kind.ToString());
            json.WriteStartObject("product"u8);
            json.WriteString("name"u8, "PhiGate"u8);
            json.WriteString("vendor_name"u8, "PhiGate"u8);
            json.WriteEndObject();
            json.WriteEndObject();
            WriteIdentity(json, record.Session);
            json.WritePropertyName("unmapped"u8);
            json.WriteRawValue(record.Json.Span.TrimEnd((byte)'\n'), skipInputValidation: true);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static void WriteIdentity(Utf8JsonWriter json, DecodedSessionOpened? session)
    {
        if (session is null) return;
        json.WriteStartObject("actor"u8);
        json.WriteStartObject("user"u8);
        json.WriteString("uid"u8, session.Subject);
        json.WriteString("name"u8, session.Human.Length > 0 ? session.Human : session.Subject);
        json.WriteEndObject();
        if (session.Agent.Length > 0) json.WriteString("app_name"u8, session.Agent);
        json.WriteStartObject("session"u8);
        json.WriteString("uid"u8, session.SessionId);
        json.WriteString("issuer"u8, session.Issuer);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("src_endpoint"u8);
        json.WriteString("ip"u8, session.ClientAddress);
        json.WriteEndObject();
        json.WriteStartObject("database"u8);
        json.WriteString("name"u8, session.Database);
        json.WriteString("uid"u8, session.Target);
        json.WriteNumber("type_id"u8, 1); // Relational.
        json.WriteEndObject();
    }

    /// <summary>Class, activity, and whether it succeeded. Datastore activities: 1 read, 2 update, 3 connect, 4 query.</summary>
    private static (int Class, int Activity, bool Succeeded) ClassOf(DecodedRecord record) => record switch
    {
        DecodedSessionOpened => (Authentication, 1, true),
        DecodedSessionClosed => (Authentication, 2, true),
        DecodedSignInRefused => (Authentication, 1, false),
        DecodedIntent or DecodedExecution => (DatastoreActivity, 4, true),
        DecodedRefused => (DatastoreActivity, 4, false),
        DecodedOutcome outcome => (DatastoreActivity, 1, outcome.Status is OutcomeStatus.Completed or OutcomeStatus.Suspended),
        DecodedSubjects or DecodedAnswer or DecodedCancelled => (DatastoreActivity, Other, true),
        DecodedConfigurationChanged => (EntityManagement, 3, true),
        DecodedAccessRevoked or DecodedCredentialIssued => (EntityManagement, Other, true),
        _ => (EntityManagement, Other, true),
    };
}
