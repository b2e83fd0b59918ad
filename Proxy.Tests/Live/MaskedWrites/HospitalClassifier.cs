using Proxy.Core.Catalogue;

namespace Proxy.Tests.Live.MaskedWrites;

/// <summary>Names, numbers and dates of patients are PHI; ward and id are not.</summary>
internal sealed class HospitalClassifier : IColumnClassifier
{
    public IdentifierClass Classify(string schema, string table, string column, string typeName) => column switch
    {
        "name" => IdentifierClass.Name,
        "mrn" => IdentifierClass.MedicalRecordNumber,
        "born" => IdentifierClass.Date,
        "note" => IdentifierClass.FreeText,
        _ => IdentifierClass.NotPhi,
    };
}
