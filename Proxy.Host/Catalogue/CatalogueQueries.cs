namespace Proxy.Host.Catalogue;

/// <summary>
/// What is asked of a server, PostgreSQL 13 to 18, by a session whose search path is pg_catalog alone, so that nothing in the database can
/// stand in for a name. OIDs from 16384 on (FirstNormalObjectId) are given to what people create.
/// </summary>
internal static class CatalogueQueries
{
    private const string UserSchemas = "n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')";

    public const string Version = "select current_setting('server_version_num')::int4";

    public const string Relations = """
        select c.oid, n.nspname::text, c.relname::text, c.relkind
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname not like 'pg\_toast%'
        """;

    public const string Columns = """
        select a.attrelid, a.attnum, a.attname::text, a.atttypid, format_type(a.atttypid, null), a.attnotnull, a.attgenerated <> '',
               a.atttypmod, a.attcollation = any (array(select oid from pg_collation where not collisdeterministic))
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname not like 'pg\_toast%'
        """;

    public const string Inheritance = "select inhrelid, inhparent from pg_inherits";

    public const string ForeignKeys = "select conrelid, confrelid from pg_constraint where contype = 'f'";

    /// <summary>From the rule's tree as well as from pg_depend, which leaves out what initdb pinned.</summary>
    public const string ViewSources = $$"""
        select distinct r.ev_class, (m.m)[1]::oid
        from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
        cross join lateral regexp_matches(r.ev_action::text, ':relid (\d+)', 'g') m(m)
        where c.relkind in ('v', 'm') and {{UserSchemas}} and (m.m)[1] <> '0' and (m.m)[1]::oid <> r.ev_class
        union
        select r.ev_class, d.refobjid
        from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
        join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
        where c.relkind in ('v', 'm') and {{UserSchemas}}
          and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class
        """;

    /// <summary>Functions, and operators of users, in the trees of views: pg_depend does not record the functions of pg_catalog.</summary>
    public const string ViewCalls = $$"""
        with tree as materialized (
            select r.ev_class, r.ev_action::text as t
            from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('v', 'm') and {{UserSchemas}})
        select f.ev_class, n.nspname::text, p.proname::text, e.extname::text
        from (select distinct ev_class, (m.m)[1]::oid as oid
              from tree cross join lateral regexp_matches(t, ':(?:funcid|aggfnoid|winfnoid) (\d+)', 'g') m(m)) f
        join pg_proc p on p.oid = f.oid join pg_namespace n on n.oid = p.pronamespace
        left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
        left join pg_extension e on e.oid = d.refobjid
        union
        select f.ev_class, n.nspname::text, o.oprname::text, e.extname::text
        from (select distinct ev_class, (m.m)[1]::oid as oid
              from tree cross join lateral regexp_matches(t, ':opno (\d+)', 'g') m(m)) f
        join pg_operator o on o.oid = f.oid join pg_namespace n on n.oid = o.oprnamespace
        left join pg_depend d on d.classid = 'pg_operator'::regclass and d.objid = o.oid and d.deptype = 'e'
        left join pg_extension e on e.oid = d.refobjid
        where n.nspname <> 'pg_catalog' or o.oid >= 16384
        """;

    /// <summary>
    /// Columns that generated columns read; 0 for code of users. Older servers record the column as what depends, newer ones its pg_attrdef entry.
    /// </summary>
    public const string GeneratedSources = """
        select a.attrelid, a.attnum,
               case when d.refclassid = 'pg_class'::regclass then d.refobjsubid::int2 else 0::int2 end
        from pg_attribute a
        left join pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
        join pg_depend d
          on (d.classid = 'pg_attrdef'::regclass and d.objid = f.oid)
          or (d.classid = 'pg_class'::regclass and d.objid = a.attrelid and d.objsubid = a.attnum)
        where a.attgenerated <> '' and not a.attisdropped
          and ((d.refclassid = 'pg_class'::regclass and d.refobjid = a.attrelid and d.refobjsubid not in (0, a.attnum))
            or d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass))
        """;

    /// <summary>
    /// Relations whose writing runs code of users: triggers, rules, and what defaults, checks, indexes and policies call. Of the server's own triggers one
    /// tells by the number of rows whether a change changed anything.
    /// </summary>
    public const string RunsCode = """
        select t.tgrelid, e.extname::text
        from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_namespace n on n.oid = p.pronamespace
        left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
        left join pg_extension e on e.oid = d.refobjid
        where (not t.tgisinternal or t.tgparentid <> 0) and (n.nspname <> 'pg_catalog' or p.oid >= 16384 or p.proname = 'suppress_redundant_updates_trigger')
        union
        select ev_class, null from pg_rewrite where rulename <> '_RETURN' and ev_class >= 16384
        union
        select o.relation, e.extname::text
        from (select 'pg_attrdef'::regclass::oid as class, oid, adrelid as relation from pg_attrdef
              union all select 'pg_constraint'::regclass::oid, oid, conrelid from pg_constraint where conrelid <> 0
              union all select 'pg_policy'::regclass::oid, oid, polrelid from pg_policy
              union all select 'pg_class'::regclass::oid, indexrelid, indrelid from pg_index) o
        join pg_depend d on d.classid = o.class and d.objid = o.oid
          and d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass) and d.refobjid >= 16384
        left join pg_depend x on x.classid = d.refclassid and x.objid = d.refobjid and x.deptype = 'e'
        left join pg_extension e on e.oid = x.refobjid
        """;

    /// <summary>Functions outside the system schemas or made by people inside; whether a row alone is enough of an argument.</summary>
    public const string Functions = """
        select n.nspname::text, p.proname::text, e.extname::text,
               p.pronargs >= 1 and p.pronargs - p.pronargdefaults <= 1 and (y.typtype in ('c', 'p'))
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        left join pg_type y on y.oid = p.proargtypes[0]
        left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
        left join pg_extension e on e.oid = d.refobjid
        where n.nspname not in ('pg_catalog', 'information_schema') or p.oid >= 16384
        """;

    public const string Operators = """
        select n.nspname::text, o.oprname::text, e.extname::text
        from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
        left join pg_depend d on d.classid = 'pg_operator'::regclass and d.objid = o.oid and d.deptype = 'e'
        left join pg_extension e on e.oid = d.refobjid
        where n.nspname <> 'pg_catalog' or o.oid >= 16384
        """;

    /// <summary>
    /// Types outside the system schemas. Harmless by themselves: enums, rows, arrays, domains, ranges; what they are made of is asked by
    /// <see cref="HiddenCodeQueries"/>. A cast with a function of a user makes both of its types suspect, the server's own included; not the constructor
    /// that the server makes with every range type (from PostgreSQL 14 on, language internal).
    /// </summary>
    public const string Types = """
        select n.nspname::text, t.typname::text, e.extname::text,
               case t.typtype
                   when 'e' then true
                   when 'c' then true
                   when 'b' then t.typcategory = 'A'
                   when 'd' then true
                   when 'r' then true
                   when 'm' then true
                   else false
               end, t.oid
        from pg_type t join pg_namespace n on n.oid = t.typnamespace
        left join pg_depend d on d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'
        left join pg_extension e on e.oid = d.refobjid
        where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') or t.oid >= 16384
        union
        select n.nspname::text, t.typname::text, e.extname::text, false, 0::oid
        from pg_cast c join pg_type t on t.oid in (c.castsource, c.casttarget)
        join pg_namespace n on n.oid = t.typnamespace
        left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = c.castfunc and d.deptype = 'e'
        left join pg_extension e on e.oid = d.refobjid
        where c.castfunc >= 16384
          and not exists (select from pg_proc p where p.oid = c.castfunc and p.prolang = 12 and p.prosrc like 'multirange\_constructor_')
        """;

    /// <summary>The server's own names: of functions, functions that a row of any relation is enough of an argument for, operators and types.</summary>
    public const string SystemNames = """
        select 'f'::bpchar, p.proname::text from pg_proc p
        where p.pronamespace = 'pg_catalog'::regnamespace and p.oid < 16384
        union
        select 'r', p.proname::text from pg_proc p join pg_type y on y.oid = p.proargtypes[0]
        where p.pronamespace = 'pg_catalog'::regnamespace and p.oid < 16384 and p.pronargs - p.pronargdefaults <= 1
          and y.typname in ('record', 'any', 'anyelement', 'anynonarray', 'anycompatible', 'anycompatiblenonarray')
        union
        select 'o', o.oprname::text from pg_operator o
        where o.oprnamespace = 'pg_catalog'::regnamespace and o.oid < 16384
        union
        select 't', t.typname::text from pg_type t
        where t.typnamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) and t.oid < 16384
        """;

    public const string ConstraintNames = """
        select conname::text from pg_constraint where oid >= 16384
        union
        select relname::text from pg_class where relkind in ('i', 'I') and oid >= 16384
        """;

    /// <summary>
    /// Changes with any DDL that matters: each row's xmin changes when it is made or updated, the counts when rows go. Temporary relations are
    /// left out: they come and go with other sessions, and are unknown, hence masked. ANALYZE and VACUUM update in place and change no xmin. The rights
    /// of our own user, and of the others whose names are the parameter, are part of it, because masking depends on them.
    /// </summary>
    public const string Fingerprint = """
        select md5(concat_ws(',',
            (select concat(count(*), '/', sum(c.xmin::text::int8 * 31 + c.oid::int8))
             from pg_class c where c.oid >= 16384 and c.relpersistence <> 't' and c.relkind <> 't'),
            (select concat(count(*), '/', sum(a.xmin::text::int8 * 31 + a.attrelid::int8))
             from pg_attribute a join pg_class c on c.oid = a.attrelid
             where a.attrelid >= 16384 and a.attnum > 0 and c.relpersistence <> 't' and c.relkind in ('r', 'p', 'v', 'm', 'f', 'c')),
            (select concat(count(*), '/', sum(xmin::text::int8 * 31 + oid::int8)) from pg_proc where oid >= 16384),
            (select concat(count(*), '/', sum(xmin::text::int8 * 31 + oid::int8)) from pg_operator where oid >= 16384),
            (select concat(count(*), '/', sum(r.xmin::text::int8 * 31 + r.oid::int8))
             from pg_rewrite r join pg_class c on c.oid = r.ev_class where r.oid >= 16384 and c.relpersistence <> 't'),
            (select concat(count(*), '/', sum(r.xmin::text::int8 * 31 + r.oid::int8))
             from pg_trigger r join pg_class c on c.oid = r.tgrelid where c.relpersistence <> 't'),
            (select concat(count(*), '/', sum(r.xmin::text::int8 * 31 + r.oid::int8))
             from pg_constraint r left join pg_class c on c.oid = r.conrelid where c.relpersistence is distinct from 't'),
            (select concat(count(*), '/', sum(r.xmin::text::int8 * 31 + r.oid::int8))
             from pg_attrdef r join pg_class c on c.oid = r.adrelid where c.relpersistence <> 't'),
            (select concat(count(*), '/', sum(r.xmin::text::int8 * 31 + r.oid::int8))
             from pg_type r left join pg_class c on c.oid = r.typrelid
             where r.oid >= 16384 and c.relpersistence is distinct from 't' and r.typcategory <> 'A'),
            (select concat(count(*), '/', sum(xmin::text::int8 * 31 + inhrelid::int8)) from pg_inherits),
            (select concat(count(*), '/', sum(xmin::text::int8 * 31 + oid::int8)) from pg_namespace where nspname not like 'pg\_%temp\_%'),
            (select concat(count(*), '/', sum(xmin::text::int8 * 31 + oid::int8)) from pg_cast where oid >= 16384),
            (select concat(count(*), '/', sum(xmin::text::int8 * 31 + oid::int8)) from pg_policy),
            (select concat(count(*), '/', sum(xmin::text::int8 * 31 + oid::int8)) from pg_extension),
            (select string_agg(concat(r.oid, r.rolsuper, r.rolreplication, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb,
                                      (select string_agg(g.rolname::text, ' ' order by g.rolname) from pg_roles g
                                       where g.rolname like 'pg\_%' and pg_has_role(r.oid, g.oid, 'usage'))), ' ' order by r.oid)
             from pg_roles r where r.rolname = current_user or r.rolname::text = any ($1))))
        """;

    /// <summary>Whether an event trigger of the database tells of DDL on our channel.</summary>
    public const string Announces = """
        select exists (select from pg_event_trigger t join pg_proc p on p.oid = t.evtfoid
                       where t.evtenabled <> 'D' and p.prosrc like '%phigate_catalogue%')
        """;

    /// <summary>Of our own user first, then of those whose names are the parameter.</summary>
    public const string Rights = """
        select r.rolname::text, r.rolsuper, r.rolreplication, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb,
               array(select g.rolname::text from pg_roles g
                     where g.rolname like 'pg\_%' and not r.rolsuper and pg_has_role(r.oid, g.oid, 'usage') order by 1)
        from pg_roles r where r.rolname = current_user or r.rolname::text = any ($1)
        order by r.rolname <> current_user, 1
        """;
}
