using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Tests.Core.Catalogue;

/// <summary>A catalogue made by hand, for tests that need no server.</summary>
internal static class SmallCatalogue
{
    public const uint Departments = 20_001;
    public const uint Patients = 20_002;
    public const uint CleanView = 20_003;
    public const uint PhiView = 20_004;
    public const uint Stamped = 20_005;
    public const uint Lonely = 20_006;

    public static CatalogueFacts Facts { get; } = new()
    {
        ServerVersionNum = 150_008,
        Relations =
        [
            new(Departments, "public", "departments", 'r', false), new(Patients, "public", "patients", 'p', false),
            new(CleanView, "public", "v_floors", 'v', false), new(PhiView, "public", "v_names", 'v', false),
            new(Stamped, "public", "stamped", 'r', true), new(Lonely, "archive", "lonely", 'r', false), new(20_007, "archive", "patients", 'r', false),
        ],
        Columns =
        [
            new(Departments, 1, "name", 25, "text", true, false), new(Departments, 3, "floor", 23, "integer", true, false),
            new(Patients, 1, "id", 23, "integer", true, false), new(Patients, 2, "ssn", 25, "text", true, false),
            new(Patients, 3, "ward", 25, "text", false, false), new(Patients, 4, "note", 25, "text", false, false),
            new(Patients, 5, "unseen", 25, "text", false, false), new(Patients, 6, "risk", 23, "integer", false, false),
            new(CleanView, 1, "floor", 23, "integer", false, false), new(PhiView, 1, "id", 23, "integer", false, false),
            new(PhiView, 2, "surname", 25, "text", false, false),
            new(Stamped, 1, "id", 23, "integer", true, false), new(Lonely, 1, "id", 23, "integer", true, false),
            new(20_007, 1, "id", 23, "integer", true, false),
        ],
        ViewSources = [new(CleanView, Departments), new(PhiView, Patients)],
        ForeignKeys = [new(Patients, Departments)],
        Code =
        [
            new(CodeKind.Function, "public", "ward_beds", null, false, false), new(CodeKind.Function, "elsewhere", "lower", null, false, false),
            new(CodeKind.Function, "public", "leak", null, false, true), new(CodeKind.Operator, "public", "~~~", null, false, false),
            new(CodeKind.Type, "public", "mood", null, true, false), new(CodeKind.Type, "public", "strange", null, false, false),
        ],
        SystemFunctions = ["lower", "upper", "count", "pg_read_file", "query_to_xml", "pg_notify", "nextval", "current_setting", "set_config"],
        SystemOperators = ["=", "+", "/", "~~"],
        SystemTypes = ["int4", "text", "bool"],
        ConstraintNames = ["patients_pkey"],
    };

    public static SaidClasses Classification => new(new Dictionary<string, IdentifierClass>
    {
        ["public.departments.*"] = IdentifierClass.NotPhi,
        ["public.stamped.*"] = IdentifierClass.NotPhi,
        ["archive.lonely.*"] = IdentifierClass.NotPhi,
        ["archive.patients.*"] = IdentifierClass.NotPhi,
        ["public.patients.id"] = IdentifierClass.NotPhi,
        ["public.patients.ward"] = IdentifierClass.NotPhi,
        ["public.patients.risk"] = IdentifierClass.NotPhi,
        ["public.patients.ssn"] = IdentifierClass.SocialSecurityNumber,
        ["public.patients.note"] = IdentifierClass.FreeText,
    });

    public static CatalogueSnapshot Build() => SnapshotBuilder.Build(7, Facts, Classification);
}
