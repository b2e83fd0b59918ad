using System.Globalization;
using Microsoft.Data.Sqlite;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Host.Evidence.Index;

/// <summary>What each record that is no statement adds to the index.</summary>
internal sealed class EventRows(SqliteConnection connection) : IDisposable
{
    private SqliteCommand? _event, _kept;

    public void Add(in JournalEntry entry, DecodedRecord record)
    {
        switch (record)
        {
            case DecodedSignInRefused refused:
                Add(entry, "sign_in_refused", "", refused.Target, refused.Code, refused.Detail, refused.ClientAddress);
                break;
            case DecodedConfigurationChanged changed:
                Add(entry, "configuration_changed", changed.ChangedBy, changed.NewVersion, "", changed.OldVersion, "");
                break;
            case DecodedAccessRevoked revoked:
                Add(
                    entry, revoked.IsLifted ? "revocation_lifted" : "access_revoked", revoked.RevokedBy, $"{revoked.Subject} {revoked.Value}".Trim(), "",
                    $"until {Iso(revoked.Until)}", "");
                break;
            case DecodedCredentialIssued issued:
                Add(
                    entry, "credential_issued", issued.Human.Length > 0 ? issued.Human : issued.Subject, $"{issued.Target}/{issued.Database}", issued.Grant,
                    $"until {Iso(issued.ExpiresAt)}, {issued.Connections} connections", issued.ClientAddress);
                break;
            case DecodedAuditRead read:
                Add(entry, "audit_read", read.Reader, read.Command, read.IsUnsealed ? "unsealed" : "readable part", "", "");
                break;
            case DecodedClockStepped stepped:
                Add(entry, "clock_stepped", "", Iso(stepped.Actual), "", $"{Iso(stepped.Expected)} was expected", "");
                break;
            case DecodedPurged purged:
                Add(entry, "purged", "", $"records {purged.FirstRecord} to {purged.LastRecord}", "", $"{purged.Rule}; the newest of {Iso(purged.Newest)}", "");
                break;
            case DecodedContentErased erased:
                Add(entry, "content_erased", "", $"records {erased.FirstRecord} to {erased.LastRecord}", "", $"{erased.Rule}; the newest of {Iso(erased.Newest)}", "");
                break;
            case DecodedKept kept:
                var original = kept.Open();
                Add(original, RecordDecoder.Decode(original));
                Keep(original.Number, entry.Number);
                break;
            case DecodedReview review:
                Add(
                    entry, "review", review.Reviewer, $"{Iso(review.From)} to {Iso(review.To)}", review.Findings.IsEmpty ? "no findings" : "findings",
                    $"records {review.FirstRecord} to {review.LastRecord}, report {Convert.ToHexStringLower(review.Digest)}"
                    + (review.Findings.IsEmpty ? "" : $", findings {string.Join(' ', review.Findings)}"), review.Account);
                break;
            default:
                break;
        }
    }

    public void Dispose()
    {
        _event?.Dispose();
        _kept?.Dispose();
    }

    private void Keep(long number, long by)
    {
        if (_kept is null)
        {
            _kept = connection.CreateCommand();
            _kept.CommandText = "insert or replace into kept values ($number, $by)";
            _kept.Parameters.Add(new SqliteParameter { ParameterName = "$number" });
            _kept.Parameters.Add(new SqliteParameter { ParameterName = "$by" });
        }
        (_kept.Parameters[0].Value, _kept.Parameters[1].Value) = (number, by);
        _kept.ExecuteNonQuery();
    }

    private void Add(in JournalEntry entry, string kind, string who, string what, string code, string detail, string client)
    {
        if (_event is null)
        {
            _event = connection.CreateCommand();
            _event.CommandText = $"insert or replace into events ({EventRow.Columns}) values ($0, $1, $2, $3, $4, $5, $6, $7)";
            for (var i = 0; i < 8; i++)
                _event.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        }
        ReadOnlySpan<object> values = [entry.Number, entry.Time.UtcTicks, kind, who, what, code, detail, client];
        for (var i = 0; i < values.Length; i++)
            _event.Parameters[i].Value = values[i];
        _event.ExecuteNonQuery();
    }

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
