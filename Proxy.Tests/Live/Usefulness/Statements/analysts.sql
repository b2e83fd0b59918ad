-- What an analyst asks: aggregates, windows, common tables, sets and dates.

== clean: patients in each ward
select ward, count(*) from patients group by ward order by count(*) desc, ward;

== clean: patients in each ward, with the ward's name
select w.name, count(*) as patients, round(avg(p.risk_score), 1) as risk from patients p join wards w on w.code = p.ward group by w.name order by w.name;

== clean: three tables
select d.name, count(*) as encounters, sum(e.cost) as cost from encounters e join departments d on d.id = e.department_id join patients p on p.id = e.patient_id
where p.sex = 'F' group by d.name order by cost desc;

== clean: HAVING
select icd_code, count(*) as n, avg(cost)::numeric(10,2) as mean from encounters group by icd_code having count(*) > 5000 order by icd_code;

== clean: several aggregates
select min(risk_score), max(risk_score), avg(risk_score), stddev(risk_score), sum(risk_score) from patients;

== clean: percentiles
select percentile_cont(array[0.25, 0.5, 0.75]) within group (order by cost) from encounters;

== clean: the most frequent
select mode() within group (order by blood_type) from patients;

== clean: FILTER
select ward, count(*) filter (where risk_score > 80) as high, count(*) filter (where organ_donor) as donors from patients group by ward order by ward;

== clean: CASE
select case when risk_score >= 80 then 'high' when risk_score >= 40 then 'medium' else 'low' end as level, count(*) from patients group by 1 order by 1;

== clean: GROUPING SETS
select sex, blood_type, count(*) from patients group by grouping sets ((sex), (blood_type), ()) order by 1, 2;

== clean: ROLLUP
select payer, status, sum(amount), grouping(status) from claims group by rollup (payer, status) order by 1, 2;

== clean: CUBE
select payer, status, count(*) from claims group by cube (payer, status) order by 1, 2;

== clean: a histogram
select width_bucket(risk_score, 0, 100, 10) as bucket, count(*) from patients group by bucket order by bucket;

== clean: a running total
select id, amount, sum(amount) over (order by id) as total from claims where patient_id < 20 order by id;

== clean: a rank in each group
select ward, id, risk_score, rank() over (partition by ward order by risk_score desc) as place from patients where id < 200 order by ward, place, id;

== clean: the first three of each group
select * from (select payer, id, amount, row_number() over (partition by payer order by amount desc, id) as n from claims) c where n <= 3 order by payer, n;

== clean: the one before
select id, value, lag(value) over (partition by patient_id order by id) as before from lab_results where patient_id < 20 order by id;

== clean: a moving average
select id, avg(amount) over (order by id rows between 3 preceding and current row) from claims where id < 50 order by id;

== clean: a named window
select id, ntile(4) over w, percent_rank() over w from patients where id < 100 window w as (order by risk_score, id) order by id;

== clean: DISTINCT ON
select distinct on (patient_id) patient_id, id, amount from claims where patient_id < 50 order by patient_id, amount desc, id;

== masked last_name: DISTINCT of names
select distinct last_name from patients order by last_name limit 10;

== clean: how many different names
select count(distinct last_name) from patients;

== masked last_name: names and how often they occur
select last_name, count(*) from patients group by last_name order by count(*) desc, last_name limit 10;

== clean: a common table
with high as (select ward, count(*) as n from patients where risk_score > 80 group by ward) select ward, n from high where n > 100 order by ward;

== clean: two common tables
with c as (select patient_id, sum(amount) as claimed from claims group by patient_id), e as (select patient_id, sum(cost) as cost from encounters group by patient_id)
select count(*), round(avg(claimed), 2), round(avg(cost), 2) from c join e using (patient_id);

== clean: a recursive common table
with recursive n(i) as (select 1 union all select i + 1 from n where i < 12) select i from n;

== masked mrn, last_name: a common table of PHI
with ill as (select id, mrn, last_name, ward from patients where risk_score > 98) select i.mrn, i.last_name, w.name from ill i join wards w on w.code = i.ward order by i.id limit 10;

== clean: a common table that writes
with paid as (update claims set status = 'paid' where id between 300 and 320 and status = 'open' returning id, amount) select count(*) >= 0 from paid;

== clean: EXISTS
select count(*) from patients p where exists (select 1 from claims c where c.patient_id = p.id and c.status = 'denied');

== clean: NOT EXISTS
select count(*) from patients p where not exists (select 1 from encounters e where e.patient_id = p.id);

== clean: IN with a query
select count(*) from encounters where patient_id in (select id from patients where ward = '5-east');

== clean: a scalar query
select w.code, (select count(*) from patients p where p.ward = w.code) as patients from wards w order by w.code;

== clean: a correlated comparison
select count(*) from claims c where id < 100 and amount > (select 1.5 * avg(amount) from claims d where d.patient_id = c.patient_id);

== clean: LATERAL
select w.code, t.id, t.risk_score from wards w cross join lateral (select id, risk_score from patients p where p.ward = w.code order by risk_score desc, id limit 2) t order by w.code, t.id;

== clean: a left join that finds what is missing
select w.code from wards w left join patients p on p.ward = w.code where p.id is null order by w.code;

== clean: a full join
select coalesce(w.code, c.ward) as ward, w.beds, c.patients >= 0 from wards w full join ward_census c on c.ward = w.code order by 1;

== clean: a self-join
select count(*) from lab_results a join lab_results b on b.patient_id = a.patient_id and b.test_code = a.test_code and b.id > a.id where a.patient_id < 500;

== clean: UNION ALL
select 'wards' as what, count(*) from wards union all select 'departments', count(*) from departments union all select 'patients', count(*) from patients order by 1;

== clean: INTERSECT
select patient_id from claims where status = 'denied' and patient_id < 100 intersect select patient_id from encounters where icd_code = 'I10' order by 1;

== clean: EXCEPT
select id from patients where id <= 40 except select patient_id from claims order by 1;

== masked last_name: a set operation of PHI
select last_name from patients where id <= 3 union select last_name from patients where id between 4 and 6 order by 1;

== clean: VALUES
select w.code, v.target from wards w join (values ('3-east', 30), ('3-west', 40)) v(code, target) on v.code = w.code order by 1;

== clean: a series
select n, count(p.id) from generate_series(0, 100, 20) n left join patients p on p.risk_score between n and n + 19 group by n order by n;

== clean: strings of clean columns
select upper(code), length(name), left(name, 3), replace(cost_centre, 'CC-', '') from departments order by id;

== clean: strings put together
select string_agg(code, ',' order by code) from wards;

== clean: arrays put together
select department_id, array_agg(code order by code) from wards group by department_id order by 1;

== clean: JSON put together
select json_agg(json_build_object('ward', code, 'beds', beds) order by code) from wards;

== clean: numbers
select id, round(amount), trunc(amount, 1), amount::int, amount * 1.19 from claims where id < 10 order by id;

== clean: dates that are not of a patient
select date_trunc('month', date '2024-03-17'), extract(year from date '2024-03-17'), date '2024-03-17' + interval '1 month', age(date '2024-03-17', date '2020-01-01');

== clean: an average of lab values
select t.name, count(*), round(avg(l.value), 2), min(l.value), max(l.value) from lab_results l join lab_tests t on t.code = l.test_code group by t.name order by t.name;

== clean: values out of their reference
select l.test_code, count(*) filter (where l.value < t.low) as low, count(*) filter (where l.value > t.high) as high from lab_results l join lab_tests t on t.code = l.test_code group by 1 order by 1;

== clean: a correlation
select round(corr(p.risk_score, c.n)::numeric, 6) from patients p join (select patient_id, count(*) as n from claims group by patient_id) c on c.patient_id = p.id;

== clean: a pivot
select ward, sum((blood_type = 'O+')::int) as o, sum((blood_type = 'A+')::int) as a from patients group by ward order by ward;

== clean: shares
select payer, round(100.0 * count(*) / sum(count(*)) over (), 2) as share from claims group by payer order by payer;

== clean: readmissions
select count(*) from (select patient_id, count(*) from encounters group by patient_id having count(*) > 3) r;

== clean: NULLs
select count(*) filter (where discharged_on is null) as open, count(discharged_on) as closed from encounters;

== clean: a comparison with COALESCE
select count(*) from patients where coalesce(cardinality(allergies), 0) = 0;

== masked admitted_on: dates of encounters
select id, admitted_on, icd_code from encounters where patient_id = 77 order by id;

== masked stay: how long a stay was
select id, discharged_on - admitted_on as stay from encounters where patient_id = 77 order by id;

== masked year: the year of a date
select id, extract(year from admitted_on) as year from encounters where patient_id = 77 order by id;

== masked admitted_on: grouped by a date
select admitted_on, count(*) from encounters group by admitted_on order by admitted_on limit 10;

== masked first, last: the first and the last day
select min(admitted_on) as first, max(admitted_on) as last from encounters;

== masked admitted_on: one day, whole
select id, admitted_on, cost from encounters where admitted_on = date '2024-03-17' order by id;

== clean: claims of people with the same last name, by equality
select count(*) from patients a join patients b on b.last_name = a.last_name and b.id <> a.id where a.id < 100;

== masked mrn: joined by MRN, whole
select s.mrn, s.claims, p.ward from patient_summary s join patients p on p.mrn = s.mrn where p.id < 10 order by p.id;

== refused inference-refused: the costliest departments in a partition by date
select department_id, sum(cost) from encounters_2024 group by department_id order by 2 desc limit 3;

== clean: TABLESAMPLE
select count(*) >= 0 from claims tablesample system (10) repeatable (7);

== clean: the answer in the order of what is not shown
select id, ward from patients where ward = '6-east' order by risk_score desc, id limit 10;
