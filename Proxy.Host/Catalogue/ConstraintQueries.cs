using System.Collections.Immutable;
using Npgsql;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Host.Catalogue;

/// <summary>What the server demands of rows. See <see cref="CatalogueQueries"/> for how this is asked.</summary>
internal static class ConstraintQueries
{
    /// <summary>
    /// Relation, kind, columns compared whole, columns computed from, columns tested for NULL, a flag, referenced relation and columns, primary, whether rows can break it for a while. Which columns an
    /// expression reads its tree tells, as pg_depend does not keep expressions apart from predicates; a predicate that tests for NULL alone, as of rows
    /// that are not deleted, is told from others. Columns with negative numbers are the system's. A foreign key over a PERIOD asks whether a range is covered: that is
    /// more than equality, as with an exclusion constraint, on both of its sides.
    /// </summary>
    public const string Text = """
        with key as materialized (
            select i.indrelid, i.indisprimary as is_primary, i.indisexclusion as is_exclusion, coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) as is_null_unique, not (i.indimmediate and i.indisvalid) as may_be_broken,
                   array(select a from unnest(i.indkey::int2[]) with ordinality u(a, place) where place <= i.indnkeyatts and a > 0 order by place) as columns,
                   array(select distinct (m.m)[1]::int2 from regexp_matches(i.indexprs::text, ':varattno (\d+)', 'g') m(m)) as computed,
                   array(select distinct (m.m)[1]::int2 from regexp_matches(i.indpred::text, ':varattno (\d+)', 'g') m(m)) as predicate,
                   coalesce(i.indpred::text ~ '^(\{NULLTEST :arg \{VAR [^{}]*\} [^{}]*\}|\{BOOLEXPR :boolop and :args \((\{NULLTEST :arg \{VAR [^{}]*\} [^{}]*\} ?)+\)[^{}]*\})$', false) as tests
            from pg_index i
            where (i.indisunique or i.indisexclusion) and i.indexrelid >= 16384),
        checked as materialized (
            select k.conrelid, coalesce(k.conkey, '{0}') as columns, k.conislocal and k.coninhcount = 0 as is_own,
                   k.conbin::text ~ '^(\{NULLTEST :arg \{VAR [^{}]*\} [^{}]*\}|\{BOOLEXPR :boolop and :args \((\{NULLTEST :arg \{VAR [^{}]*\} [^{}]*\} ?)+\)[^{}]*\})$' as tests
            from pg_constraint k
            where k.contype = 'c' and k.conrelid >= 16384)
        select indrelid, case when is_exclusion then 'x' else 'u' end, case when is_exclusion then '{}' else columns end,
               case when is_exclusion then columns else '{}' end || computed || case when tests then '{}' else predicate end,
               case when tests then predicate else '{}' end, is_null_unique, 0::oid, '{}'::int2[], is_primary, may_be_broken
        from key
        union all
        select conrelid, 'c', '{}', case when tests then '{}' else columns end, case when tests then columns else '{}' end, is_own, 0, '{}', false, false
        from checked
        union all
        select conrelid, 'f', conkey, '{}', '{}', false, confrelid, confkey, false, false
        from pg_constraint where contype = 'f'
        union all
        select case t.side when 1 then k.conrelid else k.confrelid end, 'x', '{}', case t.side when 1 then k.conkey else k.confkey end, '{}', false, 0, '{}', false, false
        from pg_constraint k cross join generate_series(1, 2) t(side) where k.contype = 'f' and (to_jsonb(k) ->> 'conperiod')::bool
        union all
        select p.partrelid, 'p', array(select a from unnest(p.partattrs::int2[]) a where a > 0),
               array(select distinct (m.m)[1]::int2 from regexp_matches(p.partexprs::text, ':varattno (\d+)', 'g') m(m)), '{}', p.partdefid <> 0, 0, '{}', false, false
        from pg_partitioned_table p
        """;

    public static ConstraintFact Read(NpgsqlDataReader row)
    {
        var kind = KindOf(row.GetString(1));
        return new ConstraintFact(row.GetFieldValue<uint>(0), kind, Numbers(row, 2), Numbers(row, 3), Numbers(row, 4))
        {
            IsNullUnique = kind is ConstraintKind.Unique && row.GetBoolean(5),
            IsOwn = kind is ConstraintKind.Check && row.GetBoolean(5),
            HasDefault = kind is ConstraintKind.Bound && row.GetBoolean(5),
            IsPrimary = row.GetBoolean(8),
            MayBeBroken = row.GetBoolean(9),
            ReferencedOid = row.GetFieldValue<uint>(6),
            Referenced = Numbers(row, 7),
        };
    }

    private static ConstraintKind KindOf(string kind) => kind switch
    {
        "u" => ConstraintKind.Unique,
        "x" => ConstraintKind.Exclusion,
        "c" => ConstraintKind.Check,
        "f" => ConstraintKind.References,
        "p" => ConstraintKind.Bound,
        _ => ConstraintKind.Unknown,
    };

    private static ImmutableArray<short> Numbers(NpgsqlDataReader row, int ordinal) => [.. row.GetFieldValue<short[]>(ordinal)];
}
