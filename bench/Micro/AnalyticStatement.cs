namespace Proxy.Bench.Micro;

/// <summary>A statement as an analyst's tool writes it: CTEs, windows, subqueries, casts; 2 KB.</summary>
internal static class AnalyticStatement
{
    public const string Text = """
        with recent as (
            select e.patient_id, max(e.admitted_at) as last_admit, count(*) as n, sum(e.cost) filter (where e.paid) as paid
            from encounters e join departments d on d.id = e.department_id
            where e.admitted_at > now() - interval '90 days' and d.name in ('ICU', 'ER', 'Cardiology')
            group by e.patient_id having count(*) > 1),
        labs as (
            select l.patient_id, l.test, avg(l.value) as mean, stddev(l.value) as deviation,
                row_number() over (partition by l.patient_id order by avg(l.value) desc) as position
            from lab_results l where l.test like 'HB%' and l.value is not null group by l.patient_id, l.test)
        select p.id, p.region, r.n, r.last_admit, coalesce(l.mean, 0)::numeric(10, 2) as mean,
            case when l.deviation > 2 then 'high' when l.deviation > 1 then 'mid' else 'low' end as band,
            extract(year from age(now(), p.dob)) as years,
            (select count(*) from prescriptions x where x.patient_id = p.id and x.active) as prescriptions,
            sum(r.n) over (partition by p.region order by r.last_admit rows between unbounded preceding and current row) as running,
            lag(r.paid, 1) over (partition by p.region order by r.last_admit) as paid_before
        from patients p
            join recent r on r.patient_id = p.id
            join visits v on v.patient_id = p.id
            left join labs l on l.patient_id = p.id and l.position = 1
            left join lateral (
                select i.payer, i.plan from insurances i where i.patient_id = p.id order by i.valid_from desc limit 1) i on true
        where p.region = any (array['north', 'south'])
            and exists (select 1 from consents c where c.patient_id = p.id and c.granted and c.revoked_at is null)
            and not exists (select 1 from blocks b where b.patient_id = p.id)
            and (p.risk between 3 and 9 or p.flag is true)
            and p.created_at >= date_trunc('month', now()) - interval '1 year'
        """;

    /// <summary>The same in MariaDB's words.</summary>
    public const string MySqlText = """
        with recent as (
            select e.patient_id, max(e.admitted_at) as last_admit, count(*) as n, sum(case when e.paid then e.cost end) as paid
            from encounters e join departments d on d.id = e.department_id
            where e.admitted_at > now() - interval 90 day and d.name in ('ICU', 'ER', 'Cardiology')
            group by e.patient_id having count(*) > 1),
        labs as (
            select l.patient_id, l.test, avg(l.value) as mean, stddev(l.value) as deviation,
                row_number() over (partition by l.patient_id order by avg(l.value) desc) as position
            from lab_results l where l.test like 'HB%' and l.value is not null group by l.patient_id, l.test)
        select p.id, p.region, r.n, r.last_admit, cast(coalesce(l.mean, 0) as decimal(10, 2)) as mean,
            case when l.deviation > 2 then 'high' when l.deviation > 1 then 'mid' else 'low' end as band,
            timestampdiff(year, p.dob, now()) as years,
            (select count(*) from prescriptions x where x.patient_id = p.id and x.active) as prescriptions,
            sum(r.n) over (partition by p.region order by r.last_admit rows between unbounded preceding and current row) as running,
            lag(r.paid, 1) over (partition by p.region order by r.last_admit) as paid_before
        from patients p
            join recent r on r.patient_id = p.id
            join visits v on v.patient_id = p.id
            left join labs l on l.patient_id = p.id and l.position = 1
            left join (
                select i.patient_id, i.payer, group_concat(i.plan order by i.valid_from separator ', ') as plans from insurances i
                group by i.patient_id, i.payer) i on i.patient_id = p.id
        where p.region in ('north', 'south')
            and exists (select 1 from consents c where c.patient_id = p.id and c.granted and c.revoked_at is null)
            and not exists (select 1 from blocks b where b.patient_id = p.id)
            and (p.risk between 3 and 9 or p.flag is true)
            and p.created_at >= date_format(now(), '%Y-%m-01') - interval 1 year
        """;
}
