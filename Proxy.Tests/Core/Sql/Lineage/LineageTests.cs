using NUnit.Framework;
using Proxy.Core.Sql.Lineage;
using Proxy.Tests.Core.Catalogue;

namespace Proxy.Tests.Core.Sql.Lineage;

/// <summary>
/// Where columns come from and what decides about rows. Columns are written as name:how, where how is clean, count, copy, expression, null (an
/// expression whose being NULL tells something) or opaque; conditions as form(columns).
/// </summary>
public sealed class LineageTests
{
    [TestCase("select id, ssn from patients", "id:clean ssn:copy", "")]
    [TestCase("select ssn as id from patients", "id:copy", "")]
    [TestCase("select * from patients", "id:clean ssn:copy mrn:copy surname:copy dob:copy ward:clean risk:clean chart:copy aliases:copy seen:copy zip:copy", "")]
    [TestCase("select p.* from wards w, patients p", "id:clean ssn:copy mrn:copy surname:copy dob:copy ward:clean risk:clean chart:copy aliases:copy seen:copy zip:copy", "")]
    [TestCase("select p.ssn from patients as wards(id, ssn), patients p", "ssn:copy", "")]
    [TestCase("select b from patients as p(a, b)", "b:copy", "")]
    [TestCase("select a from patients as p(a, b)", "a:clean", "")]
    [TestCase("select ssn from patients union all select name from wards", "ssn:copy", "")]
    [TestCase("select name from wards union all select ssn from patients", "name:copy", "")]
    [TestCase("select name from wards union select ssn from patients", "name:copy", "other(public.patients.ssn public.wards.name)")]
    [TestCase("select ssn from patients union select ssn from patients", "ssn:copy", "grouping(public.patients.ssn)")]
    [TestCase("select mrn from patients intersect select mrn from visits", "mrn:copy", "equality(public.patients.mrn public.visits.mrn)")]
    [TestCase("select q.x from (select ssn as x from patients) q", "x:copy", "")]
    [TestCase("with q as (select ssn as x from patients) select x from q", "x:copy", "")]
    [TestCase("with patients as (select name as ssn from wards) select ssn from patients", "ssn:clean", "")]
    [TestCase("with q(y) as (select ssn from patients) select y from q", "y:copy", "")]
    [TestCase("with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select n from r", "n:clean", "")]
    [TestCase("with recursive r(n, s) as (select 1, '' union all select n + 1, (select ssn from patients where id = n) from r where n < 5) select s from r", "s:copy", "")]
    [TestCase("with d as (delete from patients where id = 1 returning ssn, ward) select * from d", "ssn:copy ward:clean", "")]
    [TestCase("select lower(ssn) from patients", "lower:expression", "")]
    [TestCase("select ssn || '' from patients", "?column?:expression", "")]
    [TestCase("select ssn::text from patients", "ssn:expression", "")]
    [TestCase("select ssn::int from patients", "ssn:expression", "other(public.patients.ssn)")]
    [TestCase("select 1 / length(ssn) from patients", "?column?:null", "other(public.patients.ssn)")]
    [TestCase("select max(ssn), min(dob) from patients", "max:expression min:expression", "")]
    [TestCase("select array_agg(ssn) from patients", "array_agg:null", "")]
    [TestCase("select string_agg(ward, ',' order by ssn) from patients", "string_agg:null", "")]
    [TestCase("select row_to_json(p) from patients p", "row_to_json:null", "")]
    [TestCase("select p from patients p", "p:null", "")]
    [TestCase("select patients from patients", "patients:null", "")]
    [TestCase("select (p).ssn, (p).ward from patients p", "ssn:copy ward:clean", "")]
    [TestCase("select (p).* from (select wards as p from wards) q", "name:clean floor:clean beds:clean nurse:clean", "")]
    [TestCase("select row(ssn, ward) from patients", "row:null", "")]
    [TestCase("select count(*), count(ssn), count(distinct ssn) from patients", "count:clean count:count count:count", "")]
    [TestCase("select count(distinct substr(ssn, 1, 1)) from patients", "count:expression", "")]
    [TestCase("select count(nullif(ssn, '1')) from patients", "count:null", "")]
    [TestCase("select count(*) filter (where ssn like '9%') from patients", "count:null", "other(public.patients.ssn)")]
    [TestCase("select count(*) filter (where ssn is null) from patients", "count:count", "")]
    [TestCase("select ssn is null from patients", "?column?:count", "")]
    [TestCase("select nullif(ssn, '1') is null from patients", "?column?:expression", "")]
    [TestCase("select case when ssn < '5' then 'a' else 'b' end from patients", "case:null", "")]
    [TestCase("select case when ssn < '5' then 1 / risk else 0 end from patients", "case:null", "other(public.patients.ssn)")]
    [TestCase("select 1 / (case when substr(ssn, 1, 1) = '9' then 0 else 1 end) from patients where id = 1", "?column?:null", "other(public.patients.ssn)")]
    [TestCase("select coalesce(ssn, '') from patients", "coalesce:expression", "")]
    [TestCase("select rank() over (partition by ward order by risk) from patients", "rank:clean", "")]
    [TestCase("select id, rank() over (order by ssn) from patients", "id:clean rank:null", "ordering(public.patients.ssn)")]
    [TestCase("select id, count(*) over (partition by ssn) from patients", "id:clean count:null", "grouping(public.patients.ssn)")]
    [TestCase("select id, rank() over w from patients window w as (order by left(ssn, 1))", "id:clean rank:null", "other(public.patients.ssn)")]
    [TestCase("create temp table k as select id, ssn from patients", "id:clean ssn:copy", "")]
    [TestCase("create temp table k as select id, left(ssn, 1) as x from patients", "id:clean x:expression", "other(public.patients.ssn)")]
    [TestCase("create temp table k as select count(ssn) as n from patients", "n:count", "")]
    [TestCase("select attname from pg_stats where avg_width = 1", "attname:clean", "other(pg_catalog.pg_stats.avg_width)")]
    [TestCase("select lag(id) over w from patients window w as (order by dob)", "lag:null", "ordering(public.patients.dob)")]
    [TestCase("select extract(year from dob), to_char(dob, 'YYYY'), age(dob) from patients", "extract:expression to_char:expression age:expression", "")]
    [TestCase("select (current_date - dob) / 365 from patients", "?column?:expression", "")]
    [TestCase("select seen - dob from patients", "?column?:expression", "")]
    [TestCase("select dob - current_date from patients", "?column?:expression", "")]
    [TestCase("select current_date - ssn from patients", "?column?:null", "other(public.patients.ssn)")]
    [TestCase("select dob - risk from patients", "?column?:null", "other(public.patients.dob public.patients.risk)")]
    [TestCase("select risk - dob from patients", "?column?:null", "other(public.patients.dob public.patients.risk)")]
    [TestCase("select (select ssn from patients where id = 1)", "ssn:copy", "")]
    [TestCase("select (select ssn from generate_series(1, 1) g) from patients p", "ssn:copy", "")]
    [TestCase("select exists (select from patients where ssn = '1')", "exists:clean", "equality(public.patients.ssn)")]
    [TestCase("select array(select ssn from patients)", "array:null", "")]
    [TestCase("select v.x from patients p, lateral (select p.ssn as x) v", "x:copy", "")]
    [TestCase("select x from patients p, lateral (values (p.ssn)) v(x)", "x:copy", "")]
    [TestCase("values ((select ssn from patients limit 1))", "column1:copy", "")]
    [TestCase("select ssn from patients natural join (select id from visits) v", "ssn:copy", "")]
    [TestCase("select mrn from patients join visits using (mrn)", "mrn:copy", "equality(public.patients.mrn public.visits.mrn)")]
    [TestCase("select j.ssn from (patients p join wards w on w.name = p.ward) as j", "ssn:copy", "")]
    [TestCase("select label, ward, low, missing from directory", "label:copy ward:clean low:expression missing:count", "")]
    [TestCase("select who, ward from deep", "who:copy ward:clean", "")]
    [TestCase("select * from floors", "ward:clean n:clean risk:clean", "")]
    [TestCase("select * from contacts", "id:clean surname:copy floor:clean", "")]
    [TestCase("select beds_of('a')", "beds_of:clean", "")]
    [TestCase("select ssn_of(1)", "ssn_of:copy", "")]
    [TestCase("select who, room from everyone()", "who:copy room:clean", "")]
    [TestCase("select found('123')", "found:clean", "equality(public.patients.ssn)")]
    [TestCase("select found(g::text) from generate_series(1, 9) g", "found:clean", "other(public.patients.ssn)")]
    [TestCase("select twice(risk) from patients", "twice:clean", "")]
    [TestCase("select p.label from patients p", "label:copy", "")]
    [TestCase("select (beds).ssn_of from wards", "ssn_of:null", "")]
    [TestCase("select (floor - 2).ssn_of from wards", "ssn_of:null", "")]
    [TestCase("select chart ->> 'a', chart #> '{a}' from patients", "?column?:null ?column?:null", "")]
    [TestCase("select (chart ->> 'a') is null from patients", "?column?:expression", "")]
    [TestCase("select ssn > '5' or null, ssn > '5' and ward = 'x', not ssn > '5' from patients", "?column?:null ?column?:null ?column?:expression", "")]
    [TestCase("select ssn in ('1', null), ssn in ('1', '2'), ssn in ('1', ward) from patients", "?column?:null ?column?:expression ?column?:null", "")]
    [TestCase("select ssn between '1' and null, ssn between '1' and '2', ssn between '1' and $1 from patients", "?column?:null ?column?:expression ?column?:null", "")]
    [TestCase("select ssn = any ($1), ssn <> all ('{1,NULL}') from patients", "?column?:null ?column?:null", "")]
    [TestCase("select tableoid, ctid, xmin, t.tableoid, id from stays t", "tableoid:null ctid:null xmin:clean tableoid:null id:clean", "")]
    [TestCase("select ctid, tableoid from patients", "ctid:clean tableoid:clean", "")]
    [TestCase("select \"homePhone\", \"patientId\" from \"Odd Table\"", "homePhone:copy patientId:clean", "")]
    [TestCase("select ssn from archive.inpatients", "ssn:copy", "")]
    [TestCase("select * from visits", "id:clean patient:clean mrn:copy note:copy cost:clean happened:clean *", "")]
    [TestCase("select visits from visits", "visits:null", "")]
    [TestCase("select b from visits v(a, b)", "b:null", "")]
    [TestCase("table wards", "name:clean floor:clean beds:clean nurse:clean", "")]
    [TestCase("select most_common_vals from pg_stats", "most_common_vals:copy", "")]
    [TestCase("explain select * from patients", "*:clean", "")]
    [TestCase("explain select ssn_of(1)", "*:opaque", "")]
    [TestCase("insert into visits (id, patient) values (1, 2) returning note, id", "note:copy id:clean", "")]
    [TestCase("update patients set risk = 1 where id = 1 returning old.ssn, new.risk", "ssn:copy risk:clean", "")]
    [TestCase("update patients set risk = 1 where id = 1 returning ssn, risk", "ssn:copy risk:clean", "")]
    [TestCase("select ssn in ('1', '2') from patients", "?column?:expression", "")]
    [TestCase("select ssn in ('1', null), ssn between '1' and $1, ssn = any ($1), ssn in (select null) from patients", "?column?:null ?column?:null ?column?:null ?column?:null", "")]
    [TestCase("select (ssn = '1') and null, not ssn = '1' from patients", "?column?:null ?column?:expression", "")]
    [TestCase("select chart -> 'a', chart ->> 'a', chart #>> '{a}' from patients", "?column?:null ?column?:null ?column?:null", "")]
    [TestCase("select count(distinct x) from (select ssn as x from patients union all select '1') q", "count:expression", "")]
    [TestCase("select count(distinct mrn) from (select mrn from patients union all select mrn from visits) q", "count:count", "")]
    [TestCase("select substr(ssn, 1, 3), split_part(ssn, '-', 1), replace(ssn, '-', '') from patients", "substr:expression split_part:expression replace:expression", "")]
    [TestCase("select substr(nullif(ssn, '1'), 1, -1) from patients", "substr:null", "other(public.patients.ssn)")]
    [TestCase("select case when ssn = '1' then substr(ward, 1, -1) end from patients", "case:null", "other(public.patients.ssn)")]
    [TestCase("select case when ssn = '1' then '200'::share end from patients", "case:null", "other(public.patients.ssn)")]
    [TestCase("select substring('x' from ssn), split_part('a', 'b', strpos(ssn, '9')) from patients", "substring:null split_part:null", "other(public.patients.ssn)")]
    [TestCase("select repeat(ssn, 2) from patients", "repeat:null", "other(public.patients.ssn)")]
    [TestCase("select replace(ssn, '9', '99') from patients", "replace:null", "other(public.patients.ssn)")]
    [TestCase("select json_build_object('a', ssn) from patients", "json_build_object:null", "")]
    [TestCase("select json_build_object(ssn, 1) from patients", "json_build_object:null", "other(public.patients.ssn)")]
    [TestCase("select array_agg(aliases) from patients", "array_agg:null", "other(public.patients.aliases)")]
    [TestCase("select array[aliases, aliases] from patients", "array:expression", "other(public.patients.aliases)")]
    [TestCase("select a.r = b.r from (select row(ssn, ward) as r from patients) a, (select row('1'::text, 1) as r) b", "?column?:null", "other(public.patients.ssn public.patients.ward)")]
    [TestCase("select dob - date 'infinity' from patients", "?column?:null", "other(public.patients.dob)")]
    [TestCase("select coalesce(nullif(ssn, '1'), left(ward, 1)) from patients", "coalesce:null", "")]
    [TestCase("select coalesce(nullif(ssn, '1'), (1 / risk)::text) from patients", "coalesce:null", "other(public.patients.ssn)")]
    [TestCase("select second(b => ward, a => ssn), second(ssn, ward) from patients", "second:expression second:clean", "")]
    [TestCase("select count(1 / risk) filter (where ssn < '5') from patients", "count:null", "other(public.patients.ssn)")]
    [TestCase("select ssn in ('1', (1 / risk)::text) from patients", "?column?:null", "other(public.patients.risk public.patients.ssn)")]
    [TestCase("select (ssn, ward) = ('1', (1 / risk)::text) from patients", "?column?:null", "other(public.patients.risk public.patients.ssn public.patients.ward)")]
    public async Task Columns_come_from(string sql, string columns, string conditions)
    {
        var lineage = await AnalyseAsync(sql);

        Assert.Multiple(() =>
        {
            Assert.That(Columns(lineage), Is.EqualTo(columns));
            Assert.That(Conditions(lineage), Is.EqualTo(conditions));
            Assert.That(lineage.IsOpaque, Is.False, string.Join("; ", lineage.Findings));
        });
    }

    [TestCase("select id from patients where ssn = '1'", "equality(public.patients.ssn)")]
    [TestCase("select id from patients where ssn = $1", "equality(public.patients.ssn)")]
    [TestCase("select id from patients where '1' = ssn and ward = 'x'", "equality(public.patients.ssn)")]
    [TestCase("select id from patients where ssn in ('1', $2)", "equality(public.patients.ssn)")]
    [TestCase("select id from patients where ssn = any ($1)", "equality(public.patients.ssn)")]
    [TestCase("select id from patients where ssn = any (array['1', '2'])", "equality(public.patients.ssn)")]
    [TestCase("select id from patients where (ssn, ward) = ('1', 'x')", "equality(public.patients.ssn)")]
    [TestCase("select id from patients where mrn = '1'::varchar", "equality(public.patients.mrn)")]
    [TestCase("select id from patients where not (ssn = '1' or mrn = '2')", "equality(public.patients.mrn) equality(public.patients.ssn) ordering(public.patients.ssn)")]
    [TestCase("select id from patients where mrn in (select mrn from visits)", "equality(public.patients.mrn public.visits.mrn)")]
    [TestCase("select p.id from patients p join visits v on v.mrn = p.mrn", "equality(public.patients.mrn public.visits.mrn)")]
    [TestCase("select p.id from patients p join visits v on v.mrn = p.ssn", "other(public.patients.ssn public.visits.mrn)")]
    [TestCase("select id from patients where ssn is not null", "nulltest(public.patients.ssn) ordering(public.patients.ssn)")]
    [TestCase("select id from patients where nullif(ssn, '1') is null", "other(public.patients.ssn)")]
    [TestCase("select id from patients where ssn like '9%'", "other(public.patients.ssn)")]
    [TestCase("select id from patients where ssn < '5'", "other(public.patients.ssn)")]
    [TestCase("select id from patients where substr(ssn, 1, 1) = '9'", "other(public.patients.ssn)")]
    [TestCase("select id from patients where ssn = ward", "other(public.patients.ssn public.patients.ward)")]
    [TestCase("select p.id from patients p join generate_series(1, 9) g(n) on p.ssn = g.n::text", "other(public.patients.ssn)")]
    [TestCase("select p.id from patients p join (values ('1'), ('2')) g(n) on p.ssn = g.n", "equality(public.patients.ssn)")]
    [TestCase("select id from patients where ssn = (select nurse from wards limit 1)", "other(public.patients.ssn public.wards.nurse)")]
    [TestCase("select chr(c) from generate_series(48, 57) c join patients p on substr(p.ssn, 1, 1) = chr(c)", "other(public.patients.ssn)")]
    [TestCase("select id from patients order by surname", "ordering(public.patients.surname)")]
    [TestCase("select id, surname from patients order by 2", "ordering(public.patients.surname)")]
    [TestCase("select id, surname as s from patients order by s limit 3", "ordering(public.patients.surname)")]
    [TestCase("select id from patients order by lower(surname)", "other(public.patients.surname)")]
    [TestCase("select id from (select id from patients order by surname limit 1) q", "other(public.patients.surname)")]
    [TestCase("select distinct surname from patients", "grouping(public.patients.surname)")]
    [TestCase("select distinct on (surname) id from patients", "grouping(public.patients.surname)")]
    [TestCase("select surname, count(*) from patients group by surname", "grouping(public.patients.surname)")]
    [TestCase("select substr(ssn, 1, 1), count(*) from patients group by 1", "other(public.patients.ssn)")]
    [TestCase("select substr(ssn, 1, 1) as g, count(*) from patients group by g", "other(public.patients.ssn)")]
    [TestCase("select ward from patients group by ward having max(ssn) > '5'", "other(public.patients.ssn)")]
    [TestCase("select ward from patients group by ward having count(ssn) > 5", "")]
    [TestCase("select 1 from wards limit (select length(ssn) from patients where id = 1)", "other(public.patients.ssn)")]
    [TestCase("select unnest(aliases) from patients", "other(public.patients.aliases)")]
    [TestCase("select 1 from patients p, unnest(p.aliases) a", "other(public.patients.aliases)")]
    [TestCase("select 1 from wards w where exists (select 1 from patients p where p.ward = w.name and p.ssn like '9%')", "other(public.patients.ssn)")]
    [TestCase("update wards set beds = 1 from patients p where p.ward = wards.name and p.ssn like '9%'", "other(public.patients.ssn)")]
    [TestCase("delete from patients where ssn = '1'", "equality(public.patients.ssn)")]
    [TestCase("insert into patients (id, ssn) values (1, '2') on conflict (ssn) do nothing", "equality(public.patients.ssn)")]
    [TestCase("with recursive r(id, s) as (select id, ssn from patients union all select id, s from r) cycle s set seen using path select count(*) from r", "other(public.patients.ssn)")]
    [TestCase("with recursive r(id, s) as (select id, ssn from patients union all select id + 1, s from r where id < 3) cycle id set seen using path select count(*) from r", "")]
    [TestCase("insert into tallies (id, marks[(select length(ssn) from patients where id = 1)]) values (1, 7) returning marks", "other(public.patients.ssn)")]
    [TestCase("merge into tallies t using (select 1 as one) o on t.id = o.one when not matched then insert (id, marks[(select length(ssn) from patients where id = 1)]) values (1, 7)", "other(public.patients.ssn)")]
    [TestCase("update tallies set marks[(select length(ssn) from patients where id = 1)] = 7", "other(public.patients.ssn)")]
    [TestCase("merge into wards w using patients p on w.name = p.ward when matched and p.ssn like '9%' then update set beds = 1", "other(public.patients.ssn)")]
    [TestCase("select label from directory where label = 'x'", "equality(public.patients.surname)")]
    [TestCase("select label from directory where low = 'x'", "other(public.patients.ssn)")]
    [TestCase("explain analyze select 1 from patients where ssn like '912-5%'", "other(public.patients.ssn)")]
    [TestCase("update patients set surname = nullif(surname, 'x')", "other(public.patients.surname)")]
    [TestCase("update patients set surname = $1 where id = 1", "")]
    [TestCase("select id from patients where (ssn in ('1', null)) is null", "other(public.patients.ssn)")]
    [TestCase("select id from patients where (chart -> 'a') is null", "other(public.patients.chart)")]
    [TestCase("select x from (select ssn as x from patients union all select '5') q order by x", "other(public.patients.ssn)")]
    public async Task Rows_are_decided_by(string sql, string conditions)
    {
        var lineage = await AnalyseAsync(sql);

        Assert.That(Conditions(lineage), Is.EqualTo(conditions));
        Assert.That(lineage.IsOpaque, Is.False, string.Join("; ", lineage.Findings));
    }

    [TestCase("insert into patients (id, ssn) values (1, '2')", "equality(public.patients.ssn)")]
    [TestCase("insert into patients (id, ssn) values (1, $1), (2, '2')", "equality(public.patients.ssn)")]
    [TestCase("insert into patients (id, ssn) select $1, $2", "equality(public.patients.ssn)")]
    [TestCase("insert into patients (id, ssn) values (1, null)", "")]
    [TestCase("insert into patients (id, ssn) values (1, default)", "")]
    [TestCase("insert into patients (id) values (1)", "")]
    [TestCase("insert into patients (id, surname, dob) values (1, 'a', '2000-01-01')", "")]
    [TestCase("insert into patients (id, ssn) select n, n::text from generate_series(1, 9) n", "other(public.patients.ssn)")]
    [TestCase("insert into patients (id, ssn) select 1, v from dump", "other(public.patients.ssn)")]
    [TestCase("insert into patients (id, ssn) select id, ssn from archive.inpatients", "equality(public.patients.ssn)")]
    [TestCase("insert into patients (id, ssn) values (1, '2') on conflict do nothing", "equality(public.patients.ssn)")]
    [TestCase("insert into listed values (1, '2')", "equality(public.patients.ssn)")]
    [TestCase("insert into numbered (id) values (1)", "equality(public.numbered.mrn)")]
    [TestCase("copy patients (id, ssn) from stdin", "other(public.patients.ssn)")]
    [TestCase("copy patients (id, surname) from stdin", "")]
    [TestCase("merge into patients p using dump d on false when not matched then insert (id, ssn) values (2, '1')", "equality(public.patients.ssn)")]
    [TestCase("update patients set ssn = $1 where id = 1", "equality(public.patients.ssn)")]
    [TestCase("update patients set ssn = ssn", "")]
    [TestCase("update patients set risk = 1", "")]
    [TestCase("update patients set ssn = (select v from dump)", "other(public.patients.ssn)")]
    [TestCase("insert into badges (id, ssn) values (1, '2')", "equality(public.registry.ssn)")]
    [TestCase("insert into badges (id, ssn) select 1, v from dump", "other(public.dump.v public.registry.ssn)")]
    [TestCase("update badges set ssn = $1", "equality(public.registry.ssn)")]
    [TestCase("update badges set room = 'a'", "equality(public.badges.code)")]
    [TestCase("update badges set n = 1 where id = 1", "other(public.badges.code)")]
    [TestCase("delete from registry", "equality(public.badges.ssn public.registry.ssn)")]
    [TestCase("delete from badges where id = 1", "")]
    [TestCase("insert into guests values (1, 'a')", "other(public.guests.surname)")]
    [TestCase("insert into lowered values (1, 'a')", "other(public.lowered.surname)")]
    [TestCase("insert into badges (id, n, code) select id, 1, code from badges", "other(public.badges.code)")]
    [TestCase("insert into badges (id, n, code) select id + 100, n, code from badges", "")]
    [TestCase("insert into kept (id, surname) values (1, 'a')", "equality(public.kept.surname) nulltest(public.kept.gone)")]
    [TestCase("update kept set gone = null where id = 1", "equality(public.kept.surname) nulltest(public.kept.gone)")]
    [TestCase("insert into stays_2024 values (1, '2024-02-02')", "")]
    public async Task Writes_fail_by(string sql, string conditions) => await Rows_are_decided_by(sql, conditions);

    [TestCase("select count(*) from stays_2024", "other(public.stays_2024.admitted)")]
    [TestCase("select count(*) from stays", "")]
    [TestCase("delete from stays_2024 where id = 1", "other(public.stays_2024.admitted)")]
    [TestCase("update stays_2024 set id = 2", "other(public.stays_2024.admitted)")]
    [TestCase("copy stays_2024 (id) to stdout", "other(public.stays_2024.admitted)")]
    [TestCase("select id from grown_q", "other(public.grown_q.surname)")]
    [TestCase("select id from grown", "")]
    public async Task Rows_are_chosen_by_the_name_of_a_part(string sql, string conditions) => await Rows_are_decided_by(sql, conditions);

    [TestCase("select id from queue where clinic = 1", "ordering(public.queue.ssn)")]
    [TestCase("select id from queue where clinic = 1 order by id", "")]
    [TestCase("select id from queue where clinic = 1 order by clinic", "ordering(public.queue.ssn)")]
    [TestCase("select id from queue order by clinic", "ordering(public.queue.ssn)")]
    [TestCase("select id from queue", "")]
    [TestCase("select clinic from queue", "ordering(public.queue.ssn)")]
    [TestCase("select ssn from queue", "")]
    [TestCase("select id, note from queue where note = 'x'", "")]
    [TestCase("select count(*) from queue where clinic = 1", "")]
    [TestCase("select coalesce(max(id), 0) from queue where clinic = 1", "")]
    [TestCase("select clinic, count(*) from queue group by clinic order by clinic limit 3", "")]
    [TestCase("select distinct clinic from queue where clinic > 1", "")]
    [TestCase("select id from queue where id = 1 and clinic > 0", "")]
    [TestCase("select id from queue where id = $1 and clinic > 0", "")]
    [TestCase("select id from queue where id in (1, 2) and clinic > 0", "ordering(public.queue.ssn)")]
    [TestCase("select id from queue where (id = 1 or true) and clinic > 0", "ordering(public.queue.ssn)")]
    [TestCase("select id from queue where clinic = 1 limit 1", "ordering(public.queue.ssn)")]
    [TestCase("select id from queue where clinic = 1 order by id limit 1", "")]
    [TestCase("select id from (select id from queue where clinic = 1 limit 1) q order by id", "ordering(public.queue.ssn)")]
    [TestCase("select id from (select id from queue where clinic = 1 order by id) q", "")]
    [TestCase("select clinic, n from (select clinic, count(*) as n from queue where clinic > 1 group by clinic) q", "")]
    [TestCase("with q as (select clinic, count(*) as n from queue where clinic > 1 group by clinic) select * from q order by n desc limit 5", "")]
    [TestCase("select count(*) from (select id from queue where clinic = 1 limit 1) q where id = 1", "ordering(public.queue.ssn)")]
    [TestCase("select q.id from queue q join (values (1), (2)) v(id) on v.id = q.id where clinic = 1", "ordering(public.queue.ssn)")]
    [TestCase("select array_agg(id) from queue where clinic = 1", "ordering(public.queue.ssn)")]
    [TestCase("select array_agg(id order by id) from queue where clinic = 1", "")]
    [TestCase("select array_agg(distinct id) from queue where clinic = 1", "")]
    [TestCase("select array(select id from queue where clinic = 1)", "ordering(public.queue.ssn)")]
    [TestCase("select array(select id from queue where clinic = 1 order by id)", "")]
    [TestCase("select id, row_number() over () from queue where clinic = 1 order by id", "ordering(public.queue.ssn)")]
    [TestCase("select id, row_number() over (order by id) from queue where clinic = 1 order by id", "")]
    [TestCase("select id, rank() over (order by clinic) from queue order by id", "")]
    [TestCase("select id, sum(id) over (partition by clinic) from queue order by id", "")]
    [TestCase("select id, sum(id) over (partition by clinic rows unbounded preceding) from queue order by id", "ordering(public.queue.ssn)")]
    [TestCase("select id, sum(id) over (w rows unbounded preceding) from queue window w as (partition by clinic) order by id", "ordering(public.queue.ssn)")]
    [TestCase("select w.name from wards w join queue q on q.clinic = w.floor order by w.name", "ordering(public.queue.ssn)")]
    [TestCase("select w.name, q.id from wards w join queue q on q.clinic = w.floor order by w.name, q.id", "")]
    [TestCase("select b.id from badges b join queue q on q.id = b.n where q.clinic = 1 order by b.id", "")]
    [TestCase("select b.id from badges b left join queue q on q.id = b.n and q.clinic > 1 order by b.id", "")]
    [TestCase("select b.id from queue q left join badges b on q.id = b.n where q.clinic = 1 order by b.id", "ordering(public.queue.ssn)")]
    [TestCase("select b.id from badges b where b.n in (select id from queue where clinic = 1)", "ordering(public.queue.ssn)")]
    [TestCase("select b.id from badges b where b.n in (select id from queue where clinic = 1) order by b.id", "")]
    [TestCase("select b.id from badges b where exists (select from queue q where q.id = b.n and q.clinic = 1) order by b.id", "")]
    [TestCase("select id from queue p where clinic = 1 and (exists (select 1 where p.id = 5) or true)", "ordering(public.queue.ssn)")]
    [TestCase("select q.id from queue q left join wards w on q.id = 5 and w.floor = q.clinic", "ordering(public.queue.ssn)")]
    [TestCase("select a.id from queue a join queue b on a.clinic = b.clinic order by a.id", "ordering(public.queue.ssn)")]
    [TestCase("with q as (select id, clinic from queue where clinic > 0) select a.id from q a join q b on a.clinic = b.clinic order by a.id", "ordering(public.queue.ssn)")]
    [TestCase("delete from queue where clinic = 1 returning id", "ordering(public.queue.ssn)")]
    [TestCase("delete from queue where clinic = 1", "")]
    [TestCase("delete from queue where id = 1 returning clinic", "")]
    [TestCase("with d as (delete from queue where clinic = 1 returning id) select id from d", "ordering(public.queue.ssn)")]
    [TestCase("with d as (delete from queue where clinic = 1 returning id) select id from d order by id", "")]
    [TestCase("update queue set note = 'x' where clinic = 1", "")]
    [TestCase("update queue set note = 'x' where clinic = 1 returning id", "ordering(public.queue.ssn)")]
    [TestCase("insert into tallies (id) select id from queue where clinic = 1", "ordering(public.queue.ssn)")]
    [TestCase("insert into tallies (id) select count(*) from queue where clinic = 1", "")]
    [TestCase("create temp table t as select id from queue where clinic = 1", "ordering(public.queue.ssn)")]
    [TestCase("copy (select id from queue where clinic = 1) to stdout", "ordering(public.queue.ssn)")]
    [TestCase("explain select id from queue where clinic = 1 limit 1", "")]
    [TestCase("select id from queued where clinic = 1", "ordering(public.queue.ssn)")]
    [TestCase("select id from queued where clinic = 1 order by id", "")]
    [TestCase("select clinic from queued", "ordering(public.queue.ssn)")]
    [TestCase("select id from queued", "")]
    [TestCase("select id from queued_sorted where clinic = 1", "")]
    [TestCase("select * from queued_counts", "")]
    [TestCase("select queued_at(1)", "ordering(public.queue.ssn)")]
    [TestCase("select * from queued_at(1)", "ordering(public.queue.ssn)")]
    [TestCase("select id from queue where clinic = 1 union all select 1", "ordering(public.queue.ssn)")]
    [TestCase("select id from queue where clinic = 1 union select 1", "")]
    [TestCase("select label from tags", "ordering(public.tags.ssn)")]
    [TestCase("select id, label from tags", "")]
    [TestCase("select id from tags where ssn is not null", "nulltest(public.tags.ssn) ordering(public.tags.ssn)")]
    [TestCase("select id from tags where ssn is null", "nulltest(public.tags.ssn)")]
    [TestCase("select id from tags where ssn in ('1', '2')", "equality(public.tags.ssn)")]
    [TestCase("select id from held where is_open", "ordering(public.held.ssn)")]
    [TestCase("select id from held where id > 5", "")]
    [TestCase("select id from hashed where ssn is not null", "nulltest(public.hashed.ssn)")]
    [TestCase("select id from parted where clinic = 1", "ordering(public.parted.ssn)")]
    [TestCase("select id from queue_copy where clinic = 1", "ordering(public.queue_copy.ssn)")]
    [TestCase("select id from queue_copy", "")]
    public async Task Rows_come_in_the_order_of_an_index(string sql, string conditions) => await Rows_are_decided_by(sql, conditions);

    [TestCase("alter table patients add unique (mrn)", "equality(public.patients.mrn)")]
    [TestCase("create unique index on patients (mrn, ward)", "equality(public.patients.mrn)")]
    [TestCase("create unique index on patients (lower(mrn))", "other(public.patients.mrn)")]
    [TestCase("create index on patients (lower(mrn))", "")]
    [TestCase("create index on patients ((1 / length(mrn)))", "other(public.patients.mrn)")]
    [TestCase("alter table patients add check (ssn like '9%')", "other(public.patients.ssn)")]
    [TestCase("alter table patients add check (ssn is not null)", "nulltest(public.patients.ssn)")]
    [TestCase("alter table patients add check (risk > 0)", "")]
    [TestCase("alter table patients add column score int check (score > 0)", "")]
    [TestCase("alter table patients add column n int generated always as (1 / length(ssn)) stored", "other(public.patients.ssn)")]
    [TestCase("alter table patients alter ssn type int using ssn::int", "other(public.patients.ssn)")]
    [TestCase("alter table patients alter risk type bigint", "")]
    [TestCase("alter table visits add foreign key (mrn) references numbered (mrn)", "equality(public.numbered.mrn public.visits.mrn)")]
    [TestCase("alter table visits add foreign key (patient) references patients", "")]
    [TestCase("alter table visits add foreign key (note) references registry", "other(older.visits.note public.registry.ssn public.visits.note)")]
    [TestCase("create table leftover_2024 partition of leftover for values from ('2024-01-01') to ('2025-01-01')", "other(public.leftover.admitted)")]
    [TestCase("create table stays_2025 partition of stays for values from ('2025-01-01') to ('2026-01-01')", "")]
    [TestCase("alter table stays validate constraint x", "other(public.stays.admitted public.stays.id)")]
    public async Task Changes_of_definitions_fail_by(string sql, string conditions) => await Rows_are_decided_by(sql, conditions);

    [TestCase("alter table patients add column note text not null default 'x'")]
    [TestCase("alter table patients drop column ssn, alter ward set not null")]
    [TestCase("alter table patients add check (ssn like '9%') not valid")]
    [TestCase("create index on patients (ssn)")]
    public async Task Changes_of_definitions_that_ask_nothing_of_rows_have_no_syntax(string sql) => Assert.That((await Reader.ReadAsync(sql)).Syntax, Is.Null);

    [TestCase("insert into dump values ('a', 'b')", "dump.k:clean dump.v:clean")]
    [TestCase("insert into dump (v) select ssn from patients", "dump.v:copy")]
    [TestCase("update wards set nurse = (select ssn from patients limit 1)", "wards.nurse:copy")]
    [TestCase("update patients set ward = upper(ssn), surname = 'x'", "patients.ward:expression patients.surname:clean")]
    [TestCase("update patients set (ward, risk) = (select surname, 1 from visits limit 1)", "patients.ward:copy patients.risk:clean")]
    [TestCase("insert into patients (id, ward) values (1, 'a') on conflict (id) do update set ward = excluded.ward", "patients.id:clean patients.ward:clean patients.ward:clean")]
    [TestCase("insert into patients (id, ssn) values (1, 'a') on conflict (id) do update set ward = patients.ssn", "patients.id:clean patients.ssn:clean patients.ward:copy")]
    [TestCase("merge into wards w using patients p on w.name = p.ward when not matched then insert (name, floor, beds) values (p.ssn, 1, 1)", "wards.name:copy wards.floor:clean wards.beds:clean")]
    [TestCase("copy wards (name, floor) from stdin", "wards.name:clean wards.floor:clean")]
    public async Task Values_are_stored_in(string sql, string writes)
    {
        var lineage = await AnalyseAsync(sql);

        Assert.That(string.Join(' ', lineage.Writes.Select(static write => $"{write.Relation.Name}.{write.Column?.Name}:{How(write.Value)}")), Is.EqualTo(writes));
        Assert.That(lineage.IsOpaque, Is.False, string.Join("; ", lineage.Findings));
    }

    [TestCase("select j.nurse from (patients p join wards w on w.name = p.ward) as j", "patients.ward wards.name wards.nurse")]
    [TestCase("select x from (wards a join wards b(name, x, y, z) using (name)) as j", "wards.floor wards.name")]
    [TestCase("select j.* from (wards w cross join dump d) as j (a, b)", "dump.k dump.v wards.beds wards.floor wards.name wards.nurse")]
    [TestCase("select * from (dump a join (dump b join dump c on true) as k on true) as j (x)", "dump.k dump.v")]
    [TestCase("select j from (dump a join wards w on w.name = a.k) as j", "dump.k dump.v wards.beds wards.floor wards.name wards.nurse")]
    public async Task Columns_are_read(string sql, string reads) =>
        Assert.That(
            string.Join(' ', (await AnalyseAsync(sql)).Reads.Columns.Select(static column => $"{column.Relation.Name}.{column.Column.Name}").Order(StringComparer.Ordinal)),
            Is.EqualTo(reads));

    [TestCase("select ssn from nowhere")]
    [TestCase("select nothing from patients")]
    [TestCase("select p.nothing from patients p")]
    [TestCase("select q.* from patients p")]
    [TestCase("select opaque(1)")]
    [TestCase("select stored('x')")]
    [TestCase("select lower(opaque(id)) from patients")]
    [TestCase("select query_to_xml('select ssn from patients', true, false, '')")]
    public async Task What_is_not_understood_is_opaque(string sql) => Assert.That((await AnalyseAsync(sql)).IsOpaque, Is.True);

    [TestCase("select id from patients where ssn = $1", "$1 Compared ssn")]
    [TestCase("select id from patients where ssn = $1::text and ward = $2", "$1 Compared ssn")]
    [TestCase("select id from patients where ssn in ($1, '2')", "$1 Compared ssn, literal Compared ssn")]
    [TestCase("select id from patients where ssn = any ($1)", "$1 ComparedEach ssn")]
    [TestCase("insert into patients (id, ssn) values ($1, $2)", "$2 Tried ssn, $2 Inserted ssn")]
    [TestCase("insert into patients (id, ssn) select $1, $2", "$2 Tried ssn, $2 Inserted ssn")]
    [TestCase("update patients set ssn = $1, ward = $2 where mrn = $3", "$1 Replacing ssn, $1 Tried ssn, $3 Compared mrn")]
    [TestCase("insert into patients (id, ssn) values (1, '2') on conflict (id) do update set ssn = $1", "literal Tried ssn, literal Inserted ssn, $1 Replacing ssn, $1 Tried ssn")]
    public async Task The_clients_values_are_used_for(string sql, string uses) =>
        Assert.That(
            string.Join(", ", (await AnalyseAsync(sql)).Uses.Select(static use => $"{(use.Parameter > 0 ? $"${use.Parameter}" : "literal")} {use.Kind} {use.Column.Column.Name}")),
            Is.EqualTo(uses));

    private static async Task<StatementLineage> AnalyseAsync(string sql)
    {
        var reading = await Reader.ReadAsync(sql);
        var snapshot = await LineageCatalogueFixture.SnapshotAsync();
        return LineageAnalyser.Analyse(reading.Syntax!, new LineageCatalogue(snapshot))!;
    }

    internal static string Columns(StatementLineage lineage)
    {
        var columns = lineage.Outputs!.Columns.Select(static column => $"{column.Name}:{How(column.Flow)}");
        if (lineage.Outputs.Rest is { } rest)
            columns = columns.Append($"*:{How(rest)}");
        return string.Join(' ', lineage.Outputs.HasUncertainPlaces ? columns.Append("*") : columns);
    }

    internal static string How(Flow flow) => flow switch
    {
        { Derivation: Derivation.Opaque } => "opaque",
        { IsPhi: false, Counted.IsEmpty: false } => "count",
        { IsPhi: false } => "clean",
        { TellsByNull: true } => "null",
        { Derivation: Derivation.Copy } => "copy",
        _ => "expression",
    };

    internal static string Conditions(StatementLineage lineage) =>
        string.Join(' ', lineage.Conditions
            .Select(static condition => $"{condition.Form.ToString().ToLowerInvariant()}({string.Join(' ', condition.Sources.Columns.Select(static column => column.ToString()).Order(StringComparer.Ordinal))})")
            .Distinct().Order(StringComparer.Ordinal));
}
