using System.Collections.Immutable;
using Proxy.Core.Journal.Reading;

namespace Proxy.Core.Journal.Recovery;

/// <summary>What opening a journal found, and where it goes on.</summary>
public sealed record RecoveryReport
{
    public required Guid JournalId { get; init; }

    /// <summary>The last owner closed the journal, or there was none. Else it died, and the rest of this report says what it left.</summary>
    public required bool WasClean { get; init; }

    /// <summary>Number of the segment and of the record that come next.</summary>
    public required long NextSegment { get; init; }
    public required long NextRecord { get; init; }

    /// <summary>Segments and whole records that were read to find this out; not the size of the journal.</summary>
    public int SegmentsRead { get; init; }
    public long RecordsRead { get; init; }

    /// <summary>Places where a record should be and is not; at most <see cref="ListedMax"/>.</summary>
    public ImmutableArray<JournalDamage> Torn { get; init; } = [];

    /// <summary>How many there are in all.</summary>
    public long TornCount { get; init; }

    /// <summary>Statements without an outcome, by number; at most <see cref="ListedMax"/>.</summary>
    public ImmutableArray<UnknownOutcome> UnknownOutcomes { get; init; } = [];

    /// <summary>Statements that were open beyond what the list holds, whose outcome was therefore not looked for. Zero in any real journal.</summary>
    public long StatementsNotTracked { get; init; }

    /// <summary>Outcomes were looked for from this segment on.</summary>
    public long PairedFromSegment { get; init; }

    public const int ListedMax = 65_536;
}
