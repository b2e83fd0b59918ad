namespace Proxy.Host.Catalogue;

/// <summary>
/// Code of users that runs although no statement names it. Each row says what it hangs on, the function's OID (0 where it is not one function), and
/// the extension that owns the code. See <see cref="CatalogueQueries"/> for how these are asked.
/// </summary>
internal static class HiddenCodeQueries
{
    /// <summary>
    /// What values of a type run: the checks and the default of a domain, the functions that read and print a base type or belong to a range, and a
    /// default operator class, which sorts and groups. Code of any extension is left out: what prints its types computes from the value.
    /// </summary>
    public const string Types = """
        select u.type, case u.class when 'pg_proc'::regclass then u.object
                                    when 'pg_operator'::regclass then (select o.oprcode::oid from pg_operator o where o.oid = u.object) else 0 end
        from (select d.objid as type, d.refclassid as class, d.refobjid as object
              from pg_depend d
              where d.classid = 'pg_type'::regclass and d.deptype = 'n'
                and d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_opclass'::regclass)
              union all
              select k.contypid, d.refclassid, d.refobjid
              from pg_constraint k join pg_depend d on d.classid = 'pg_constraint'::regclass and d.objid = k.oid
              where k.contypid <> 0 and d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass)
              union all
              select o.opcintype, 'pg_opclass'::regclass, o.oid from pg_opclass o where o.opcdefault) u
        where u.object >= 16384
          and not exists (select from pg_depend x where x.classid = u.class and x.objid = u.object and x.deptype = 'e')
        """;

    /// <summary>From a range to its element, and from a multirange to its range. pg_range has no column for the latter before PostgreSQL 14.</summary>
    public const string Ranges = """
        select rngtypid, rngsubtype from pg_range
        union all
        select d.objid, d.refobjid from pg_depend d join pg_type t on t.oid = d.objid
        where d.classid = 'pg_type'::regclass and d.refclassid = 'pg_type'::regclass and t.typtype = 'm'
        """;

    /// <summary>
    /// Casts that the server applies by itself. A type of an extension or of the server comes without being named (a literal, what a function
    /// returns): it is given as 0. The constructors of multiranges, which the server makes itself, cast only where they are asked to.
    /// </summary>
    public const string Casts = """
        select case when c.castsource >= 16384 and not exists (
                   select from pg_depend x where x.classid = 'pg_type'::regclass and x.objid = c.castsource and x.deptype = 'e') then c.castsource else 0 end,
               case when c.casttarget >= 16384 and not exists (
                   select from pg_depend x where x.classid = 'pg_type'::regclass and x.objid = c.casttarget and x.deptype = 'e') then c.casttarget else 0 end,
               c.castfunc, e.extname::text
        from pg_cast c
        left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = c.castfunc and d.deptype = 'e'
        left join pg_extension e on e.oid = d.refobjid
        where c.castfunc >= 16384 and c.castcontext in ('a', 'i')
        """;

    /// <summary>Functions and operators of users in row security policies: they run when the table is read.</summary>
    public const string Policies = """
        select p.polrelid, case d.refclassid when 'pg_proc'::regclass then d.refobjid
                                             else (select o.oprcode::oid from pg_operator o where o.oid = d.refobjid) end, e.extname::text
        from pg_policy p
        join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid
          and d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass) and d.refobjid >= 16384
        left join pg_depend x on x.classid = d.refclassid and x.objid = d.refobjid and x.deptype = 'e'
        left join pg_extension e on e.oid = x.refobjid
        """;

    /// <summary>From a table to each relation that its row security policies read.</summary>
    public const string PolicySources = """
        select distinct p.polrelid, d.refobjid
        from pg_policy p join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid
        where d.refclassid = 'pg_class'::regclass and d.refobjid <> p.polrelid
        """;
}
