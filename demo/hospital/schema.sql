-- A synthetic hospital: tables, keys, indexes, a partitioned table, a view and a materialised view. Plain SQL for PostgreSQL 13 and later,
-- loaded as one script in an empty database; data.sql fills it. No person in it exists, and none can: see data.sql.

CREATE TABLE departments (
    id         int PRIMARY KEY,
    code       text NOT NULL UNIQUE,
    name       text NOT NULL,
    floor      int NOT NULL,
    cost_centre text NOT NULL
);

CREATE TABLE wards (
    code          text PRIMARY KEY,
    name          text NOT NULL,
    department_id int NOT NULL REFERENCES departments,
    beds          int NOT NULL CHECK (beds > 0)
);

CREATE TABLE lab_tests (
    code text PRIMARY KEY,
    name text NOT NULL,
    unit text NOT NULL,
    low  numeric(8,2) NOT NULL,
    high numeric(8,2) NOT NULL
);

CREATE TABLE patients (
    id          int PRIMARY KEY,
    mrn         text NOT NULL UNIQUE,
    ssn         text NOT NULL UNIQUE CHECK (ssn ~ '^9\d\d-\d\d-\d{4}$'),
    first_name  text NOT NULL,
    last_name   text NOT NULL,
    birth_date  date NOT NULL,
    sex         char(1) NOT NULL CHECK (sex IN ('F', 'M', 'X')),
    street      text NOT NULL,
    city        text NOT NULL,
    state       char(2) NOT NULL,
    zip         text NOT NULL,
    phone       text NOT NULL,
    email       text NOT NULL,
    aliases     text[] NOT NULL DEFAULT '{}',
    contacts    jsonb NOT NULL,
    note        text,
    ward        text NOT NULL REFERENCES wards,
    blood_type  text NOT NULL,
    risk_score  int NOT NULL CHECK (risk_score BETWEEN 0 AND 100),
    organ_donor boolean NOT NULL,
    allergies   text[] NOT NULL DEFAULT '{}',
    care_plan   text NOT NULL
);

CREATE TABLE encounters (
    id            bigint NOT NULL,
    patient_id    int NOT NULL REFERENCES patients,
    department_id int NOT NULL REFERENCES departments,
    admitted_on   date NOT NULL,
    discharged_on date,
    icd_code      text NOT NULL,
    note          text NOT NULL,
    cost          numeric(10,2) NOT NULL,
    PRIMARY KEY (id, admitted_on)
) PARTITION BY RANGE (admitted_on);

CREATE TABLE encounters_2023 PARTITION OF encounters FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE encounters_2024 PARTITION OF encounters FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE encounters_2025 PARTITION OF encounters FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

CREATE TABLE lab_results (
    id           bigint PRIMARY KEY,
    patient_id   int NOT NULL REFERENCES patients,
    test_code    text NOT NULL REFERENCES lab_tests,
    specimen     uuid NOT NULL,
    collected_at timestamptz NOT NULL,
    value        numeric(8,2) NOT NULL,
    flag         char(1) NOT NULL CHECK (flag IN ('L', 'N', 'H')),
    comment      text
);

CREATE TABLE claims (
    id           bigint PRIMARY KEY,
    patient_id   int NOT NULL REFERENCES patients,
    member_id    text NOT NULL,
    submitted_on date NOT NULL,
    payer        text NOT NULL,
    cpt_code     text NOT NULL,
    amount       numeric(10,2) NOT NULL,
    status       text NOT NULL CHECK (status IN ('open', 'paid', 'denied')),
    document     jsonb NOT NULL
);

-- Counts that a dashboard keeps: no person in it, so its columns are reviewed as not PHI.
CREATE TABLE ward_census (
    ward     text PRIMARY KEY REFERENCES wards,
    patients int NOT NULL,
    beds     int NOT NULL
);

CREATE VIEW patient_directory AS
    SELECT p.id, p.last_name || ', ' || p.first_name AS display_name, p.phone, w.name AS ward_name, d.name AS department
    FROM patients p JOIN wards w ON w.code = p.ward JOIN departments d ON d.id = w.department_id;

CREATE MATERIALIZED VIEW patient_summary AS
    SELECT p.id, p.mrn, p.last_name, p.ward, c.claims, c.claimed
    FROM patients p CROSS JOIN LATERAL (SELECT count(*) AS claims, sum(amount) AS claimed FROM claims WHERE patient_id = p.id) c
    WITH NO DATA;
