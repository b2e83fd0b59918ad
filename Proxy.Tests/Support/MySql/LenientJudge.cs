using System.Collections.Concurrent;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Sql;

namespace Proxy.Tests.Support.MySql;

/// <summary>Lets everything through, for tests of the protocol, but texts whose analysis failed and those it is told to refuse.</summary>
/// <param name="masks">Whether rows are masked; every value is NULL then.</param>
internal sealed class LenientJudge(bool masks) : IStatementJudge
{
    private static readonly Decision Shown = new(Verdict.Allow, MaskProfile.Unmasked, "everything", RiskClasses.Read, null);
    private static readonly Decision Masked = new(Verdict.Mask, MaskProfile.Redacted, "everything", RiskClasses.Read, null);

    private readonly ConcurrentDictionary<ulong, Judgement> _judgements = new();

    /// <summary>Refuse from now on whatever is judged.</summary>
    public bool RefusesAll { get; set; }

    public Judgement Judge(StatementAnalysis analysis, INamedStatements names) => RefusesAll || analysis.Status is not AnalysisStatus.Read
        ? new LenientJudgement(masks)
        {
            Analysis = analysis,
            Decision = Decision.Refused(Refusals.StatementOpaque.Because("the test says so"), RiskClasses.Unknown, "1"),
            Catalogue = CatalogueSnapshot.Empty,
            PolicyVersion = "1",
            TrustsCatalogue = true,
        }
        : _judgements.GetOrAdd(analysis.Fingerprint, _ => new LenientJudgement(masks)
        {
            Analysis = analysis,
            Decision = masks ? Masked : Shown,
            Catalogue = CatalogueSnapshot.Empty,
            PolicyVersion = "1",
            TrustsCatalogue = true,
        });

    public bool IsCurrent(Judgement judgement, INamedStatements names) => !RefusesAll;
}
