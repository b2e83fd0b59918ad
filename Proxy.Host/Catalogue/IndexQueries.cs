using System.Collections.Immutable;
using Npgsql;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Host.Catalogue;

/// <summary>In what order rows can be read. See <see cref="CatalogueQueries"/> for how this is asked.</summary>
internal static class IndexQueries
{
    /// <summary>
    /// Relation, keys, other columns, columns of the predicate, whether it is sorted. Those that only ever find pages, or sort by a hash, are known by name, so that a
    /// kind that nobody knows counts as sorted.
    /// </summary>
    public const string Text = """
        select i.indrelid,
               array(select a from unnest(i.indkey::int2[]) with ordinality u(a, place) where place <= i.indnkeyatts and a > 0 order by place)
                   || array(select distinct (m.m)[1]::int2 from regexp_matches(i.indexprs::text, ':varattno (\d+)', 'g') m(m)),
               array(select a from unnest(i.indkey::int2[]) with ordinality u(a, place) where place > i.indnkeyatts and a > 0 order by place),
               array(select distinct (m.m)[1]::int2 from regexp_matches(i.indpred::text, ':varattno (\d+)', 'g') m(m)),
               a.amname not in ('hash', 'gin', 'brin', 'bloom')
        from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
        where i.indexrelid >= 16384 and c.relpersistence <> 't'
        """;

    public static IndexFact Read(NpgsqlDataReader row) => new(row.GetFieldValue<uint>(0), Numbers(row, 1), Numbers(row, 2), Numbers(row, 3)) { IsSorted = row.GetBoolean(4) };

    private static ImmutableArray<short> Numbers(NpgsqlDataReader row, int ordinal) => [.. row.GetFieldValue<short[]>(ordinal)];
}
