-- What an agent does to find its way and to answer questions about rows.

== clean: who and where am I
select current_user, current_database(), version();

== clean: the tables there are
select table_schema, table_name, table_type from information_schema.tables where table_schema = 'public' order by table_name;

== clean: the columns of a table
select column_name, data_type, is_nullable, column_default from information_schema.columns where table_name = 'patients' order by ordinal_position;

== clean: the constraints of a table
select conname, contype, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'public.patients'::regclass order by conname;

== clean: the foreign keys between tables
select tc.table_name, kcu.column_name, ccu.table_name as refers_to, ccu.column_name as refers_to_column
from information_schema.table_constraints tc
join information_schema.key_column_usage kcu on kcu.constraint_name = tc.constraint_name and kcu.table_schema = tc.table_schema
join information_schema.constraint_column_usage ccu on ccu.constraint_name = tc.constraint_name
where tc.constraint_type = 'FOREIGN KEY' order by 1, 2;

== clean: the indexes of a table
select indexname, indexdef from pg_indexes where tablename = 'patients' order by indexname;

== clean: how many rows tables have, roughly
select relname, reltuples::bigint from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname;

== clean: a view's definition
select pg_get_viewdef('patient_directory'::regclass, true);

== masked mrn, ssn, first_name, last_name, birth_date, street, city, zip, phone, email, aliases, contacts, note: the first rows of a table
select * from patients order by id limit 5;

== masked mrn, last_name, first_name, birth_date: find by MRN, literal
select id, mrn, last_name, first_name, birth_date, ward from patients where mrn = 'MRN-007919';

== masked mrn, last_name: find by MRN, parameter
select id, mrn, last_name, ward, risk_score from patients where mrn = $1;
\bind 'MRN-007919'

== masked mrn: find by several MRNs, literals
select id, mrn, ward from patients where mrn in ('MRN-007919', 'MRN-015838', 'MRN-023757') order by id;

== masked mrn: find by several MRNs, an array
select id, mrn, ward from patients where mrn = any($1::text[]) order by id;
\bind '{MRN-007919,MRN-015838}'

== clean: is there such an MRN
select exists (select 1 from patients where mrn = 'MRN-007919');

== masked last_name: find by last name
select id, last_name, ward from patients where last_name = 'Fairweather' order by id limit 10;

== masked ssn: find by social security number
select id, ssn from patients where ssn = $1;
\bind '900-99-2451'

== masked email: find by e-mail
select id, email from patients where email = 'kalani.1@example.net';

== masked birth_date: find by date of birth
select id, birth_date, sex from patients where birth_date = date '1944-11-25' order by id;

== masked display_name, phone: the directory, a view
select * from patient_directory where ward_name = 'Stroke unit' order by id limit 10;

== masked mrn, last_name: the summary, a materialised view
select * from patient_summary where claims > 5 order by id limit 10;

== masked admitted_on: encounters of one patient
select e.id, e.department_id, e.admitted_on, e.icd_code, e.cost from encounters e where e.patient_id = 42 order by e.id;

== masked member_id, submitted_on: claims of one patient, found by MRN
select c.id, c.member_id, c.submitted_on, c.payer, c.amount, c.status
from claims c join patients p on p.id = c.patient_id where p.mrn = 'MRN-007919' order by c.id;

== clean: lab values of one patient, found by MRN
select l.id, l.test_code, l.value, l.flag from lab_results l join patients p on p.id = l.patient_id where p.mrn = 'MRN-007919' order by l.id;

== masked collected_at: lab values with their references
select l.id, t.name, l.value, t.unit, t.low, t.high, l.flag, l.collected_at
from lab_results l join lab_tests t on t.code = l.test_code where l.patient_id = 7 and l.flag <> 'N' order by l.id;

== masked last_name: high-risk patients in a ward
select p.id, p.last_name, p.risk_score, w.name from patients p join wards w on w.code = p.ward where p.risk_score >= 95 and w.code = '3-east' order by p.risk_score desc, p.id limit 20;

== clean: patients with an allergy
select id, allergies from patients where 'penicillin' = any(allergies) order by id limit 10;

== clean: allergies, by containment
select count(*) from patients where allergies @> array['latex'];

== clean: allergies, unnested
select a, count(*) from patients, unnest(allergies) a group by a order by 2 desc, 1;

== masked note: patients without or with a note
select id, note from patients where note is null or id < 5 order by id limit 10;

== clean: how many have a note
select count(*) filter (where note is not null) as with_note, count(*) as all_of_them from patients;

== clean: paging with LIMIT and OFFSET
select id, ward, risk_score from patients order by id limit 20 offset 200;

== masked last_name: paging by key
select id, last_name, risk_score from patients where id > 2000 order by id limit 20;

== masked last_name: paging with FETCH FIRST
select id, last_name from patients order by id offset 40 rows fetch first 10 rows only;

== masked last_name, first_name: in the order of names
select last_name, first_name, id from patients order by last_name, first_name, id limit 10;

== clean: text search on a clean column
select id, care_plan from patients where care_plan ilike '%physio%' order by id limit 10;

== clean: a pattern on a code
select id, icd_code, cost from encounters where icd_code like 'S72%' order by id limit 10;

== clean: a regular expression on a clean column
select distinct care_plan from patients where care_plan ~ '^(observe|low)' order by 1;

== clean: full-text search on a clean column
select count(*) from patients where to_tsvector('english', care_plan) @@ plainto_tsquery('english', 'weight');

== clean: an update of a clean column by key
update patients set risk_score = 77 where id = 101;
select risk_score from patients where id = 101;

== clean: an update of a clean column with RETURNING
update patients set care_plan = 'discharge when mobile' where id = 102 returning id, care_plan;

== clean: an update of a clean column, by parameters
update patients set risk_score = $1 where id = $2;
\bind '12' '103'

== clean: an update found by MRN
update patients set care_plan = 'observe, vitals every 4 hours' where mrn = 'MRN-007919';

== clean: a claim is paid
update claims set status = 'paid' where id = 17 and status = 'open';

== clean: an update from another table
update ward_census c set beds = w.beds from wards w where w.code = c.ward;

== clean: an upsert of counts
insert into ward_census (ward, patients, beds) values ('7-main', 10, 34) on conflict (ward) do update set patients = excluded.patients, beds = excluded.beds;

== clean: an upsert that does nothing
insert into departments values (1, 'CAR', 'Cardiology', 3, 'CC-3100') on conflict do nothing;

== clean: an insert with RETURNING
insert into lab_tests (code, name, unit, low, high) values ('TSH', 'Thyrotropin', 'mIU/L', 0.4, 4.0) returning code, name;

== clean: a new patient
insert into patients (id, mrn, ssn, first_name, last_name, birth_date, sex, street, city, state, zip, phone, email, contacts, ward, blood_type, risk_score, organ_donor, care_plan) values (900100, 'MRN-900100', '999-90-0100', 'Nova', 'Fictive', '1990-01-02', 'X', '1 No Road', 'Nowhere', 'NM', '87334', '+1-405-555-0199', 'nova@example.org', '{}', '3-east', 'A-', 5, false, 'none yet') returning id, risk_score;

== clean: a new encounter
insert into encounters (id, patient_id, department_id, admitted_on, icd_code, note, cost) values (900100, 7, 1, '2024-05-06', 'I10', 'well', 120);

== clean: an insert of several rows
insert into departments (id, code, name, floor, cost_centre) values (21, 'DER', 'Dermatology', 2, 'CC-2300'), (22, 'URO', 'Urology', 3, 'CC-3300');

== clean: a deletion of clean rows
insert into departments (id, code, name, floor, cost_centre) values (31, 'TMP', 'Temporary', 2, 'CC-0');
delete from departments where id = 31 returning id;

== clean: a count is stored
update ward_census c set patients = (select count(*) from patients p where p.ward = c.ward);

== clean: MERGE of counts
merge into ward_census c using (select ward, count(*)::int as n from patients group by ward) s on c.ward = s.ward
when matched then update set patients = s.n when not matched then insert values (s.ward, s.n, 0);

== clean: a transaction
begin;
update wards set beds = beds + 2 where code = '3-west';
select beds from wards where code = '3-west';
commit;

== clean: a transaction that is rolled back
begin;
update patients set risk_score = 0 where ward = '3-east';
select count(*) from patients where risk_score = 0 and ward = '3-east';
rollback;

== clean: savepoints
begin;
savepoint a;
update wards set beds = beds + 1 where code = '4-east';
rollback to savepoint a;
release savepoint a;
commit;

== clean: a read-only transaction
begin transaction isolation level repeatable read read only;
select count(*) from encounters;
select count(*) from claims;
commit;

== clean: a temporary table of clean values
create temp table busy as select ward, count(*) as n from patients group by ward having count(*) > 1500;
select ward, n from busy order by ward;
drop table busy;

== masked mrn: a temporary table of PHI
create temporary table cohort as select id, mrn, ward from patients where risk_score > 98;
select id, mrn, ward from cohort order by id limit 10;
select count(*) from cohort;

== clean: a temporary table of ids, filled and joined
create temp table ids (id int primary key);
insert into ids values (1), (2), (3);
select p.id, p.ward from patients p join ids using (id) order by p.id;

== masked last_name: a temporary table for one transaction
begin;
create temp table cohort on commit drop as select id, last_name from patients where ward = '2-east' and id < 200;
select * from cohort order by id;
commit;

== clean: COPY of a clean table
copy departments to stdout;

== clean: COPY of a clean query as CSV
copy (select ward, count(*) from patients group by ward order by ward) to stdout with (format csv, header);

== clean: COPY of clean columns of a table with PHI
copy patients (id, ward, risk_score) to stdout with csv;

== clean: COPY into a clean table
copy departments (id, code, name, floor, cost_centre) from stdin;
41	RAD	Radiology	0	CC-100
42	LAB	Laboratory	0	CC-200
\.
select count(*) from departments where id in (41, 42);

== clean: COPY into a temporary table
create temp table incoming (id int, score int);
copy incoming from stdin with (format csv);
51,10
52,20
\.
update patients p set risk_score = i.score from incoming i where i.id = p.id;

== masked last_name: a cursor
begin;
declare c cursor for select id, last_name, ward from patients order by id;
fetch 5 from c;
fetch next from c;
close c;
commit;

== masked mrn: a cursor that is held
declare h cursor with hold for select id, mrn from patients where id <= 20 order by id;
fetch all from h;
close h;

== masked mrn: a prepared statement in SQL
prepare by_mrn (text) as select id, mrn, ward from patients where mrn = $1;
execute by_mrn('MRN-007919');
deallocate by_mrn;

== clean: EXPLAIN of a query without PHI
explain (costs off) select w.name, d.name from wards w join departments d on d.id = w.department_id;

== clean: EXPLAIN of a query of PHI
explain (costs off) select id, last_name from patients where ward = '3-east' order by id;

== clean: EXPLAIN of a lookup
explain (costs off) select id, ward from patients where mrn = 'MRN-007919';

== clean: EXPLAIN in JSON
explain (format json, costs off) select count(*) from encounters where department_id = 3;

== clean: EXPLAIN ANALYZE without PHI
explain (analyze, costs off, timing off, summary off) select count(*) from wards;

== clean: settings
set statement_timeout = '20s';
show statement_timeout;
set search_path to public;
show search_path;
reset all;

== clean: settings of one transaction
begin;
set local work_mem = '16MB';
set local lock_timeout = '1s';
select count(*) from wards;
commit;

== clean: settings, by function
select current_setting('server_version'), current_setting('TimeZone');

== clean: several statements in one message
select 1\; select count(*) from wards\; select 2;

== clean: the present
select now() is not null, current_date > date '2020-01-01', pg_backend_pid() > 0;

== clean: nothing at all
select 1;

== clean: locks rows without PHI
begin;
select code, beds from wards where code = '5-east' for update;
commit;

== masked last_name: locks rows with PHI
begin;
select id, last_name from patients where id = 5 for update skip locked;
commit;

== clean: activity of the server
select count(*) >= 1 from pg_stat_activity where state is not null;

== clean: use of indexes
select relname, indexrelname from pg_stat_user_indexes order by 1, 2;

== clean: sizes
select pg_size_pretty(pg_relation_size('lab_tests')) is not null;

== masked document: documents of claims
select id, document from claims where status = 'denied' order by id limit 5;

== masked payer: one field of a document
select id, document ->> 'payer' as payer from claims order by id limit 5;

== masked contacts: contacts
select id, contacts from patients where id = 3;

== masked display: names put together
select id, last_name || ', ' || first_name as display from patients where id <= 3 order by id;

== masked p: a row as a document
select row_to_json(p) as p from (select id, mrn, ward from patients where id <= 3 order by id) p;

== masked aliases: names as an array
select id, aliases from patients where cardinality(allergies) > 0 order by id limit 10;
