using System.Collections.Immutable;
using Npgsql;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Host.Catalogue;

/// <summary>Asks for the types that people and extensions made, with what a mask has to know of them.</summary>
internal static class CatalogueTypeQuery
{
    /// <summary>
    /// A true array is what another type names as its typarray. Row types of tables are many and rarely the type of a column: their attributes
    /// are read only if one is. From version 14 on pg_range names multiranges, whose subtype is the range's.
    /// </summary>
    public const string Text = """
        with used as materialized (
            select atttypid as oid from pg_attribute where atttypid >= 16384 and not attisdropped
            union
            select y.typelem from pg_attribute u join pg_type y on y.oid = u.atttypid where u.atttypid >= 16384 and not u.attisdropped),
        row_type as materialized (
            select c.oid, array_agg(a.atttypid order by a.attnum) as types, array_agg(a.atttypmod order by a.attnum) as modifiers
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.oid >= 16384 and (c.relkind = 'c' or c.reltype in (select oid from used))
            group by c.oid)
        select t.oid, t.typname::text, case when e.oid is null then t.typtype else 'a'::"char" end, x.extname::text,
               coalesce(e.oid, nullif(t.typbasetype, 0), r.rngsubtype, m.rngsubtype, 0), t.typtypmod,
               array(select l.enumlabel::text from pg_enum l where l.enumtypid = t.oid order by l.enumsortorder), a.types, a.modifiers
        from pg_type t
        left join pg_type e on e.typarray = t.oid
        left join pg_range r on r.rngtypid = t.oid
        left join (select to_jsonb(g) as g, g.rngsubtype from pg_range g) m on t.typtype = 'm' and m.g ->> 'rngmultitypid' = t.oid::text
        left join pg_depend d on d.classid = 'pg_type'::regclass and d.objid = coalesce(e.oid, t.oid) and d.deptype = 'e'
        left join pg_extension x on x.oid = d.refobjid
        left join row_type a on a.oid = t.typrelid
        where t.oid >= 16384 and t.typisdefined and t.typtype <> 'p' and (t.typrelid = 0 or a.oid is not null)
          and (coalesce(e.typrelid, 0) = 0 or e.typrelid in (select oid from row_type))
        """;

    public static TypeFact Read(NpgsqlDataReader row) =>
        new(row.GetFieldValue<uint>(0), row.GetString(1), KindOf(row.GetChar(2)), FactReader.TextOrNull(row, 3))
        {
            ComponentOid = row.GetFieldValue<uint>(4),
            ComponentModifier = row.GetInt32(5),
            Labels = [.. row.GetFieldValue<string[]>(6)],
            Attributes = row.IsDBNull(7) ? [] : Attributes(row.GetFieldValue<uint[]>(7), row.GetFieldValue<int[]>(8)),
        };

    private static ImmutableArray<CompositeMember> Attributes(uint[] types, int[] modifiers) =>
        [.. types.Zip(modifiers, static (type, modifier) => new CompositeMember(type, modifier))];

    private static TypeKind KindOf(char kind) => kind switch
    {
        'a' => TypeKind.Array,
        'b' => TypeKind.Base,
        'c' => TypeKind.Composite,
        'd' => TypeKind.Domain,
        'e' => TypeKind.Enum,
        'm' => TypeKind.Multirange,
        'r' => TypeKind.Range,
        _ => TypeKind.Unknown,
    };
}
