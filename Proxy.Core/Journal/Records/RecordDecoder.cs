using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Records;

/// <summary>Turns the body of an entry into its typed record.</summary>
public static class RecordDecoder
{
    /// <exception cref="JournalFormatException">The body is not what its kind says.</exception>
    public static DecodedRecord Decode(in JournalEntry entry)
    {
        if (entry.BodyVersion != RecordHeader.CurrentBodyVersion)
            return new DecodedUnknown(entry.Kind);
        var reader = new RecordReader(entry.Body.Span, entry.IsSealed);
        DecodedRecord record = Read(entry.Kind, ref reader);
        if (record is not DecodedUnknown)
            reader.Complete();
        return record;
    }

    private static DecodedRecord Read(RecordKind kind, ref RecordReader reader) => kind switch
    {
        RecordKind.SessionOpened => DecodedSessionOpened.Read(ref reader),
        RecordKind.SessionClosed => DecodedSessionClosed.Read(ref reader),
        RecordKind.SignInRefused => DecodedSignInRefused.Read(ref reader),
        RecordKind.Intent => DecodedIntent.Read(ref reader),
        RecordKind.Execution => DecodedExecution.Read(ref reader),
        RecordKind.Refused => DecodedRefused.Read(ref reader),
        RecordKind.Outcome => DecodedOutcome.Read(ref reader),
        RecordKind.ConfigurationChanged => DecodedConfigurationChanged.Read(ref reader),
        RecordKind.Cancelled => DecodedCancelled.Read(ref reader),
        RecordKind.Answer => DecodedAnswer.Read(ref reader),
        RecordKind.AuditRead => DecodedAuditRead.Read(ref reader),
        RecordKind.AccessRevoked => DecodedAccessRevoked.Read(ref reader),
        RecordKind.CredentialIssued => DecodedCredentialIssued.Read(ref reader),
        RecordKind.Subjects => DecodedSubjects.Read(ref reader),
        RecordKind.ClockStepped => DecodedClockStepped.Read(ref reader),
        RecordKind.Purged => DecodedPurged.Read(ref reader),
        RecordKind.ContentErased => DecodedContentErased.Read(ref reader),
        RecordKind.Kept => DecodedKept.Read(ref reader),
        RecordKind.Review => DecodedReview.Read(ref reader),
        _ => new DecodedUnknown(kind),
    };
}
