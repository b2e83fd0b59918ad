using System.Collections.Immutable;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Recovery;

namespace Proxy.Core.Journal.Verification;

/// <summary>What verifying a journal found.</summary>
public sealed record VerificationReport
{
    public required Guid JournalId { get; init; }
    public required long Segments { get; init; }
    public required long Records { get; init; }
    public required long Entries { get; init; }
    public required long Bytes { get; init; }
    public required long Heads { get; init; }

    /// <summary>The last head that the journal agrees with; null when there is none.</summary>
    public required JournalHead? SignedTo { get; init; }

    /// <summary>The last anchored head that the journal agrees with; null when none was given, or none agrees.</summary>
    public required JournalHead? AnchoredTo { get; init; }

    /// <summary>Records behind the last head: of a journal that is being written to, those of the last second.</summary>
    public required long UnsignedRecords { get; init; }

    /// <summary>The last owner closed the journal.</summary>
    public required bool IsClosed { get; init; }

    /// <summary>What is wrong, in the order of the journal. Empty for an untouched journal.</summary>
    public required ImmutableArray<VerificationFinding> Findings { get; init; }

    /// <summary>Places that a crash tore, as they were when the next opening signed them.</summary>
    public required ImmutableArray<JournalDamage> Explained { get; init; }

    /// <summary>Statements that may have run, and of which nobody saw the end: without an outcome, or with one that says so.</summary>
    public required ImmutableArray<UnknownOutcome> UnknownOutcomes { get; init; }

    /// <summary>What the beginning of the journal was, where it was purged, as a signed record says; null when nothing is missing.</summary>
    public DecodedPurged? Purged { get; init; }

    /// <summary>Which segments have lost what was sealed in them, as records say.</summary>
    public ImmutableArray<DecodedContentErased> ErasedContents { get; init; } = [];

    /// <summary>How many records of documentation from what was purged are kept, each with a proof that holds.</summary>
    public int KeptRecords { get; init; }

    public bool IsUntouched => Findings.IsEmpty;
}
