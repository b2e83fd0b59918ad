-- The hospital of schema.sql in MariaDB: the same tables and keys, lists as JSON, and the same partitions, which cannot have foreign keys here.
-- Its rows are those of data.sql, copied from PostgreSQL when they are loaded. No person in it exists, and none can: see data.sql.

CREATE TABLE departments (
    id          int PRIMARY KEY,
    code        varchar(8) NOT NULL UNIQUE,
    name        varchar(80) NOT NULL,
    floor       int NOT NULL,
    cost_centre varchar(20) NOT NULL
);

CREATE TABLE wards (
    code          varchar(16) PRIMARY KEY,
    name          varchar(80) NOT NULL,
    department_id int NOT NULL REFERENCES departments (id),
    beds          int NOT NULL CHECK (beds > 0)
);

CREATE TABLE lab_tests (
    code varchar(8) PRIMARY KEY,
    name varchar(80) NOT NULL,
    unit varchar(16) NOT NULL,
    low  decimal(8,2) NOT NULL,
    high decimal(8,2) NOT NULL
);

CREATE TABLE patients (
    id          int PRIMARY KEY,
    mrn         varchar(16) NOT NULL UNIQUE,
    ssn         varchar(16) NOT NULL UNIQUE,
    first_name  varchar(80) NOT NULL,
    last_name   varchar(80) NOT NULL,
    birth_date  date NOT NULL,
    sex         char(1) NOT NULL,
    street      varchar(120) NOT NULL,
    city        varchar(80) NOT NULL,
    state       char(2) NOT NULL,
    zip         varchar(10) NOT NULL,
    phone       varchar(24) NOT NULL,
    email       varchar(120) NOT NULL,
    aliases     json NOT NULL,
    contacts    json NOT NULL,
    note        text,
    ward        varchar(16) NOT NULL REFERENCES wards (code),
    blood_type  varchar(3) NOT NULL,
    risk_score  int NOT NULL,
    organ_donor boolean NOT NULL,
    allergies   json NOT NULL,
    care_plan   varchar(120) NOT NULL,
    KEY patients_last_name (last_name, first_name)
);

CREATE TABLE encounters (
    id            bigint NOT NULL,
    patient_id    int NOT NULL,
    department_id int NOT NULL,
    admitted_on   date NOT NULL,
    discharged_on date,
    icd_code      varchar(12) NOT NULL,
    note          varchar(200) NOT NULL,
    cost          decimal(10,2) NOT NULL,
    PRIMARY KEY (id, admitted_on),
    KEY encounters_patient (patient_id)
) PARTITION BY RANGE COLUMNS (admitted_on) (
    PARTITION encounters_2023 VALUES LESS THAN ('2024-01-01'),
    PARTITION encounters_2024 VALUES LESS THAN ('2025-01-01'),
    PARTITION encounters_2025 VALUES LESS THAN ('2026-01-01')
);

CREATE TABLE lab_results (
    id           bigint PRIMARY KEY,
    patient_id   int NOT NULL REFERENCES patients (id),
    test_code    varchar(8) NOT NULL REFERENCES lab_tests (code),
    specimen     uuid NOT NULL,
    collected_at datetime NOT NULL,
    value        decimal(8,2) NOT NULL,
    flag         enum('L', 'N', 'H') NOT NULL,
    comment      varchar(200)
);

CREATE TABLE claims (
    id           bigint PRIMARY KEY,
    patient_id   int NOT NULL REFERENCES patients (id),
    member_id    varchar(16) NOT NULL,
    submitted_on date NOT NULL,
    payer        varchar(80) NOT NULL,
    cpt_code     varchar(8) NOT NULL,
    amount       decimal(10,2) NOT NULL,
    status       enum('open', 'paid', 'denied') NOT NULL,
    document     json NOT NULL
);

-- Counts that a dashboard keeps: no person in it, so its columns are reviewed as not PHI.
CREATE TABLE ward_census (
    ward     varchar(16) PRIMARY KEY REFERENCES wards (code),
    patients int NOT NULL,
    beds     int NOT NULL
);

CREATE VIEW patient_directory AS
    SELECT p.id, concat(p.last_name, ', ', p.first_name) AS display_name, p.phone, w.name AS ward_name, d.name AS department
    FROM patients p JOIN wards w ON w.code = p.ward JOIN departments d ON d.id = w.department_id;
