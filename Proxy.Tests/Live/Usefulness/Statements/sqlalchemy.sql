-- What SQLAlchemy 1.4 with psycopg2 sent for its ORM and its inspector, taken from the server's log; psycopg2 writes parameters into the text. Where it
-- sends an OID that it has read before, the name stands. The second part is written as SQLAlchemy 2.0 writes it for psycopg 3, with parameters.

== masked patients_mrn, patients_ssn, patients_first_name, patients_last_name, patients_birth_date: get
SELECT patients.id AS patients_id, patients.mrn AS patients_mrn, patients.ssn AS patients_ssn, patients.first_name AS patients_first_name, patients.last_name AS patients_last_name, patients.birth_date AS patients_birth_date, patients.ward AS patients_ward, patients.risk_score AS patients_risk_score, patients.organ_donor AS patients_organ_donor, patients.allergies AS patients_allergies, patients.care_plan AS patients_care_plan
FROM patients
WHERE patients.id = 7;
COMMIT;
BEGIN;

== masked patients_mrn, patients_ssn, patients_first_name, patients_last_name, patients_birth_date: by mrn
SELECT patients.id AS patients_id, patients.mrn AS patients_mrn, patients.ssn AS patients_ssn, patients.first_name AS patients_first_name, patients.last_name AS patients_last_name, patients.birth_date AS patients_birth_date, patients.ward AS patients_ward, patients.risk_score AS patients_risk_score, patients.organ_donor AS patients_organ_donor, patients.allergies AS patients_allergies, patients.care_plan AS patients_care_plan
FROM patients
WHERE patients.mrn = 'MRN-007919';
COMMIT;
BEGIN;

== masked mrn: in mrns
SELECT patients.id, patients.mrn
FROM patients
WHERE patients.mrn IN ('MRN-007919', 'MRN-015838');
COMMIT;
BEGIN;

== masked last_name: page
SELECT patients.id, patients.last_name, patients.risk_score
FROM patients
WHERE patients.ward = '3-east' ORDER BY patients.id
 LIMIT 10 OFFSET 20;
COMMIT;
BEGIN;

== masked mrn, ssn, first_name, last_name, birth_date, member_id: joinedload
SELECT patients.id, patients.mrn, patients.ssn, patients.first_name, patients.last_name, patients.birth_date, patients.ward, patients.risk_score, patients.organ_donor, patients.allergies, patients.care_plan, claims_1.id AS id_1, claims_1.patient_id, claims_1.member_id, claims_1.payer, claims_1.amount, claims_1.status
FROM patients LEFT OUTER JOIN claims AS claims_1 ON patients.id = claims_1.patient_id
WHERE patients.id = 11;
COMMIT;
BEGIN;

== masked mrn, ssn, first_name, last_name, birth_date, claims_member_id: selectinload
SELECT patients.id, patients.mrn, patients.ssn, patients.first_name, patients.last_name, patients.birth_date, patients.ward, patients.risk_score, patients.organ_donor, patients.allergies, patients.care_plan
FROM patients
WHERE patients.id < 4;
SELECT claims.patient_id AS claims_patient_id, claims.id AS claims_id, claims.member_id AS claims_member_id, claims.payer AS claims_payer, claims.amount AS claims_amount, claims.status AS claims_status
FROM claims
WHERE claims.patient_id IN (1, 2, 3);
COMMIT;
BEGIN;

== masked patients_mrn, patients_ssn, patients_first_name, patients_last_name, patients_birth_date, claims_member_id: subqueryload
SELECT patients.id AS patients_id, patients.mrn AS patients_mrn, patients.ssn AS patients_ssn, patients.first_name AS patients_first_name, patients.last_name AS patients_last_name, patients.birth_date AS patients_birth_date, patients.ward AS patients_ward, patients.risk_score AS patients_risk_score, patients.organ_donor AS patients_organ_donor, patients.allergies AS patients_allergies, patients.care_plan AS patients_care_plan
FROM patients
WHERE patients.id < 3;
SELECT claims.id AS claims_id, claims.patient_id AS claims_patient_id, claims.member_id AS claims_member_id, claims.payer AS claims_payer, claims.amount AS claims_amount, claims.status AS claims_status, anon_1.patients_id AS anon_1_patients_id
FROM (SELECT patients.id AS patients_id
FROM patients
WHERE patients.id < 3) AS anon_1 JOIN claims ON anon_1.patients_id = claims.patient_id;
COMMIT;
BEGIN;

== masked patients_mrn, patients_ssn, patients_first_name, patients_last_name, patients_birth_date: lazy
SELECT patients.id AS patients_id, patients.mrn AS patients_mrn, patients.ssn AS patients_ssn, patients.first_name AS patients_first_name, patients.last_name AS patients_last_name, patients.birth_date AS patients_birth_date, patients.ward AS patients_ward, patients.risk_score AS patients_risk_score, patients.organ_donor AS patients_organ_donor, patients.allergies AS patients_allergies, patients.care_plan AS patients_care_plan
FROM patients
WHERE patients.id = 12;
SELECT claims.id AS claims_id, claims.patient_id AS claims_patient_id, claims.member_id AS claims_member_id, claims.payer AS claims_payer, claims.amount AS claims_amount, claims.status AS claims_status
FROM claims
WHERE 12 = claims.patient_id;
COMMIT;
BEGIN;

== clean: group
SELECT patients.ward, count(*) AS n, avg(patients.risk_score) AS avg_1
FROM patients GROUP BY patients.ward
HAVING count(*) > 1000 ORDER BY n DESC;
COMMIT;
BEGIN;

== clean: exists
SELECT EXISTS (SELECT *
FROM patients
WHERE patients.mrn = 'MRN-007919') AS anon_1;
COMMIT;
BEGIN;

== clean: window
SELECT claims.id, row_number() OVER (PARTITION BY claims.payer ORDER BY claims.amount DESC) AS rn
FROM claims
 LIMIT 5;
COMMIT;
BEGIN;

== clean: cte
WITH per_ward AS
(SELECT patients.ward AS ward, count(patients.id) AS n
FROM patients GROUP BY patients.ward)
 SELECT per_ward.ward, per_ward.n
FROM per_ward
WHERE per_ward.n > 1500 ORDER BY per_ward.ward;
COMMIT;
BEGIN;

== clean: case
SELECT CASE WHEN (patients.risk_score > 80) THEN 'high' ELSE 'low' END AS level, count(*) AS count_1
FROM patients GROUP BY level ORDER BY level;
COMMIT;
BEGIN;

== clean: array any
SELECT count(*) AS count_1
FROM patients
WHERE 'latex' = ANY (patients.allergies);
COMMIT;
BEGIN;

== clean: array contains
SELECT count(*) AS count_1
FROM patients
WHERE patients.allergies @> ARRAY['latex']::TEXT[];
COMMIT;
BEGIN;

== masked patients_mrn, patients_ssn, patients_first_name, patients_last_name, patients_birth_date: change
SELECT patients.id AS patients_id, patients.mrn AS patients_mrn, patients.ssn AS patients_ssn, patients.first_name AS patients_first_name, patients.last_name AS patients_last_name, patients.birth_date AS patients_birth_date, patients.ward AS patients_ward, patients.risk_score AS patients_risk_score, patients.organ_donor AS patients_organ_donor, patients.allergies AS patients_allergies, patients.care_plan AS patients_care_plan
FROM patients
WHERE patients.id = 46;
UPDATE patients SET risk_score=12 WHERE patients.id = 46;
COMMIT;
BEGIN;

== clean: add delete
INSERT INTO departments (id, code, name, floor, cost_centre) VALUES (91, 'SA', 'Sa', 2, 'X');
SELECT departments.id AS departments_id, departments.code AS departments_code, departments.name AS departments_name, departments.floor AS departments_floor, departments.cost_centre AS departments_cost_centre
FROM departments
WHERE departments.id = 91;
DELETE FROM departments WHERE departments.id = 91;
COMMIT;
BEGIN;

== clean: upsert
INSERT INTO ward_census (ward, patients, beds) VALUES ('3-east', 5, 24) ON CONFLICT (ward) DO UPDATE SET patients = excluded.patients RETURNING ward_census.patients;
COMMIT;
BEGIN;

== clean: bulk update
UPDATE claims SET status='paid' WHERE claims.status = 'open' AND claims.id < 100;
COMMIT;
BEGIN;

== clean: nested
COMMIT;
BEGIN;

== clean: count subquery
SELECT count(*) AS count_1
FROM (SELECT patients.id AS patients_id, patients.mrn AS patients_mrn, patients.ssn AS patients_ssn, patients.first_name AS patients_first_name, patients.last_name AS patients_last_name, patients.birth_date AS patients_birth_date, patients.ward AS patients_ward, patients.risk_score AS patients_risk_score, patients.organ_donor AS patients_organ_donor, patients.allergies AS patients_allergies, patients.care_plan AS patients_care_plan
FROM patients
WHERE patients.ward = '3-east') AS anon_1;
COMMIT;
BEGIN;

== clean: aliased self join
SELECT claims.id, claims_1.id AS id_1
FROM claims JOIN claims AS claims_1 ON claims_1.patient_id = claims.patient_id AND claims_1.id > claims.id
WHERE claims.id < 50 ORDER BY claims.id, claims_1.id;
COMMIT;
BEGIN;

== clean: inspector 1
SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg_%' ORDER BY nspname;

== clean: inspector 2
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind in ('r', 'p');

== clean: inspector 3
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm');

== clean: inspector 4
SELECT c.oid
            FROM pg_catalog.pg_class c
            LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE (pg_catalog.pg_table_is_visible(c.oid))
            AND c.relname = 'patients' AND c.relkind in
            ('r', 'v', 'm', 'f', 'p');

== clean: inspector 5
SELECT a.attname,
              pg_catalog.format_type(a.atttypid, a.atttypmod),
              (
                SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid)
                FROM pg_catalog.pg_attrdef d
                WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum
                AND a.atthasdef
              ) AS DEFAULT,
              a.attnotnull,
              a.attrelid as table_oid,
              pgd.description as comment,
              a.attgenerated as generated,
                              (SELECT json_build_object(
                    'always', a.attidentity = 'a',
                    'start', s.seqstart,
                    'increment', s.seqincrement,
                    'minvalue', s.seqmin,
                    'maxvalue', s.seqmax,
                    'cache', s.seqcache,
                    'cycle', s.seqcycle)
                FROM pg_catalog.pg_sequence s
                JOIN pg_catalog.pg_class c on s.seqrelid = c."oid"
                WHERE c.relkind = 'S'
                AND a.attidentity != ''
                AND s.seqrelid = pg_catalog.pg_get_serial_sequence(
                    a.attrelid::regclass::text, a.attname
                )::regclass::oid
                ) as identity_options
            FROM pg_catalog.pg_attribute a
            LEFT JOIN pg_catalog.pg_description pgd ON (
                pgd.objoid = a.attrelid AND pgd.objsubid = a.attnum)
            WHERE a.attrelid = 'patients'::regclass
            AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum;

== clean: inspector 6
SELECT t.typname as "name",
               pg_catalog.format_type(t.typbasetype, t.typtypmod) as "attype",
               not t.typnotnull as "nullable",
               t.typdefault as "default",
               pg_catalog.pg_type_is_visible(t.oid) as "visible",
               n.nspname as "schema"
            FROM pg_catalog.pg_type t
               LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            WHERE t.typtype = 'd';

== clean: inspector 7
SELECT t.typname as "name",
               -- no enum defaults in 8.4 at least
               -- t.typdefault as "default",
               pg_catalog.pg_type_is_visible(t.oid) as "visible",
               n.nspname as "schema",
               e.enumlabel as "label"
            FROM pg_catalog.pg_type t
                 LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                 LEFT JOIN pg_catalog.pg_enum e ON t.oid = e.enumtypid
            WHERE t.typtype = 'e'
        ORDER BY "schema", "name", e.oid;

== clean: inspector 8
SELECT a.attname
                FROM pg_attribute a JOIN (
                    SELECT unnest(ix.indkey) attnum,
                           generate_subscripts(ix.indkey, 1) ord
                    FROM pg_index ix
                    WHERE ix.indrelid = 'patients'::regclass AND ix.indisprimary
                    ) k ON a.attnum=k.attnum
                WHERE a.attrelid = 'patients'::regclass
                ORDER BY k.ord;

== clean: inspector 9
SELECT conname
           FROM  pg_catalog.pg_constraint r
           WHERE r.conrelid = 'patients'::regclass AND r.contype = 'p'
           ORDER BY 1;

== clean: inspector 10
SELECT c.oid
            FROM pg_catalog.pg_class c
            LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE (pg_catalog.pg_table_is_visible(c.oid))
            AND c.relname = 'encounters' AND c.relkind in
            ('r', 'v', 'm', 'f', 'p');

== clean: inspector 11
SELECT r.conname,
                pg_catalog.pg_get_constraintdef(r.oid, true) as condef,
                n.nspname as conschema
          FROM  pg_catalog.pg_constraint r,
                pg_namespace n,
                pg_class c

          WHERE r.conrelid = 'encounters'::regclass AND
                r.contype = 'f' AND
                c.oid = confrelid AND
                n.oid = c.relnamespace
          ORDER BY 1;

== clean: inspector 12
SELECT
                  i.relname as relname,
                  ix.indisunique, ix.indexprs,
                  a.attname, a.attnum, c.conrelid, ix.indkey::varchar,
                  ix.indoption::varchar, i.reloptions, am.amname,
                  pg_get_expr(ix.indpred, ix.indrelid),
                  ix.indnkeyatts as indnkeyatts
              FROM
                  pg_class t
                        join pg_index ix on t.oid = ix.indrelid
                        join pg_class i on i.oid = ix.indexrelid
                        left outer join
                            pg_attribute a
                            on t.oid = a.attrelid and a.attnum = ANY(ix.indkey)
                        left outer join
                            pg_constraint c
                            on (ix.indrelid = c.conrelid and
                                ix.indexrelid = c.conindid and
                                c.contype in ('p', 'u', 'x'))
                        left outer join
                            pg_am am
                            on i.relam = am.oid
              WHERE
                  t.relkind IN ('r', 'v', 'f', 'm', 'p')
                  and t.oid = 'patients'::regclass
                  and ix.indisprimary = 'f'
              ORDER BY
                  t.relname,
                  i.relname;

== clean: inspector 13
SELECT
                cons.conname as name,
                cons.conkey as key,
                a.attnum as col_num,
                a.attname as col_name
            FROM
                pg_catalog.pg_constraint cons
                join pg_attribute a
                  on cons.conrelid = a.attrelid AND
                    a.attnum = ANY(cons.conkey)
            WHERE
                cons.conrelid = 'patients'::regclass AND
                cons.contype = 'u';

== clean: inspector 14
SELECT
                cons.conname as name,
                pg_get_constraintdef(cons.oid) as src
            FROM
                pg_catalog.pg_constraint cons
            WHERE
                cons.conrelid = 'patients'::regclass AND
                cons.contype = 'c';

== clean: inspector 15
SELECT
                pgd.description as table_comment
            FROM
                pg_catalog.pg_description pgd
            WHERE
                pgd.objsubid = 0 AND
                pgd.objoid = 'patients'::regclass;

== clean: inspector 16
SELECT pg_get_viewdef(c.oid) view_def FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relname = 'patient_directory' AND c.relkind IN ('v', 'm');

== clean: inspector 17
SELECT relname FROM pg_class c join pg_namespace n on n.oid=c.relnamespace where relkind='S' and n.nspname='public';

== masked mrn, last_name: 2.0, a query by MRN
SELECT patients.id, patients.mrn, patients.last_name, patients.ward 
FROM patients 
WHERE patients.mrn = $1::VARCHAR;
\bind 'MRN-007919'

== masked mrn: 2.0, an IN list
SELECT patients.id, patients.mrn 
FROM patients 
WHERE patients.mrn IN ($1::VARCHAR, $2::VARCHAR) ORDER BY patients.id;
\bind 'MRN-007919' 'MRN-015838'

== clean: 2.0, a page
SELECT patients.id, patients.risk_score 
FROM patients 
WHERE patients.ward = $1::VARCHAR ORDER BY patients.id 
 LIMIT $2::INTEGER OFFSET $3::INTEGER;
\bind '3-east' '10' '20'

== clean: 2.0, a change
UPDATE patients SET risk_score=$1::INTEGER WHERE patients.id = $2::INTEGER;
\bind '13' '47'

== clean: 2.0, when it connects
select pg_catalog.version();
select current_schema();
show standard_conforming_strings;
SELECT pg_type.oid FROM pg_type WHERE typname = $1;
\bind 'hstore'
