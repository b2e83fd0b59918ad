using System.Collections.Frozen;

namespace Proxy.Core.Catalogue;

/// <summary>The names of identifier classes in classification files, reports and records, with a few everyday aliases for reading.</summary>
public static class IdentifierClassNames
{
    private static readonly FrozenDictionary<string, IdentifierClass> ByName = new Dictionary<string, IdentifierClass>
    {
        ["not-phi"] = IdentifierClass.NotPhi,
        ["name"] = IdentifierClass.Name,
        ["geographic"] = IdentifierClass.Geographic,
        ["date"] = IdentifierClass.Date,
        ["telephone"] = IdentifierClass.Telephone,
        ["fax"] = IdentifierClass.Fax,
        ["email"] = IdentifierClass.Email,
        ["social-security-number"] = IdentifierClass.SocialSecurityNumber,
        ["medical-record-number"] = IdentifierClass.MedicalRecordNumber,
        ["health-plan-number"] = IdentifierClass.HealthPlanNumber,
        ["account-number"] = IdentifierClass.AccountNumber,
        ["certificate-number"] = IdentifierClass.CertificateNumber,
        ["vehicle"] = IdentifierClass.Vehicle,
        ["device"] = IdentifierClass.Device,
        ["url"] = IdentifierClass.Url,
        ["ip-address"] = IdentifierClass.IpAddress,
        ["biometric"] = IdentifierClass.Biometric,
        ["photograph"] = IdentifierClass.Photograph,
        ["other-unique"] = IdentifierClass.OtherUnique,
        ["free-text"] = IdentifierClass.FreeText,
        ["age"] = IdentifierClass.Age,
        ["zip-code"] = IdentifierClass.ZipCode,
        ["city"] = IdentifierClass.City,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<IdentifierClass, string> ByClass =
        ByName.ToFrozenDictionary(entry => entry.Value, entry => entry.Key);

    private static readonly FrozenDictionary<string, IdentifierClass> Aliases = new Dictionary<string, IdentifierClass>
    {
        ["ssn"] = IdentifierClass.SocialSecurityNumber,
        ["mrn"] = IdentifierClass.MedicalRecordNumber,
        ["address"] = IdentifierClass.Geographic,
        ["phone"] = IdentifierClass.Telephone,
        ["zip"] = IdentifierClass.ZipCode,
    }.ToFrozenDictionary();

    /// <summary>Every name that <see cref="TryParse"/> accepts.</summary>
    public static IEnumerable<string> Accepted => ByName.Keys.Concat(Aliases.Keys);

    public static bool TryParse(string name, out IdentifierClass identifierClass) =>
        ByName.TryGetValue(name, out identifierClass) || Aliases.TryGetValue(name, out identifierClass);

    /// <summary>The name; <c>unreviewed</c> for what is in no file.</summary>
    /// <summary>The classes of PHI in a set of bits, one for each class.</summary>
    public static IEnumerable<IdentifierClass> In(ulong bits) =>
        Enum.GetValues<IdentifierClass>().Where(one => one is not IdentifierClass.NotPhi && (bits >> (int)one & 1) != 0);

    public static string Format(IdentifierClass identifierClass) => ByClass.GetValueOrDefault(identifierClass, "unreviewed");
}
