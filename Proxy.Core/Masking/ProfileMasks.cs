using Proxy.Core.Catalogue;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Masking;

/// <summary>
/// How each profile shows each identifier of 45 CFR 164.514(b)(2)(i): the whole of the policy in one table. What is in no cell is redacted.
/// </summary>
public static class ProfileMasks
{
    /// <summary>What the profile does to a column of the class. A type that has no such form is redacted all the same.</summary>
    public static MaskKind Of(MaskProfile profile, IdentifierClass identifier) => (profile, identifier) switch
    {
        (_, IdentifierClass.NotPhi) => MaskKind.Show,
        // Nobody said what these hold, so nothing of them is known to be harmless; free text joins with nothing.
        (_, IdentifierClass.Unreviewed or IdentifierClass.FreeText) => MaskKind.Redact,

        (MaskProfile.Pseudonymous, _) => MaskKind.Pseudonym,

        // 164.514(b)(2)(i): (B) lets the first three digits of a ZIP code stay, (C) the year and ages up to 89. All else goes.
        (MaskProfile.SafeHarbor, IdentifierClass.Date) => MaskKind.Year,
        (MaskProfile.SafeHarbor, IdentifierClass.Age) => MaskKind.Age,
        (MaskProfile.SafeHarbor, IdentifierClass.ZipCode) => MaskKind.ZipPrefix,

        // 164.514(e)(2) removes sixteen direct identifiers. It lets dates and ages stay, and of an address town or city, state and ZIP code. It does
        // not name (R), any other unique code; but people file under that what they cannot place, so it goes as well.
        (MaskProfile.LimitedDataSet, IdentifierClass.Date or IdentifierClass.Age or IdentifierClass.City or IdentifierClass.ZipCode) => MaskKind.Show,
        _ => MaskKind.Redact,
    };

    /// <summary>What the profile does to a part of the class's values that a statement computed.</summary>
    public static MaskKind OfPart(MaskProfile profile, IdentifierClass identifier, ValuePart part) => (Of(profile, identifier), part) switch
    {
        // Who may see the whole may see a part.
        (MaskKind.Show, _) => MaskKind.Show,
        (MaskKind.Year, ValuePart.Year) => MaskKind.YearNumber,
        (MaskKind.ZipPrefix, ValuePart.ZipPrefix) => MaskKind.ZipArea,
        _ => MaskKind.Redact,
    };

    /// <summary>
    /// The profile for an answer that both govern: the one that shows less of everything, or redaction where neither does.
    /// </summary>
    public static MaskProfile Stricter(MaskProfile a, MaskProfile b) => (a, b) switch
    {
        _ when a == b => a,
        (MaskProfile.Unmasked, _) => b,
        (_, MaskProfile.Unmasked) => a,
        (MaskProfile.SafeHarbor, MaskProfile.LimitedDataSet) or (MaskProfile.LimitedDataSet, MaskProfile.SafeHarbor) => MaskProfile.SafeHarbor,
        _ => MaskProfile.Redacted,
    };
}
