-- One statement per line, for the twins' schema. What strict refuses is refused for both and tells nothing; the rest is answered by both alike.
select * from patients order by id limit 5
select * from encounters order by id limit 5
select * from lab_results order by id limit 5
select * from claims order by id limit 5
select * from patient_directory order by id limit 5
select * from patient_summary order by id limit 5
select * from admissions order by id limit 5
select * from ward_risk order by ward
select * from ward_census order by ward
select * from departments order by id
table patients order by id
table claims order by id
select p.* from patients p where p.id = 7
select id, mrn, ssn, birth_date from patients where id between 10 and 20 order by id
select last_name || ', ' || first_name as name, ward from patients order by id limit 10
select lower(last_name), upper(email), length(ssn), md5(mrn) from patients order by id limit 10
select substr(ssn, 1, 3), left(zip, 3), right(phone, 4) from patients order by id limit 10
select extract(year from birth_date), date_part('month', birth_date), to_char(birth_date, 'YYYY-MM') from patients order by id limit 10
select age(birth_date), current_date - birth_date > 0, (current_date - birth_date) / 365 from patients order by id limit 10
select date_trunc('month', admitted_on) from encounters order by id limit 10
select discharged_on - admitted_on as stay from encounters order by id limit 10
select discharged_on is null as open, count(*) from encounters group by 1 order by 1
select discharged_on is null as open, department_id, count(*) from encounters group by 1, 2 order by 1, 2
select id from encounters where discharged_on is null order by id
select id from encounters where discharged_on is not null order by id limit 30
select count(*) from patients where note is null
select count(*), count(note), count(distinct last_name), count(distinct ssn) from patients
select ward, count(*), count(note), count(distinct city) from patients group by ward order by ward
select ward, count(distinct (first_name, last_name)) from patients group by ward order by ward
select ward, min(birth_date), max(birth_date) from patients group by ward order by ward
select ward, array_agg(last_name order by id) from patients group by ward order by ward
select ward, string_agg(last_name, ', ' order by id) from patients group by ward order by ward
select ward, json_agg(last_name order by id) from patients group by ward order by ward
select ward, jsonb_object_agg(id, ssn) from patients group by ward order by ward
select ward, string_agg(blood_type, ',' order by last_name) from patients group by ward order by ward
select ward, array_agg(id order by birth_date) from patients group by ward order by ward
select ward, count(*) filter (where last_name > 'M') from patients group by ward order by ward
select ward, count(*) filter (where note is null) from patients group by ward order by ward
select ward, avg(risk_score), stddev(risk_score), sum(risk_score) from patients group by ward order by ward
select ward, bool_and(organ_donor), bool_or(note is null), every(email is not null) from patients group by ward order by ward
select mode() within group (order by last_name) from patients
select mode() within group (order by blood_type) from patients
select percentile_cont(0.5) within group (order by risk_score) from patients
select percentile_disc(0.5) within group (order by birth_date) from patients
select ward, sex, count(*) from patients group by rollup (ward, sex) order by 1, 2
select ward, sex, grouping(ward, sex), count(*) from patients group by cube (ward, sex) order by 1, 2, 3
select ward, blood_type, count(*) from patients group by grouping sets ((ward), (blood_type), ()) order by 1, 2
select ward, last_name, count(*) from patients group by grouping sets ((ward), (last_name)) order by 1
select last_name, count(*) from patients group by last_name
select left(last_name, 1), count(*) from patients group by 1
select distinct last_name from patients
select distinct ward from patients order by ward
select distinct on (ward) ward, id from patients order by ward, id
select distinct on (ward) ward, last_name from patients order by ward, id
select distinct on (ward) ward, id from patients order by ward, birth_date
select distinct ward, note is null from patients order by 1, 2
select id, row_number() over (order by id) from patients order by id limit 10
select id, row_number() over (order by last_name, id) from patients order by id limit 10
select id, rank() over (partition by ward order by risk_score, id) from patients order by id limit 10
select id, rank() over (partition by last_name order by id) from patients order by id limit 10
select id, lag(last_name) over (order by id), lead(id) over (order by id) from patients order by id limit 10
select id, lag(id) over (order by birth_date) from patients order by id limit 10
select id, first_value(id) over (partition by ward order by id) from patients order by id limit 10
select id, first_value(ssn) over (partition by ward order by id) from patients order by id limit 10
select id, sum(risk_score) over (order by id rows between 2 preceding and current row) from patients order by id limit 10
select id, count(note) over (order by id rows between 2 preceding and current row) from patients order by id limit 10
select id, ntile(4) over (order by risk_score, id), percent_rank() over (order by risk_score) from patients order by id limit 10
select id, nth_value(mrn, 2) over (partition by ward order by id) from patients order by id limit 10
select id, count(*) over w, max(ssn) over w from patients window w as (partition by ward order by id) order by id limit 10
select id, count(*) over w from patients window w as (order by zip) order by id limit 10
select p.id, e.id, e.note from patients p join encounters e on e.patient_id = p.id order by 1, 2 limit 20
select p.last_name, d.name from patients p join wards w on w.code = p.ward join departments d on d.id = w.department_id order by p.id limit 20
select d.name, count(*) from departments d join encounters e on e.department_id = d.id group by d.name order by d.name
select d.name, count(distinct p.ssn) from departments d join encounters e on e.department_id = d.id join patients p on p.id = e.patient_id group by d.name order by d.name
select d.name, sum(e.cost), max(e.note) from departments d left join encounters e on e.department_id = d.id group by d.name order by d.name
select w.name, p.last_name from wards w left join patients p on p.ward = w.code and p.risk_score > 95 order by w.code, p.id
select w.name, p.id from wards w left join patients p on p.ward = w.code and p.last_name > 'M' order by w.code, p.id
select w.name, p.id from wards w full join patients p on p.ward = w.code order by w.code, p.id limit 20
select a.id, b.id from patients a join patients b on a.ward = b.ward and a.id < b.id and a.risk_score = b.risk_score order by 1, 2 limit 20
select a.id, b.id from patients a join patients b on a.last_name = b.last_name and a.id < b.id order by 1, 2 limit 20
select a.id, b.id from encounters a join claims b on a.admitted_on = b.submitted_on order by 1, 2 limit 20
select * from patients natural join wards order by id
select p.id, e.id from patients p join encounters e using (id) order by 1 limit 10
select id, e.note, p.note from patients p join encounters e using (id) order by 1 limit 10
select note, count(*) from patients p join encounters e using (note) group by note
select p.id, x.* from patients p cross join lateral (select count(*) as n, max(c.amount) as top, max(c.member_id) as member from claims c where c.patient_id = p.id) x order by p.id limit 10
select p.id, x.id from patients p, lateral (select e.id from encounters e where e.patient_id = p.id order by e.id limit 1) x order by 1 limit 10
select p.id, x.id from patients p, lateral (select e.id from encounters e where e.patient_id = p.id order by e.admitted_on limit 1) x order by 1 limit 10
select p.id, a from patients p, unnest(p.aliases) a order by p.id limit 10
select p.id, a from patients p, unnest(p.allergies) a order by p.id, a limit 10
select id, cardinality(aliases), aliases[1], array_length(aliases, 1) from patients order by id limit 10
select id, cardinality(allergies), allergies[1], array_to_string(allergies, '/') from patients order by id limit 10
select id, 'nuts' = any (allergies) from patients order by id limit 10
select id, 'Ace' = any (aliases) from patients order by id limit 10
select id from patients where 'nuts' = any (allergies) order by id
select id from patients where 'Ace' = any (aliases) order by id
select id from patients where allergies && array['latex', 'iodine'] order by id limit 20
select unnest(array[last_name, first_name]) from patients where id = 1
select array[id, risk_score], array[last_name, ward] from patients order by id limit 5
select array(select id from patients where ward = '3-east' order by id)
select array(select last_name from patients where ward = '3-east' order by id)
select contacts->>'guardian', contacts->'phones'->0->>'number', contacts ? 'guardian' from patients order by id limit 5
select contacts->>'language', count(*) from patients group by 1
select jsonb_typeof(contacts), jsonb_pretty(contacts) from patients order by id limit 5
select document->>'payer', document->'lines' from claims order by id limit 5
select key from claims, jsonb_each(document) where id = 1
select key, value from patients, jsonb_each_text(contacts) where id = 1
select jsonb_object_keys(contacts) from patients where id = 1
select row_to_json(p) from patients p where id = 1
select to_jsonb(w) from wards w order by code
select to_jsonb(p) - 'ssn' from patients p where id = 1
select json_build_object('id', id, 'name', last_name) from patients order by id limit 5
select json_build_object('id', id, 'ward', ward) from patients order by id limit 5
select json_agg(json_build_object('id', id, 'ward', ward) order by id) from patients where ward = '3-east'
select json_build_array(id, ward, risk_score), to_json(allergies) from patients order by id limit 5
select jsonb_set(jsonb_build_object('a', id), '{b}', to_jsonb(ward)) from patients order by id limit 5
select p from patients p where id = 1
select (p).ward, (p).last_name from patients p where id = 1
select (p).* from patients p where id = 1
select row(id, ward), row(id, ssn) from patients order by id limit 3
select p is null, p is not null from patients p where id = 1
select p::text from patients p where id = 1
select w::text from wards w order by code
select case when risk_score > 50 then 'high' else 'low' end, count(*) from patients group by 1 order by 1
select id, case when risk_score > 50 then last_name else ward end from patients order by id limit 10
select id, case when last_name > 'M' then 'late' else 'early' end from patients order by id limit 10
select id, case last_name when 'Okonkwo' then 1 else 0 end from patients order by id limit 10
select id, case when note is null then 'none' else 'some' end from patients order by id limit 10
select id, case when note is null then ward else note end from patients order by id limit 10
select sum(case when note is null then 1 else 0 end) from patients
select sum(case when last_name like 'A%' then 1 else 0 end) from patients
select id, coalesce(note, 'none'), coalesce(ward, last_name) from patients order by id limit 10
select id, coalesce(note, ward) from patients order by id limit 10
select id, nullif(ward, '3-east'), nullif(last_name, 'Okonkwo') from patients order by id limit 10
select id, nullif(last_name, 'Okonkwo') is null from patients order by id limit 10
select id, greatest(last_name, ward), least(risk_score, 50) from patients order by id limit 10
select id, last_name = 'Okonkwo', last_name is distinct from 'Okonkwo', last_name like 'O%' from patients order by id limit 10
select id, birth_date < '1970-01-01', birth_date between '1950-01-01' and '1960-01-01' from patients order by id limit 10
select id, organ_donor and last_name > 'M' from patients order by id limit 10
select id, not organ_donor, organ_donor is true, (last_name > 'M') is true from patients order by id limit 10
select id, ssn::text, mrn::varchar(3), risk_score::text, birth_date::timestamp from patients order by id limit 5
select id, replace(zip, '0', '')::bigint from patients order by id limit 5
select id, ssn::int from patients order by id limit 5
select id, 1 / (risk_score - risk_score + 1), 100 / nullif(risk_score, 0) from patients order by id limit 10
select id, 100 / risk_score from patients order by id
select id, 1 / (length(last_name) - 7) from patients order by id
select id, 1 / (case when last_name > 'M' then 0 else 1 end) from patients order by id
select id, 1 / (case when note is null then 0 else 1 end) from patients order by id
select (select last_name from patients where id = 1), (select ward from patients where id = 1)
select (select last_name from patients where ward = '3-east')
select (select max(last_name) from patients), (select count(*) from patients where note is null)
select id, (select count(*) from encounters e where e.patient_id = p.id) from patients p order by id limit 10
select id, (select max(note) from encounters e where e.patient_id = p.id) from patients p order by id limit 10
select id, (select count(*) from encounters e where e.patient_id = p.id and e.admitted_on > '2024-06-01') from patients p order by id limit 10
select id, exists (select 1 from claims c where c.patient_id = p.id and c.status = 'denied') from patients p order by id limit 10
select id, exists (select 1 from claims c where c.patient_id = p.id and c.member_id like 'HP1%') from patients p order by id limit 10
select id from patients p where exists (select 1 from claims c where c.patient_id = p.id and c.status = 'denied') order by id limit 10
select id from patients where id in (select patient_id from claims where amount > 5000) order by id limit 20
select id from patients where last_name in (select last_name from patients where id < 5) order by id
select id from patients where id not in (select patient_id from encounters) order by id
select id from patients where (ward, risk_score) in (select ward, max(risk_score) from patients group by ward) order by id
select id from patients where risk_score > all (select beds from wards) order by id limit 20
select id from patients where birth_date = (select min(birth_date) from patients)
select id from patients where last_name = 'Okonkwo' order by id
select id from patients where ssn = '900-01-0001'
select id from patients where ssn like '9%'
select id from patients where length(note) > 20 order by id
select id from patients where to_tsvector('english', note) @@ to_tsquery('migraine')
select id from patients where birth_date > '1970-01-01' order by id
select id from patients where contacts @> '{"language": "en"}' order by id
select id from patients where contacts->>'language' = 'en' order by id
select id from patients order by last_name, id limit 10
select id from patients order by birth_date limit 10
select id, last_name from patients order by 2, 1 limit 10
select id from patients order by case when last_name > 'M' then 0 else 1 end, id limit 10
select id from patients order by note is null, id limit 10
select id from patients order by id offset 5 limit 5
select id from patients order by id limit (select length(last_name) from patients where id = 1)
select id from patients order by id limit (select count(*) from wards)
select id from patients order by risk_score desc, id fetch first 5 rows with ties
select id from patients tablesample system (100) order by id limit 3
with q as (select id, last_name from patients) select id from q order by id limit 5
with q as (select id, last_name as ward from patients) select ward from q order by id limit 5
with q as (select id, length(last_name) as n from patients) select id from q where n > 7 order by id limit 5
with q as (select ward, count(*) as n from patients group by ward) select * from q where n > 10 order by ward
with q as materialized (select * from patients where note is null) select count(*) from q
with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select n, (select last_name from patients where id = n) from r
with recursive r(n, s) as (select 1, ''::text union all select n + 1, s || (select left(last_name, 1) from patients where id = n) from r where n < 5) select n, s from r
with recursive r(id, ward) as (select id, ward from patients where id = 1 union select p.id, p.ward from patients p join r on p.ward = r.ward and p.id = r.id + 1) select * from r
with recursive r(n) as (select 1 union all select n + 1 from r where n < (select length(last_name) from patients where id = 1)) select count(*) from r
with d as (delete from claims where status = 'open' returning id, member_id) select count(*), count(member_id) from d
with d as (delete from claims where status = 'open' returning id, member_id) select * from d order by id limit 3
with u as (update patients set risk_score = 1 where ward = '3-east' returning id, ssn) select * from u order by id limit 3
with i as (insert into ward_census values ('7-main', 1, 1) on conflict (ward) do update set patients = 0 returning *) select * from i
select ward from patients union select code from wards order by 1
select last_name from patients union select first_name from patients
select last_name from patients union all select ward from patients order by 1 limit 5
select ward from patients union all select last_name from patients
select id, ward from patients where id < 5 union all select id, last_name from patients where id < 5 order by 1
select ward from patients intersect select code from wards order by 1
select last_name from patients intersect select 'Okonkwo'
select 'Okonkwo' except select last_name from patients
select code from wards except select ward from patients order by 1
select id from patients except select patient_id from encounters order by 1
select count(*) from (select last_name from patients union select first_name from patients) q
select count(*) from (select distinct last_name from patients) q
select count(*) from (select distinct ward from patients) q
select count(*) from (select last_name from patients group by last_name having count(*) > 3) q
select ward from patients group by ward having count(*) > 20 order by ward
select ward from patients group by ward having count(note) > 20 order by ward
select ward from patients group by ward having max(last_name) > 'Z' order by ward
select ward from patients group by ward having count(distinct last_name) > 10 order by ward
select x from (values (1, 'a'), (2, 'b')) v(x, y) order by 1
select x, (select last_name from patients where id = x) from (values (1), (2)) v(x) order by 1
select g, count(p.id) from generate_series(1, 5) g left join patients p on p.id = g group by g order by g
select g from generate_series(1, 9) g join patients p on p.id = 1 and substr(p.ssn, 1, 1) = g::text
select g from generate_series(1, (select length(last_name) from patients where id = 1)) g
select generate_series(1, length(last_name)) from patients where id = 1
select id, generate_series(1, 2) from patients where id < 3 order by 1, 2
select regexp_split_to_table(care_plan, ' ') from patients where id = 1
select regexp_split_to_table(note, ' ') from patients where id = 1
select regexp_matches(care_plan, '[a-z]+', 'g') from patients where id = 1
select string_to_table(last_name, 'a') from patients where id = 1
select beds_of('3-east'), beds_of(ward) from patients order by id limit 3
select beds_of(last_name) from patients order by id limit 3
select name_of(1), ward_of(1)
select id, name_of(id), ward_of(id) from patients order by id limit 3
select id from patients where name_of(id) = 'Okonkwo'
select id from patients where ward_of(id) = '3-east' order by id limit 5
select * from ward_list()
select l.code, l.patients, w.name from ward_list() l join wards w on w.code = l.code order by 1
select display_name from patient_directory where id = 3
select ward_name, department, count(*), count(display_name) from patient_directory group by 1, 2 order by 1, 2
select id from patient_directory where display_name like 'A%'
select claims, claimed, last_name from patient_summary order by id limit 5
select sum(claims), max(claimed), count(distinct last_name) from patient_summary
select ward, patients, risk, last from ward_risk where patients > 10 order by ward
select icd_code, count(*), count(last_name) from admissions group by icd_code order by 1
select to_char(admitted_on, 'YYYY'), count(*) from admissions group by 1
select tableoid::regclass, count(*) from encounters group by 1 order by 1
select tableoid::regclass, ctid from encounters order by id limit 3
select test_code, avg(value), count(comment), count(specimen) from lab_results group by 1 order by 1
select flag, count(*) from lab_results where collected_at is not null group by 1 order by 1
select date_trunc('year', collected_at), count(*) from lab_results group by 1
select specimen, collected_at at time zone 'UTC', comment from lab_results order by id limit 3
select collected_at - lag(collected_at) over (order by id) from lab_results order by id limit 3
select corr(value, length(comment)) from lab_results
select t.name, avg(l.value), count(*) filter (where l.value > t.high) from lab_tests t join lab_results l on l.test_code = t.code group by t.name order by t.name
select width_bucket(risk_score, 0, 100, 5), count(*) from patients group by 1 order by 1
select width_bucket(extract(year from birth_date), 1930, 2025, 5), count(*) from patients group by 1
select to_char(amount, '999,999.99'), round(amount), ceil(amount) from claims order by id limit 5
select payer, status, count(*), sum(amount) from claims group by 1, 2 order by 1, 2
select format('%s in %s', last_name, ward), format('%s', ward) from patients order by id limit 3
select concat(ward, ':', blood_type), concat_ws('-', ward, last_name), concat(note) from patients order by id limit 3
select quote_literal(last_name), quote_nullable(note), encode(last_name::bytea, 'hex') from patients order by id limit 3
select overlay(last_name placing 'x' from 1), trim(both 'A' from last_name), position('a' in last_name) from patients order by id limit 3
select last_name ~ 'a', last_name similar to 'A%', regexp_replace(last_name, 'a', 'b') from patients order by id limit 3
select starts_with(ward, '3'), starts_with(last_name, 'A'), ascii(last_name), chr(ascii(ward)) from patients order by id limit 3
select hashtext(last_name), pg_column_size(last_name), octet_length(note), bit_length(zip) from patients order by id limit 3
select sum(pg_column_size(p)) from patients p
select xmlelement(name a, last_name), xmlforest(ward, blood_type) from patients order by id limit 3
select xmlagg(xmlelement(name a, last_name)) from patients where id < 3
select (birth_date, birth_date + 1) overlaps (date '1970-01-01', date '1980-01-01') from patients order by id limit 3
select daterange(admitted_on, discharged_on) from encounters where discharged_on > admitted_on order by id limit 3
select range_agg(daterange(admitted_on, admitted_on + 1)) from encounters where id < 4
select make_date(extract(year from birth_date)::int, 1, 1) from patients order by id limit 3
select count(*) from patients, encounters where encounters.patient_id = patients.id
select current_date is not null, 1 + 1, 'text', null
select version() is not null, current_database() is not null
explain (costs off) select * from patients where note is null
explain (costs off) select ward, count(*) from patients group by ward
explain (costs off) select id from patients where last_name > 'M'
explain (analyze, timing off, summary off, costs off) select id from patients where id < 10
explain (analyze, timing off, summary off, costs off) select last_name from patients group by last_name
select relname, relkind from pg_class where relname in ('patients', 'claims') order by 1
select reltuples from pg_class where relname = 'patients'
select attname, attnum from pg_attribute where attrelid = 'patients'::regclass and attnum > 0 order by attnum
select attname, most_common_vals, histogram_bounds from pg_stats where tablename = 'patients' order by 1
select table_name, column_name, data_type from information_schema.columns where table_schema = 'public' order by 1, ordinal_position
explain (costs off, format json) select p.id, e.note from patients p join encounters e on e.patient_id = p.id
select attname, null_frac from pg_stats where tablename = 'patients' order by 1
select id, xmin is null from patients order by id limit 3
select id, last_name > 'M' or null, last_name > 'M' and null, not (last_name > 'M') from patients order by id
select id, last_name > 'M' or note is null from patients order by id
select id, last_name in ('Okonkwo', null), last_name in ('Okonkwo', 'Ekholm'), last_name not in ('Okonkwo', null) from patients order by id
select id, birth_date between '1970-01-01' and null, birth_date between '1970-01-01' and '1980-01-01' from patients order by id
select id, last_name = any (array['Okonkwo', null]), last_name <> all (array['Okonkwo', null]) from patients order by id
select id, (last_name, null::text) = ('Okonkwo', 'x'), (last_name, 1) = ('Okonkwo', null) from patients order by id
select id, row(last_name, null) is distinct from row('Okonkwo', null) from patients order by id
select id, contacts->'guardian' is null, contacts#>>'{phones,0,kind}', contacts['language'] from patients order by id
select id, count(contacts->>'guardian') over (partition by ward order by id) from patients order by id
select count(contacts->>'guardian'), count(nullif(last_name, 'Okonkwo')), count(note) from patients
select ward, count(last_name > 'M' or null) from patients group by ward order by ward
select id, coalesce(last_name > 'M' or null, false), (last_name > 'M' or null) is null from patients order by id
select id, jsonb_path_query_first(contacts, '$.guardian'), jsonb_extract_path_text(contacts, 'guardian') from patients order by id
select id, array_position(aliases, 'Ace'), array_length(aliases, 2), aliases[7] from patients order by id
select id, substring(last_name from 'O.*'), regexp_match(last_name, 'O'), split_part(last_name, 'a', 2) from patients order by id
select tableoid, id from encounters order by id limit 20
select e.tableoid::regclass::text, count(*) from encounters e group by 1 order by 1
select lower(daterange(admitted_on, null)), isempty(daterange(admitted_on, admitted_on)), upper_inf(daterange(admitted_on, discharged_on)) from encounters order by id limit 20
select id, greatest(note, null), least(last_name, null), greatest(last_name, 'Okonkwo') from patients order by id
select sum(risk_score) filter (where last_name > 'M') from patients
select max(risk_score) filter (where note is null) from patients
select id, lag(id) over (partition by last_name > 'M' order by id) from patients order by id
select id, lead(risk_score) over (order by id rows between unbounded preceding and current row) from patients order by id
select id, nullif(ward, last_name), nullif(risk_score, length(last_name)) from patients order by id
insert into departments values (9, 'NEW', 'New', 9, 'CC-9')
insert into departments values (1, 'NEW', 'New', 9, 'CC-9')
insert into departments values (9, 'CAR', 'New', 9, 'CC-9') on conflict do nothing
insert into departments values (9, 'CAR', 'New', 9, 'CC-9') on conflict (code) do update set floor = 0 returning *
insert into claims values (9999, 1, 'HP1', '2024-01-01', 'Sample Health', '1', 1, 'open', '{}') returning id, member_id
insert into claims values (1, 1, 'HP1', '2024-01-01', 'Sample Health', '1', 1, 'open', '{}')
insert into claims values (9999, 99999, 'HP1', '2024-01-01', 'Sample Health', '1', 1, 'open', '{}')
insert into claims values (9999, 1, 'HP1', '2024-01-01', 'Sample Health', '1', 1, 'unknown', '{}')
insert into patients (id) values (9999)
insert into patients (id, mrn) values (9999, 'MRN-007919')
insert into wards (code, name, department_id, beds) select last_name, 'x', 1, 1 from patients where id = 1
insert into wards (code, name, department_id, beds) select 'new', ward, 1, 1 from patients where id = 1 returning *
update patients set risk_score = risk_score + 1 where id = 1 returning id, risk_score, last_name
update patients set risk_score = 1000 where id = 1
update patients set risk_score = length(last_name) where id = 1
update patients set risk_score = 1 where last_name = 'Okonkwo'
update patients set risk_score = 1 where note is null
update patients set risk_score = 1 where ward = '3-east'
update patients set ward = 'nowhere' where id = 1
update patients set ssn = 'x' where id = 1
update patients set ssn = ssn where id = 1
update patients set last_name = 'New' where id = 1 returning last_name, id
update patients set last_name = first_name, ward = '3-west' where id = 1
update patients p set risk_score = 0 from wards w where w.code = p.ward and w.beds > 40
update patients p set risk_score = 0 from encounters e where e.patient_id = p.id and e.admitted_on > '2025-06-01'
update wards set beds = beds + 1 where code = '3-east' returning *
update wards set beds = -1 where code = '3-east'
update claims set amount = amount * 2 where status = 'open'
update claims set status = 'paid' where document->>'payer' = 'Sample Health'
delete from claims where id < 10
delete from claims where id < 10 returning *
delete from claims where member_id like 'HP1%'
delete from patients where id = 1
delete from wards where code = '3-east'
delete from ward_census where ward = '3-east' returning patients
delete from encounters e using patients p where p.id = e.patient_id and p.ward = '3-east'
delete from encounters e using patients p where p.id = e.patient_id and p.last_name > 'M'
merge into ward_census c using (select ward, count(*)::int as n from patients group by ward) p on p.ward = c.ward when matched then update set patients = p.n
merge into ward_census c using patients p on p.ward = c.ward and p.id < 3 when matched and p.last_name > 'M' then update set patients = 0
copy patients to stdout
copy (select id, ward from patients order by id limit 5) to stdout
copy (select id, last_name from patients order by id limit 5) to stdout with (format csv, header)
copy (select id from patients order by last_name) to stdout
copy wards to stdout with (format csv)
copy ward_census (ward, beds) to stdout
create temp table mine as select id, ward from patients
create temp table mine as select id, last_name from patients
declare c cursor for select id, last_name from patients order by id
declare c cursor for select id from patients order by last_name
select nothing from patients
select last_nam from patients
select nowhere.id from patients
select * from nowhere
select id from patients where risk_score = 'x'
select id from patients where birth_date = 'x'
select count(*) from patients group by
select sum(last_name) from patients
select last_name + 1 from patients
select max(ward, ward) from patients
