namespace Proxy.Core.Journal;

/// <summary>What a journal record says. Values are part of the file format: never reuse one.</summary>
public enum RecordKind : ushort
{
    None = 0,
    SessionOpened = 1,
    SessionClosed = 2,
    SignInRefused = 3,

    /// <summary>The text of a statement, before any message that carries or names it is forwarded.</summary>
    Intent = 4,

    /// <summary>Parameters and target of an execution of a prepared statement, before it is forwarded; refers to the Intent with the text.</summary>
    Execution = 5,
    Refused = 6,
    Outcome = 7,
    ConfigurationChanged = 8,
    Cancelled = 9,

    /// <summary>Bytes that the client was sent, beyond what an Outcome holds.</summary>
    Answer = 10,

    /// <summary>Somebody read the audit.</summary>
    AuditRead = 11,

    /// <summary>Whose rows an answer held, as keyed codes.</summary>
    Subjects = 12,

    /// <summary>A review of a period, signed for.</summary>
    Review = 13,

    /// <summary>The machine's clock was set.</summary>
    ClockStepped = 14,

    /// <summary>Segments whose time is over are about to be deleted.</summary>
    Purged = 15,

    /// <summary>The keys of segments are about to be erased, since the time of what is sealed in them is over.</summary>
    ContentErased = 16,

    /// <summary>A record of documentation from a segment that is about to be purged, with its proof.</summary>
    Kept = 17,

    /// <summary>Somebody's access was revoked, and by whom; or a revocation was lifted.</summary>
    AccessRevoked = 20,

    /// <summary>A token was traded for a one-time credential.</summary>
    CredentialIssued = 21,

    /// <summary>A record whose writer failed while writing it: the number is spent, the body is zeros, nothing was forwarded on its strength.</summary>
    Abandoned = 0xFFFE,

    /// <summary>The rest of a segment that was too short for the next record. Carries the number of the record that follows, and spends none.</summary>
    EndOfSegment = 0xFFFF,
}
