using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Tests.Core.Catalogue;

namespace Proxy.Tests.Fuzz;

/// <summary>The catalogue of the corpus: patients, all PHI, and wards, none. Never stale.</summary>
internal sealed class FuzzCatalogue : ICatalogueSource
{
    public const uint Patients = 0x4E2F1A37;
    public const uint Wards = 0x5D3C2B19;

    public static FuzzCatalogue Instance { get; } = new();

    public CatalogueSnapshot Current { get; } = SnapshotBuilder.Build(
        1,
        new CatalogueFacts
        {
            ServerVersionNum = 150_008,
            Relations = [new(Patients, "public", "patients", 'r', false), new(Wards, "public", "wards", 'r', false)],
            Columns =
            [
                new(Patients, 1, "id", 23, "integer", true, false), new(Patients, 2, "ssn", 25, "text", true, false),
                new(Patients, 3, "note", 25, "text", false, false), new(Patients, 4, "born", 1082, "date", false, false),
                new(Patients, 5, "meta", 3802, "jsonb", false, false), new(Patients, 6, "tags", 1009, "text[]", false, false),
                new(Patients, 7, "key", 2950, "uuid", false, false), new(Patients, 8, "raw", 17, "bytea", false, false),
                new(Patients, 9, "weight", 1700, "numeric", false, false), new(Patients, 10, "seen", 1184, "timestamp with time zone", false, false),
                new(Wards, 1, "name", 25, "text", true, false), new(Wards, 2, "beds", 23, "integer", true, false),
            ],
            SystemFunctions = ["lower", "count", "pg_read_file"],
            SystemOperators = ["=", "+", "||"],
            SystemTypes = ["int4", "text", "bool"],
            ConstraintNames = ["patients_pkey"],
        },
        new SaidClasses(new Dictionary<string, IdentifierClass>
        {
            ["public.wards.*"] = IdentifierClass.NotPhi,
            ["public.patients.id"] = IdentifierClass.MedicalRecordNumber,
            ["public.patients.ssn"] = IdentifierClass.SocialSecurityNumber,
            ["public.patients.note"] = IdentifierClass.FreeText,
            ["public.patients.born"] = IdentifierClass.Date,
            ["public.patients.tags"] = IdentifierClass.Name,
            ["public.patients.key"] = IdentifierClass.OtherUnique,
            ["public.patients.raw"] = IdentifierClass.OtherUnique,
            ["public.patients.weight"] = IdentifierClass.OtherUnique,
            ["public.patients.seen"] = IdentifierClass.Date,
        }));

    public bool IsFresh => true;

    public string? StaleReason => null;

    public void RequestRefresh()
    {
    }
}
