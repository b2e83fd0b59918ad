namespace Proxy.Host.Configuration.Gateway;

/// <summary>When what is old is deleted from this machine. Without this section nothing is.</summary>
public sealed record RetentionOptions
{
    /// <summary>Six years, as 45 CFR 164.316(b)(2)(i) wants of documentation.</summary>
    public const int SixYears = 2192;

    /// <summary>How old the newest record of a segment must be. The record of reads and reviews of the audit is a journal of its own, and is kept.</summary>
    public int Days { get; init; } = SixYears;

    /// <summary>
    /// How old the newest record of a segment must be for its data key to be erased, and with it all texts, parameters and answers; null keeps them as long as
    /// their records.
    /// </summary>
    public int? ContentDays { get; init; }

    /// <summary>
    /// How old a record of documentation must be (versions of the configuration, revocations, reads, reviews, purges); where that is longer, it is kept when the
    /// segment that it is in goes. Null is six years, or as long as everything else.
    /// </summary>
    public int? DocumentationDays { get; init; }

    public int EffectiveDocumentationDays => DocumentationDays ?? Math.Max(Days, SixYears);
}
