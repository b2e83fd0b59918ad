SELECT version()

SET client_encoding = 'UTF8'; SET extra_float_digits = 3; SET DateStyle = 'ISO'; SET application_name = 'PostgreSQL JDBC Driver'

BEGIN; INSERT INTO notes (patient_id, body) VALUES ($1, $2) RETURNING id, created_at; COMMIT

SELECT count(*), date_trunc('month', admitted_at) AS month FROM encounters WHERE admitted_at >= now() - interval '1 year' GROUP BY 2 ORDER BY 2

WITH ranked AS (SELECT p.id, row_number() OVER w AS n, lag(p.risk, 1) OVER w FROM patients p WINDOW w AS (PARTITION BY p.region ORDER BY p.risk DESC))
SELECT r.id FROM ranked r WHERE r.n <= 3 ORDER BY r.id NULLS LAST LIMIT ALL OFFSET 10 ROWS

SELECT p.id, j.value ->> 'code' AS code, jsonb_path_query(p.document, '$.allergies[*]') FROM patients p, jsonb_array_elements(p.document -> 'problems') AS j(value)
WHERE p.document @> '{"active": true}' AND p.tags && ARRAY['a', 'b']::text[] AND p.document ? 'x'

SELECT DISTINCT ON (patient_id) patient_id, value FROM lab_results ORDER BY patient_id, taken_at DESC FETCH FIRST 5 ROWS WITH TIES FOR SHARE NOWAIT

UPDATE patients SET risk = risk + 1, updated_at = DEFAULT WHERE (id, region) IN (VALUES (1, 'n'), (2, 's')) RETURNING *

DELETE FROM sessions USING users u WHERE sessions.user_id = u.id AND u.disabled IS TRUE AND sessions.seen_at < CURRENT_TIMESTAMP

MERGE INTO stock s USING deliveries d ON s.item = d.item WHEN MATCHED AND d.n < 0 THEN DELETE WHEN MATCHED THEN UPDATE SET n = s.n + d.n WHEN NOT MATCHED THEN INSERT (item, n) VALUES (d.item, d.n)

CREATE TEMP TABLE IF NOT EXISTS scratch (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL, n int CHECK (n > 0), UNIQUE (body, n), FOREIGN KEY (n) REFERENCES items (id) ON DELETE CASCADE) ON COMMIT DROP

CREATE TABLE events (id int, at timestamptz, EXCLUDE USING gist (id WITH =)) PARTITION BY RANGE (at)

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t USING btree (lower(a) COLLATE "C" text_pattern_ops DESC NULLS LAST) INCLUDE (b) WITH (fillfactor = 70) WHERE c

ALTER TABLE t ADD COLUMN a int, DROP COLUMN b CASCADE, ALTER COLUMN c TYPE text USING c::text, ALTER d SET DEFAULT 1, ADD CONSTRAINT k CHECK (a > 0) NOT VALID

SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a WHERE a.attrelid = '16385'::pg_catalog.oid AND NOT a.attisdropped

EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM patients WHERE name ~* '^a' OR name SIMILAR TO 'b%' ESCAPE '!'
