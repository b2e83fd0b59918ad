namespace Proxy.Core.Catalogue;

/// <summary>
/// Which identifier of 45 CFR 164.514(b)(2)(i) a column holds. Zero, a column that nobody has reviewed, is treated as PHI.
/// The letters (A) to (R) are the regulation's.
/// </summary>
public enum IdentifierClass : byte
{
    Unreviewed = 0,
    NotPhi,

    /// <summary>(A)</summary>
    Name,

    /// <summary>(B) subdivisions smaller than a state.</summary>
    Geographic,

    /// <summary>(C) elements of dates other than the year, and ages over 89.</summary>
    Date,

    /// <summary>(D)</summary>
    Telephone,

    /// <summary>(E)</summary>
    Fax,

    /// <summary>(F)</summary>
    Email,

    /// <summary>(G)</summary>
    SocialSecurityNumber,

    /// <summary>(H)</summary>
    MedicalRecordNumber,

    /// <summary>(I)</summary>
    HealthPlanNumber,

    /// <summary>(J)</summary>
    AccountNumber,

    /// <summary>(K)</summary>
    CertificateNumber,

    /// <summary>(L)</summary>
    Vehicle,

    /// <summary>(M)</summary>
    Device,

    /// <summary>(N)</summary>
    Url,

    /// <summary>(O)</summary>
    IpAddress,

    /// <summary>(P)</summary>
    Biometric,

    /// <summary>(Q)</summary>
    Photograph,

    /// <summary>(R) any other unique number, characteristic or code.</summary>
    OtherUnique,

    /// <summary>Notes, documents, JSON: may hold any of the above.</summary>
    FreeText,

    /// <summary>(C) an age in years. Up to 89 it is no identifier.</summary>
    Age,

    /// <summary>(B) a ZIP code, and nothing else of an address.</summary>
    ZipCode,

    /// <summary>(B) a town or city, which a limited data set may keep; a county or a street is <see cref="Geographic"/>.</summary>
    City,
}
