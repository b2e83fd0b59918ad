using Proxy.Core.Catalogue;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Policy;

namespace Proxy.Core.Masking;

/// <summary>
/// Decides how each column of a result is shown. As it is: only if its origin is reviewed and not PHI, or if it has no origin and the statement
/// can put no PHI there, or if a rule shows everything. Everything else is masked; what is not known is redacted.
/// </summary>
/// <param name="keys">Makes the tokens of pseudonyms; without, a pseudonym is a redaction.</param>
/// <param name="time">The clock by which ages are over 89; the system's without.</param>
public sealed class MaskPlanner(MaskingKeys? keys, TimeProvider? time = null)
{
    private readonly AgeLimit _ageLimit = new(time ?? TimeProvider.System);

    /// <summary>The plan of a portal's result. Remember it with the catalogue's version: another catalogue may plan otherwise.</summary>
    /// <param name="knowsEveryOrigin">
    /// False when a column names a relation or column that the catalogue does not know: then it is old, and should be refreshed.
    /// </param>
    public MaskPlan Plan(
        ReadOnlySpan<ResultColumn> columns, RiskAssessment assessment, CatalogueSnapshot catalogue, Decision decision, DateStyle style,
        out bool knowsEveryOrigin)
    {
        knowsEveryOrigin = true;
        var masks = new ColumnMask[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            ref readonly var column = ref columns[i];
            var (kind, domain) = Judge(column, assessment, catalogue, decision, ref knowsEveryOrigin);
            masks[i] = PostgresType.Mask(kind, column.TypeOid, column.TypeModifier, column.IsBinary, domain, style, catalogue.Types)
                with
            { AgeLimit = _ageLimit };
        }
        return new MaskPlan(masks);
    }

    private (MaskKind Kind, KeyDomain? Domain) Judge(
        in ResultColumn column, RiskAssessment assessment, CatalogueSnapshot catalogue, Decision decision, ref bool knowsEveryOrigin)
    {
        var origin = Origin.None;
        if (column.HasOrigin)
        {
            origin = Origin.Of(column, catalogue);
            knowsEveryOrigin &= origin.IsKnown;
        }
        if (ShowsEverything(decision))
            return (MaskKind.Show, null);
        if (!column.HasOrigin)
            return (assessment.OriginlessIsClean ? MaskKind.Show : MaskKind.Redact, null);
        if (!assessment.OriginsAreTrusted)
            return (MaskKind.Redact, null);
        if (origin.IsShown)
            return (MaskKind.Show, null);
        // What is no PHI itself and still not shown is a column whose values may be another's.
        return origin.Class is IdentifierClass.NotPhi ? (MaskKind.Redact, null) : MaskOf(decision.Profile, origin.Class);
    }

    /// <summary>How a copy of a column of this class is shown, with the key of its tokens.</summary>
    public (MaskKind Kind, KeyDomain? Domain) MaskOf(MaskProfile profile, IdentifierClass identifier) =>
        ProfileMasks.Of(profile, identifier) switch
        {
            MaskKind.Pseudonym => DomainOf(identifier) is { } domain ? (MaskKind.Pseudonym, domain) : (MaskKind.Redact, null),
            var kind => (kind, null),
        };

    private static bool ShowsEverything(Decision decision) =>
        decision.Verdict == Verdict.Allow && decision.Profile == MaskProfile.Unmasked;

    /// <summary>One key for each identifier, so that equal values of one identifier join, whatever the tables. Free text joins with nothing.</summary>
    private KeyDomain? DomainOf(IdentifierClass identifier) => keys?.Domain(identifier.ToString());
}
