namespace Proxy.Host.Catalogue;

/// <summary>What lineage needs beyond names: what types are made of, defaults, functions, and the texts that the server prints of views and functions.</summary>
internal static class LineageQueries
{
    /// <summary>Domains, arrays (what pg_type.typarray names) and rows, with what each is made of.</summary>
    public const string TypeShapes = """
        select t.oid, t.typbasetype, 0::oid, 0::oid from pg_type t where t.typtype = 'd'
        union all
        select t.typarray, 0, t.oid, 0 from pg_type t where t.typarray <> 0
        union all
        select t.oid, 0, 0, t.typrelid from pg_type t where t.typtype = 'c'
        """;

    public const string Composites = """
        select c.oid, n.nspname::text, c.relname::text
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'c'
        """;

    public const string CompositeFields = """
        select a.attrelid, a.attnum, a.attname::text, a.atttypid, format_type(a.atttypid, null)
        from pg_attribute a join pg_class c on c.oid = a.attrelid
        where a.attnum > 0 and not a.attisdropped and c.relkind = 'c'
        """;

    /// <summary>
    /// From the expressions' own trees: pg_depend does not record the functions of pg_catalog, of which some run queries given as text. The server's own
    /// operators are harmless, and so are their functions, whatever these are called.
    /// </summary>
    public const string Defaults = """
        select f.adrelid, f.adnum, n.nspname::text, p.proname::text, e.extname::text
        from pg_attrdef f
        left join lateral (select (m.m)[1]::oid as oid from regexp_matches(f.adbin::text, ':funcid (\d+)', 'g') m(m)
                           union
                           select (m.m)[1]::oid from regexp_matches(f.adbin::text, ':opfuncid (\d+)', 'g') m(m)
                           where (m.m)[1]::oid >= 16384) c on true
        left join pg_proc p on p.oid = c.oid
        left join pg_namespace n on n.oid = p.pronamespace
        left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
        left join pg_extension e on e.oid = d.refobjid
        """;

    /// <summary>The functions of <see cref="CatalogueQueries.Functions"/>. A longer body than <see cref="Proxy.Core.Catalogue.CatalogueFunction.BodyCharsMax"/> is null.</summary>
    public const string Functions = """
        select p.oid, n.nspname::text, p.proname::text, l.lanname::text, p.prokind::text,
               case when length(p.prosrc) <= 65536 then p.prosrc end, p.probin,
               p.proargnames, p.proargmodes::text[], coalesce(p.proallargtypes, p.proargtypes::oid[]),
               array(select format_type(a.type, null)
                     from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality a(type, place) order by a.place),
               p.pronargdefaults::int4, pg_get_expr(p.proargdefaults, 0), p.prorettype, format_type(p.prorettype, null), p.proretset,
               p.proisstrict, p.provolatile::text, p.prosecdef, p.proconfig, e.extname::text
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
        left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
        left join pg_extension e on e.oid = d.refobjid
        where n.nspname not in ('pg_catalog', 'information_schema') or p.oid >= 16384
        """;

    /// <summary>Functions whose body is kept as a tree; from PostgreSQL 14 on.</summary>
    public const string StandardBodied = "select oid from pg_proc where prosqlbody is not null and oid >= 16384";

    /// <summary>
    /// The queries of views, by OID. Locks what the views read, as it prints them. Of a view's rules only _RETURN is its query, and that is what this prints.
    /// </summary>
    public const string Definitions = "select v.oid, pg_get_viewdef(v.oid) from unnest($1::oid[]) v(oid)";

    public const string StandardBodies = "select f.oid, pg_get_function_sqlbody(f.oid) from unnest($1::oid[]) f(oid)";
}
