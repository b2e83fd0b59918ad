using System.Collections.Immutable;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Policy;

/// <summary>What one statement may do, judged against one catalogue. The default value knows nothing and trusts nothing.</summary>
public sealed record RiskAssessment
{
    /// <summary>For a statement that nobody could read.</summary>
    public static RiskAssessment Unreadable { get; } = new() { Findings = ["the statement could not be read"] };

    /// <summary>What policy decides by.</summary>
    public StatementRisks Risks { get; init; } = StatementRisks.Of(RiskClasses.Unknown);

    public RiskClasses Classes => Risks.Classes;

    /// <summary>What was found, in short phrases for people: names of objects at most, never a literal of the statement.</summary>
    public ImmutableArray<string> Findings { get; init; } = [];

    /// <summary>Whether it names a relation, or a column of the system catalogues, that carries PHI or that the catalogue does not know.</summary>
    public bool MentionsPhi { get; init; } = true;

    /// <summary>Whether a result column without an origin can hold nothing but what the client sent and what is not PHI.</summary>
    public bool OriginlessIsClean { get; init; }

    /// <summary>Whether all that it answers is structure, settings and counters: some of SHOW. Then origins on the wire say nothing.</summary>
    public bool IsStructure { get; init; }

    /// <summary>Whether a result column is what its origin says: false where unreviewed triggers or rules may have put other values in.</summary>
    public bool OriginsAreTrusted { get; init; }

    /// <summary>Whether anything it can touch, read or written and closed over what that runs, has PHI; then errors and notices lose their values.</summary>
    public bool TouchesPhi { get; init; } = true;

    /// <summary>What to answer when policy does not let it run, when something more telling than "policy refuses" is known.</summary>
    public RefusalKind? Refusal { get; init; }

    /// <summary>Whether its answer cannot be masked: then only a rule that shows everything may let it run. <see cref="Refusal"/> says why.</summary>
    public bool CannotBeMasked { get; init; }

    /// <summary>Whether no rule may let it run, because later statements would mean something else than what is read in them; <see cref="Refusal"/> says why.</summary>
    public bool IsForbidden { get; init; }

    /// <summary>
    /// Whether it is a query or a change of rows and nothing else, such as PREPARE and DECLARE can hold: it neither runs what a name stands for
    /// nor changes what names stand for. Through the protocol any statement gets a name, and EXECUTE then runs it.
    /// </summary>
    public bool IsQuery { get; init; }

    /// <summary>
    /// Where everything that it shows comes from, for EXECUTE and FETCH what the named statement shows; null when that is not known for certain:
    /// then columns are judged by their origins alone.
    /// </summary>
    public StatementLineage? Lineage { get; init; }

    /// <summary>
    /// Whether it names something that is not there, as far as the catalogue knows. Where that is all that speaks against it, the server is asked:
    /// its own error is what the client should read.
    /// </summary>
    public bool NamesUnknown { get; init; }

    /// <summary>Whether the server may run code that nobody reviewed when it only parses the statement: then a refused one must not get so far.</summary>
    public bool MayRunWhenParsed { get; init; } = true;

    /// <summary>What it does to the session's own relations once it has completed.</summary>
    public OverlayEffect Effect { get; init; } = OverlayEffect.None;

    /// <summary>The session's own relations that it was judged with.</summary>
    public SessionOverlay Overlay { get; init; } = SessionOverlay.Empty;

    /// <summary>What was assessed; null for what could not be read.</summary>
    public StatementReading? Reading { get; init; }

    /// <summary>What the name stands for that it runs; null for what runs none, or whose name is not known for certain.</summary>
    public StatementReading? Meant { get; init; }

    /// <summary>The catalogue it was judged against.</summary>
    public long CatalogueVersion { get; init; }

    public bool Has(RiskClasses risk) => (Classes & risk) != 0;
}
