using System.Globalization;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Bench.Decisions;

/// <summary>A catalogue made by hand: 5,000 relations of ten columns, among them those that the statements name. Half of the columns nobody has reviewed.</summary>
internal sealed class LargeCatalogue : ICatalogueSource
{
    private const int Relations = 5000;
    private const uint FirstOid = 20_000;

    private static readonly Dictionary<string, string> Named = new()
    {
        ["patients"] = "id name dob region",
        ["visits"] = "id patient_id started_at",
        ["encounters"] = "id patient_id department_id admitted_at cost paid",
        ["departments"] = "id name",
        ["lab_results"] = "id patient_id test value",
        ["prescriptions"] = "id patient_id active",
        ["insurances"] = "id patient_id payer plan valid_from",
        ["consents"] = "id patient_id granted revoked_at",
        ["blocks"] = "id patient_id",
    };

    public CatalogueSnapshot Current { get; } = SnapshotBuilder.Build(1, Facts(), new OddColumnsAreReviewed());

    public bool IsFresh => true;

    public string? StaleReason => null;

    public void RequestRefresh()
    {
    }

    private static CatalogueFacts Facts()
    {
        var relations = new List<RelationFact>(Relations);
        var columns = new List<ColumnFact>(10 * Relations);
        var names = Named.Keys.Concat(Enumerable.Range(0, Relations - Named.Count).Select(static i => $"table_{i}")).ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            var oid = FirstOid + (uint)i;
            relations.Add(new RelationFact(oid, "public", names[i], 'r', false));
            var of = Named.TryGetValue(names[i], out var given) ? given.Split(' ') : [];
            for (short number = 1; number <= 10; number++)
            {
                var name = number <= of.Length ? of[number - 1] : string.Create(CultureInfo.InvariantCulture, $"column_{number}");
                columns.Add(new ColumnFact(oid, number, name, 25, "text", false, false));
            }
        }

        return new CatalogueFacts
        {
            ServerVersionNum = 150_008,
            Relations = relations,
            Columns = columns,
            SystemFunctions = ["now", "max", "count", "sum", "avg", "stddev", "row_number", "coalesce", "extract", "age", "lag"],
            SystemOperators = ["=", "<>", ">", "<", "-", "~~", "+"],
            SystemTypes = ["int4", "text", "bool", "numeric", "interval"],
        };
    }

    private sealed class OddColumnsAreReviewed : IColumnClassifier
    {
        public IdentifierClass Classify(string schema, string table, string column, string typeName) => column switch
        {
            "name" when table == "patients" => IdentifierClass.Name,
            "dob" => IdentifierClass.Date,
            _ when column.StartsWith("column_", StringComparison.Ordinal) && (column[^1] & 1) == 0 => IdentifierClass.Unreviewed,
            _ => IdentifierClass.NotPhi,
        };
    }
}
