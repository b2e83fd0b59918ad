-- What EF Core 10.0 with Npgsql 10.0 sent for LINQ over the hospital, taken from the server's log. Npgsql sends everything by the extended protocol.

== clean: Npgsql loads the types when it connects
SELECT version()\;

SELECT ns.nspname, t.oid, t.typname, t.typtype, t.typnotnull, t.elemtypoid
FROM (
    -- Arrays have typtype=b - this subquery identifies them by their typreceive and converts their typtype to a
    -- We first do this for the type (innerest-most subquery), and then for its element type
    -- This also returns the array element, range subtype and domain base type as elemtypoid
    SELECT
        typ.oid, typ.typnamespace, typ.typname, typ.typtype, typ.typrelid, typ.typnotnull, typ.relkind,
        elemtyp.oid AS elemtypoid, elemtyp.typname AS elemtypname, elemcls.relkind AS elemrelkind,
        CASE WHEN elemproc.proname='array_recv' THEN 'a' ELSE elemtyp.typtype END AS elemtyptype
        , typ.typcategory
    FROM (
        SELECT typ.oid, typnamespace, typname, typrelid, typnotnull, relkind, typelem AS elemoid,
            CASE WHEN proc.proname='array_recv' THEN 'a' ELSE typ.typtype END AS typtype,
            CASE
                WHEN proc.proname='array_recv' THEN typ.typelem
                WHEN typ.typtype='r' THEN rngsubtype
                WHEN typ.typtype='m' THEN (SELECT rngtypid FROM pg_range WHERE rngmultitypid = typ.oid)
                WHEN typ.typtype='d' THEN typ.typbasetype
            END AS elemtypoid
            , typ.typcategory
        FROM pg_type AS typ
        LEFT JOIN pg_class AS cls ON (cls.oid = typ.typrelid)
        LEFT JOIN pg_proc AS proc ON proc.oid = typ.typreceive
        LEFT JOIN pg_range ON (pg_range.rngtypid = typ.oid)
    ) AS typ
    LEFT JOIN pg_type AS elemtyp ON elemtyp.oid = elemtypoid
    LEFT JOIN pg_class AS elemcls ON (elemcls.oid = elemtyp.typrelid)
    LEFT JOIN pg_proc AS elemproc ON elemproc.oid = elemtyp.typreceive
) AS t
JOIN pg_namespace AS ns ON (ns.oid = typnamespace)
WHERE

    (typtype IN ('b', 'r', 'm', 'e', 'd') OR -- Base, range, multirange, enum, domain
    (typtype = 'c' AND relkind='c') OR -- User-defined free-standing composites (not table composites) by default
    (typtype = 'p' AND typname IN ('record', 'void', 'unknown')) OR -- Some special supported pseudo-types
    (typtype = 'a' AND (  -- Array of...
        elemtyptype IN ('b', 'r', 'm', 'e', 'd') OR -- Array of base, range, multirange, enum, domain
        (elemtyptype = 'p' AND elemtypname IN ('record', 'void')) OR -- Arrays of special supported pseudo-types
        (elemtyptype = 'c' AND elemrelkind='c') -- Array of user-defined free-standing composites (not table composites) by default
    )))
ORDER BY CASE
       WHEN typtype IN ('b', 'e', 'p') THEN 0           -- First base types, enums, pseudo-types
       WHEN typtype = 'c' THEN 1                        -- Composites after (fields loaded later in 2nd pass)
       WHEN typtype = 'r' THEN 2                        -- Ranges after
       WHEN typtype = 'm' THEN 3                        -- Multiranges after
       WHEN typtype = 'd' AND elemtyptype <> 'a' THEN 4 -- Domains over non-arrays after
       WHEN typtype = 'a' THEN 5                        -- Arrays after
       WHEN typtype = 'd' AND elemtyptype = 'a' THEN 6  -- Domains over arrays last
END\;

-- Load field definitions for (free-standing) composite types
SELECT typ.oid, att.attname, att.atttypid
FROM pg_type AS typ
JOIN pg_namespace AS ns ON (ns.oid = typ.typnamespace)
JOIN pg_class AS cls ON (cls.oid = typ.typrelid)
JOIN pg_attribute AS att ON (att.attrelid = typ.typrelid)
WHERE
  (typ.typtype = 'c' AND cls.relkind='c') AND

  attnum > 0 AND     -- Don't load system attributes
  NOT attisdropped
ORDER BY typ.oid, att.attnum\;

-- Load enum fields
SELECT typ.oid, enumlabel
FROM pg_enum
JOIN pg_type AS typ ON typ.oid = enumtypid
JOIN pg_namespace AS ns ON ns.oid = typ.typnamespace

ORDER BY oid, enumsortorder;

== masked birth_date, first_name, last_name, mrn, note, ssn, zip: find
SELECT p.id, p.allergies, p.birth_date, p.care_plan, p.first_name, p.last_name, p.mrn, p.note, p.organ_donor, p.risk_score, p.sex, p.ssn, p.ward, p.zip
FROM patients AS p
WHERE p.id = $1
LIMIT 1;
\bind '7'

== masked birth_date, first_name, last_name, mrn, note, ssn, zip: first by mrn
SELECT p.id, p.allergies, p.birth_date, p.care_plan, p.first_name, p.last_name, p.mrn, p.note, p.organ_donor, p.risk_score, p.sex, p.ssn, p.ward, p.zip
FROM patients AS p
WHERE p.mrn = $1
LIMIT 1;
\bind 'MRN-007919'

== masked birth_date, first_name, last_name, mrn, note, ssn, zip: single constant
SELECT p.id, p.allergies, p.birth_date, p.care_plan, p.first_name, p.last_name, p.mrn, p.note, p.organ_donor, p.risk_score, p.sex, p.ssn, p.ward, p.zip
FROM patients AS p
WHERE p.mrn = 'MRN-007919'
LIMIT 2;
\bind

== masked Mrn: contains list
SELECT p.id AS "Id", p.mrn AS "Mrn", p.ward AS "Ward"
FROM patients AS p
WHERE p.mrn = ANY ($1) OR (p.mrn IS NULL AND array_position($1, NULL) IS NOT NULL);
\bind '{MRN-007919,MRN-015838}'

== masked LastName: page
SELECT p.id AS "Id", p.risk_score AS "RiskScore", p.last_name AS "LastName"
FROM patients AS p
WHERE p.ward = $1
ORDER BY p.id
LIMIT $2 OFFSET $3;
\bind '3-east' '10' '20'

== masked birth_date, first_name, last_name, mrn, note, ssn, zip, member_id: include
SELECT p.id, p.allergies, p.birth_date, p.care_plan, p.first_name, p.last_name, p.mrn, p.note, p.organ_donor, p.risk_score, p.sex, p.ssn, p.ward, p.zip, c.id, c.amount, c.member_id, c.patient_id, c.payer, c.status
FROM patients AS p
LEFT JOIN claims AS c ON p.id = c.patient_id
WHERE p.id = 11
ORDER BY p.id;
\bind

== masked birth_date, first_name, last_name, mrn, note, ssn, zip, member_id: split include
SELECT p.id, p.allergies, p.birth_date, p.care_plan, p.first_name, p.last_name, p.mrn, p.note, p.organ_donor, p.risk_score, p.sex, p.ssn, p.ward, p.zip
FROM patients AS p
WHERE p.id < 4
ORDER BY p.id;
\bind
SELECT c.id, c.amount, c.member_id, c.patient_id, c.payer, c.status, p.id
FROM patients AS p
INNER JOIN claims AS c ON p.id = c.patient_id
WHERE p.id < 4
ORDER BY p.id;
\bind

== clean: count
SELECT count(*)::int
FROM patients AS p
WHERE p.risk_score >= $1;
\bind '90'

== clean: long any
SELECT EXISTS (
    SELECT 1
    FROM patients AS p
    WHERE p.mrn = $1);
\bind 'MRN-007919'

== clean: group
SELECT p.ward AS "Key", count(*)::int AS "N", avg(p.risk_score::double precision) AS "Avg"
FROM patients AS p
GROUP BY p.ward
ORDER BY count(*)::int DESC;
\bind

== clean: join
SELECT c.id AS "Id", c.amount AS "Amount", c.status AS "Status", p.ward AS "Ward"
FROM claims AS c
INNER JOIN patients AS p ON c.patient_id = p.id
WHERE c.status = 'denied'
ORDER BY c.amount DESC
LIMIT $1;
\bind '5'

== clean: nested subquery
SELECT p.id AS "Id", p.ward AS "Ward", (
    SELECT COALESCE(sum(c0.amount), 0.0)
    FROM claims AS c0
    WHERE p.id = c0.patient_id) AS "Total", (
    SELECT count(*)::int
    FROM claims AS c1
    WHERE p.id = c1.patient_id AND c1.status = 'open') AS "Open"
FROM patients AS p
WHERE EXISTS (
    SELECT 1
    FROM claims AS c
    WHERE p.id = c.patient_id AND c.amount > 8000.0)
ORDER BY p.id
LIMIT $1;
\bind '10'

== clean: startswith
SELECT l.code, l.high, l.low, l.name, l.unit
FROM lab_tests AS l
WHERE l.name LIKE 'Gl%' OR l.name ILIKE '%chol%';
\bind

== clean: array contains
SELECT p.id
FROM patients AS p
WHERE 'latex' = ANY (p.allergies)
ORDER BY p.id
LIMIT $1;
\bind '10'

== clean: distinct
SELECT c0.payer
FROM (
    SELECT DISTINCT c.payer
    FROM claims AS c
) AS c0
ORDER BY c0.payer;
\bind

== clean: conditional
SELECT p.id AS "Id", CASE
    WHEN p.risk_score > 80 THEN 'high'
    WHEN p.risk_score > 40 THEN 'medium'
    ELSE 'low'
END AS "Level"
FROM patients AS p
ORDER BY p.id
LIMIT $1;
\bind '5'

== clean: null note count
SELECT count(*)::int
FROM patients AS p
WHERE p.note IS NULL;
\bind

== masked LastName: order by last name
SELECT p.id AS "Id", p.last_name AS "LastName"
FROM patients AS p
ORDER BY p.last_name, p.id
LIMIT $1;
\bind '5'

== refused inference-refused: date range
SELECT count(*)::int
FROM encounters AS e
WHERE e.admitted_on >= $1;
\bind '2024-03-01'

== refused inference-refused: year group
SELECT e0."Key", count(*)::int AS "N"
FROM (
    SELECT date_part('year', e.admitted_on)::int AS "Key"
    FROM encounters AS e
) AS e0
GROUP BY e0."Key"
ORDER BY e0."Key";
\bind

== masked birth_date, first_name, last_name, mrn, note, ssn, zip: clean change
SELECT p.id, p.allergies, p.birth_date, p.care_plan, p.first_name, p.last_name, p.mrn, p.note, p.organ_donor, p.risk_score, p.sex, p.ssn, p.ward, p.zip
FROM patients AS p
WHERE p.id = 42
LIMIT 1;
\bind
UPDATE patients SET risk_score = $1
WHERE id = $2;
\bind '55' '42'

== masked birth_date, first_name, last_name, mrn, ssn, zip: two changes
SELECT p.id, p.allergies, p.birth_date, p.care_plan, p.first_name, p.last_name, p.mrn, p.note, p.organ_donor, p.risk_score, p.sex, p.ssn, p.ward, p.zip
FROM patients AS p
WHERE p.id IN (43, 44)
ORDER BY p.id;
\bind
BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED;
UPDATE patients SET care_plan = $1
WHERE id = $2;
\bind 'observe' '43'
UPDATE patients SET care_plan = $1
WHERE id = $2;
\bind 'observe' '44'
COMMIT;

== clean: insert dept
INSERT INTO departments (id, code, cost_centre, floor, name)
VALUES ($1, $2, $3, $4, $5);
\bind '90' 'NEW' 'CC-9' '1' 'New'

== clean: delete dept
SELECT d.id, d.code, d.cost_centre, d.floor, d.name
FROM departments AS d
WHERE d.id = 90
LIMIT 2;
\bind
DELETE FROM departments
WHERE id = $1;
\bind '90'

== clean: execute update
UPDATE claims AS c
SET status = $1
WHERE c.status = 'open' AND c.id < 200;
\bind 'paid'

== clean: execute delete
DELETE FROM ward_census AS w
WHERE w.ward = '7-main';
\bind

== clean: transaction
BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED;
UPDATE wards AS w
SET beds = w.beds + 1
WHERE w.code = '3-east';
\bind
COMMIT;

== clean: union
SELECT u.name
FROM (
    SELECT w.name
    FROM wards AS w
    UNION
    SELECT d.name
    FROM departments AS d
) AS u
ORDER BY u.name;
\bind

== clean: left join
SELECT w.code AS "Code", (
    SELECT count(*)::int
    FROM patients AS p
    WHERE w.code = p.ward) AS "N"
FROM wards AS w
ORDER BY w.code;
\bind

== clean: lateral first
SELECT p.id AS "Id", (
    SELECT c.amount
    FROM claims AS c
    WHERE p.id = c.patient_id
    ORDER BY c.amount DESC
    LIMIT 1) AS "Last"
FROM patients AS p
WHERE p.id < 6
ORDER BY p.id;
\bind

== clean: sum all
SELECT COALESCE(sum(c.amount), 0.0)
FROM claims AS c;
\bind

== clean: raw
SELECT count(*)::int AS "Value" FROM patients WHERE ward = $1;
\bind '3-east'

== clean: can connect
SELECT 1;
\bind

== clean: window rownumber first per group
SELECT c.patient_id AS "Key", count(*)::int AS "N"
FROM claims AS c
GROUP BY c.patient_id
HAVING count(*)::int > 5
ORDER BY c.patient_id
LIMIT $1;
\bind '5'

== clean: string ops
SELECT upper(d.code) AS "U", length(d.name)::int AS "L", substring(d.name, 1, 3) AS "S"
FROM departments AS d
WHERE lower(d.name) LIKE '%onc%';
\bind

