-- Errors on tables with PHI. What the server says of them without the gateway often holds values of the first patients.

== scrubbed 23505: unique violation of a social security number
insert into patients select 900001, 'MRN-999999', ssn, first_name, last_name, birth_date, sex, street, city, state, zip, phone, email, aliases, contacts, note, ward, blood_type, risk_score, organ_donor, allergies, care_plan from patients where id = 7;

== scrubbed 23505: unique violation of an MRN
insert into patients select 900002, mrn, '999-99-9999', first_name, last_name, birth_date, sex, street, city, state, zip, phone, email, aliases, contacts, note, ward, blood_type, risk_score, organ_donor, allergies, care_plan from patients where id = 7;

== scrubbed 23514: unique violation of an MRN, a literal
update patients set id = id where false; update patients set risk_score = 101 where mrn = 'MRN-007919';

== scrubbed 23505: primary key violation by a copy of a row
insert into patients select * from patients where id = 7;

== scrubbed 23505: primary key violation by an update
update patients set id = 8 where id = 7;

== scrubbed 23514: failing row: a check of the risk score
update patients set risk_score = 1000 where id = 7;

== scrubbed 23514: failing row: a check of the sex
update patients set sex = 'Q' where id = 8;

== scrubbed 23502: failing row: not null
update patients set ward = null where id = 9;

== scrubbed 23502: failing row: not null, by parameter
update patients set care_plan = $1 where id = 10;
\bind null

== scrubbed 23514: failing row: a claim's status
update claims set status = 'lost' where patient_id = 11;

== scrubbed 23502: failing row: a claim's amount
update claims set amount = null where patient_id in (select id from patients where id < 60);

== scrubbed 23514: failing row: a flag
update lab_results set flag = 'Z' where patient_id = 13;

== refused masked-write: failing row: no partition
update encounters set admitted_on = date '2031-01-01' where patient_id = 14;

== scrubbed 23514: failing row: no partition, inserted
insert into encounters select id, patient_id, department_id, date '2031-01-01', discharged_on, icd_code, note, cost from encounters where patient_id = 15;

== scrubbed 23514: failing row: RETURNING
update patients set risk_score = -1 where id = 16 returning id;

== scrubbed 23514: failing row: in a common table
with u as (update patients set risk_score = -1 where id = 17 returning id) select count(*) from u;

== scrubbed 23514: failing row: MERGE
merge into patients p using (values (18)) v(id) on p.id = v.id when matched then update set risk_score = 500;

== scrubbed 23514: failing row: ON CONFLICT
insert into patients select * from patients where id = 19 on conflict (id) do update set risk_score = 500;

== scrubbed 23514: failing row: through a join
update patients p set risk_score = 200 from wards w where w.code = p.ward and p.id = 20;

== scrubbed 23514: failing row: prepared
prepare f as update patients set risk_score = $1 where id = 21;
execute f(5000);

== scrubbed 23514: failing row: EXPLAIN ANALYZE
explain analyze update patients set risk_score = 5000 where id = 22;

== scrubbed 23514: failing row: in a transaction
begin;
update patients set risk_score = 5000 where id = 23;
select 1;
rollback;

== scrubbed 23503: foreign key: an unknown ward
update patients set ward = 'nowhere' where id = 24;

== scrubbed 23503: foreign key: a patient that is referenced
delete from patients where id = 25;

== scrubbed 23503: foreign key: a ward that is referenced
delete from wards where code = '3-east';

== scrubbed 23503: foreign key: a test that is referenced
update lab_tests set code = 'GLX' where code = 'GLU';

== scrubbed 23503: foreign key: an unknown patient
update claims set patient_id = 99999999 where patient_id = 26;

== refused inference-refused: cast of a social security number
select ssn::int from patients where id = 27;

== refused inference-refused: cast of a name
select last_name::numeric from patients where id = 28;

== refused inference-refused: cast of an MRN to a date
select mrn::date from patients where id = 29;

== refused inference-refused: cast of an e-mail address to uuid
select email::uuid from patients where id = 30;

== refused inference-refused: cast of a note to a document
select note::jsonb from patients where id < 10;

== refused inference-refused: cast of a name to a name of an object
select last_name::regclass from patients where id = 31;

== refused inference-refused: cast in a condition
select id from patients where zip::boolean;

== refused inference-refused: cast in an aggregate
select sum(phone::numeric) from patients where id = 32;

== refused inference-refused: cast by to_number
select to_date(last_name, 'YYYY-MM-DD') from patients where id = 33;

== refused inference-refused: division by a part of PHI
select 1 / (length(last_name) - length(last_name)) from patients where id = 34;

== scrubbed 22012: division of clean columns of PHI
select 1 / (risk_score - risk_score) from patients where id = 35;

== scrubbed 22003: a sum out of range
select 2147483647 + risk_score + 1 from patients where id = 36;

== refused inference-refused: a document's path
select (contacts ->> 'guardian')::int from patients where id = 37;

== scrubbed 21000: a scalar query of many rows
select (select last_name from patients where id < 40);

== scrubbed 21000: a scalar query of many clean rows
select (select ward from patients where id < 40);

== refused inference-refused: a regular expression made of PHI
select 'x' ~ ('(' || last_name) from patients where id = 38;

== refused inference-refused: a bad regular expression, on PHI
select id from patients where last_name ~ '(';

== refused inference-refused: an array of PHI
select array_fill(last_name, array[-1]) from patients where id = 39;

== refused inference-refused: a name's encoding
select decode(last_name, 'base64') from patients where id = 40;

== refused inference-refused: a time zone of PHI
select now() at time zone last_name from patients where id = 41;

== refused export-of-phi: a temporary table's unique violation
create temp table t as select id, ssn from patients where id = 42;
create temp table u (ssn text unique);
insert into u select ssn from t union all select ssn from t;

== scrubbed 22012: a cursor over an error
begin;
declare c cursor for select 1 / (risk_score - risk_score) from patients where id = 43;
fetch c;
rollback;

== scrubbed 22012: COPY out over an error
copy (select 1 / (risk_score - risk_score) from patients where id = 44) to stdout;

== scrubbed 22P02: COPY into patients, a bad number
copy claims (id, patient_id, member_id, submitted_on, payer, cpt_code, amount, status, document) from stdin;
1000001	HP12345678	x	2024-01-01	p	c	1	open	{}
\.

== scrubbed 23514: COPY into claims, a check
copy claims (id, patient_id, member_id, submitted_on, payer, cpt_code, amount, status, document) from stdin;
1000001	5	HP00000005	2024-01-01	p	c	1	lost	{}
\.

== scrubbed 21000: a row affected twice
insert into patients select * from patients where id = 45 union all select * from patients where id = 45 on conflict (id) do update set risk_score = 1;

== error 42703: an unknown column of PHI
select surname from patients where id = 46;

== error 42883: a wrong type in a comparison
select id from patients where last_name = 5;

== error 22008: a bad literal for a PHI column
select id from patients where birth_date = '1990-13-45';

== scrubbed 22008: a bad parameter for a PHI column
select id from patients where birth_date = $1;
\bind '1990-13-45'

== scrubbed 22P02: a bad parameter for a clean column of PHI
select id from patients where id = $1;
\bind 'abc'

== scrubbed 34000: a cursor that there is not
fetch all from nowhere;

== refused inference-refused: a prepared statement that there is not
execute nowhere;
