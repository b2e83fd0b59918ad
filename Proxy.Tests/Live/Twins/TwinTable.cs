namespace Proxy.Tests.Live.Twins;

/// <summary>A relation of the twins as the generator sees it; <paramref name="Key"/> orders its rows in one way only.</summary>
internal sealed record TwinTable(string Name, string Alias, string Key, string[] Clean, string[] Phi, bool IsView = false)
{
    public static readonly TwinTable[] All =
    [
        new("patients", "p", "id", ["id", "sex", "state", "ward", "blood_type", "risk_score", "organ_donor", "allergies", "care_plan"],
            ["mrn", "ssn", "first_name", "last_name", "birth_date", "street", "city", "zip", "phone", "email", "aliases", "contacts", "note"]),
        new("encounters", "e", "id", ["id", "patient_id", "department_id", "icd_code", "cost"], ["admitted_on", "discharged_on", "note"]),
        new("lab_results", "l", "id", ["id", "patient_id", "test_code", "value", "flag"], ["specimen", "collected_at", "comment"]),
        new("claims", "c", "id", ["id", "patient_id", "payer", "cpt_code", "amount", "status"], ["member_id", "submitted_on", "document"]),
        new("departments", "d", "id", ["id", "code", "name", "floor", "cost_centre"], []),
        new("wards", "w", "code", ["code", "name", "department_id", "beds"], []),
        new("lab_tests", "t", "code", ["code", "name", "unit", "low", "high"], []),
        new("patient_directory", "v", "id", ["id", "ward_name", "department"], ["display_name", "phone"], IsView: true),
        new("patient_summary", "s", "id", ["id", "ward", "claims", "claimed"], ["mrn", "last_name"], IsView: true),
        new("admissions", "a", "id", ["id", "department_id", "icd_code", "ward"], ["admitted_on", "last_name"], IsView: true),
        new("ward_risk", "r", "ward", ["ward", "patients", "risk"], ["last"], IsView: true),
    ];

    /// <summary>What joins with what, by alias and column.</summary>
    public static readonly (string Left, string LeftColumn, string Right, string RightColumn)[] Keys =
    [
        ("p", "ward", "w", "code"), ("w", "department_id", "d", "id"), ("e", "patient_id", "p", "id"), ("e", "department_id", "d", "id"),
        ("l", "patient_id", "p", "id"), ("l", "test_code", "t", "code"), ("c", "patient_id", "p", "id"), ("v", "id", "p", "id"), ("s", "id", "p", "id"),
        ("a", "id", "e", "id"), ("r", "ward", "w", "code"), ("v", "id", "e", "patient_id"), ("s", "ward", "w", "code"), ("a", "department_id", "d", "id"),
    ];
}
