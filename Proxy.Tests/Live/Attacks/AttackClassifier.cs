using Proxy.Core.Catalogue;

namespace Proxy.Tests.Live.Attacks;

/// <summary>What a DBA would say of <see cref="AttackDatabase"/>; derived objects are left to the catalogue.</summary>
internal sealed class AttackClassifier : IColumnClassifier
{
    private static readonly HashSet<string> ShownTables = ["departments", "dump", "tallies", "counters", "counters_id_seq"];
    private static readonly HashSet<string> ShownColumns = ["patients.id", "patients.ward", "patients.risk", "visits.id", "stays.id", "stays.room", "visits.patient", "visits.ward",
        "guests.id", "guests.room", "guests.risk", "consents.id", "residents.floor", "arrivals.id", "beds.id", "beds.ward", "beds.label",
        "cots.id", "cots.ward", "turns.patient", "turns.ward", "sites.id", "sites.ward", "sites_east.id", "sites_east.ward", "shifts.id", "shifts.label",
        "shifts_night.id", "shifts_night.label", "seats.id", "seats.label", "lockers.code", "lockers.label", "notices.id"];

    public IdentifierClass Classify(string schema, string table, string column, string typeName) =>
        schema == "other" ? IdentifierClass.NotPhi
        : schema != "public" ? IdentifierClass.Unreviewed
        : ShownTables.Contains(table) || ShownColumns.Contains($"{table}.{column}") ? IdentifierClass.NotPhi
        : column switch
        {
            "ssn" => IdentifierClass.SocialSecurityNumber,
            "surname" => IdentifierClass.Name,
            "born" => IdentifierClass.Date,
            "chart" or "note" => IdentifierClass.FreeText,
            _ => IdentifierClass.Unreviewed,
        };
}
