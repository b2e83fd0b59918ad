-- Fills the hospital of schema.sql: 20,000 patients, 60,000 encounters, 100,000 lab results, 40,000 claims. The same on every machine and
-- in every run: all choices hash the row's number with md5; nothing is random, nothing depends on the clock or the locale.
--
-- Every identifier is one that nobody can have: social security numbers begin with 900 to 999, which are never issued; telephone
-- numbers are 555-0100 to 555-0199, reserved for fiction; e-mail addresses are in the example domains of RFC 2606.

SET TIME ZONE 'UTC';

-- 28 bits of the hash of (what, n), reduced to 0 .. below - 1.
CREATE FUNCTION pg_temp.pick(what text, n bigint, below int) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT ('x' || substr(md5(what || n::text), 1, 7))::bit(28)::int % below $$;
CREATE FUNCTION pg_temp.one_of(what text, n bigint, choices text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT choices[1 + pg_temp.pick(what, n, cardinality(choices))] $$;

INSERT INTO departments VALUES
    (1, 'CAR', 'Cardiology', 3, 'CC-3100'), (2, 'ONC', 'Oncology', 4, 'CC-4100'), (3, 'NEU', 'Neurology', 5, 'CC-5100'),
    (4, 'PED', 'Paediatrics', 2, 'CC-2100'), (5, 'EMR', 'Emergency', 1, 'CC-1100'), (6, 'ORT', 'Orthopaedics', 6, 'CC-6100'),
    (7, 'OBS', 'Obstetrics', 2, 'CC-2200'), (8, 'PSY', 'Psychiatry', 7, 'CC-7100');

INSERT INTO wards VALUES
    ('3-east', 'Coronary care', 1, 24), ('3-west', 'Heart failure', 1, 32), ('4-east', 'Day oncology', 2, 40), ('4-west', 'Haematology', 2, 28),
    ('5-east', 'Stroke unit', 3, 20), ('2-east', 'Children', 4, 36), ('1-main', 'Acute admissions', 5, 48), ('6-east', 'Joints and spine', 6, 30),
    ('2-west', 'Maternity', 7, 26), ('7-main', 'Open psychiatry', 8, 34);

INSERT INTO lab_tests VALUES
    ('GLU', 'Glucose, fasting', 'mg/dL', 70, 99), ('HBA1C', 'Haemoglobin A1c', '%', 4.0, 5.6), ('NA', 'Sodium', 'mmol/L', 135, 145),
    ('K', 'Potassium', 'mmol/L', 3.5, 5.1), ('CREA', 'Creatinine', 'mg/dL', 0.6, 1.3), ('HGB', 'Haemoglobin', 'g/dL', 12.0, 17.5),
    ('WBC', 'Leucocytes', '10^9/L', 4.0, 11.0), ('LDL', 'LDL cholesterol', 'mg/dL', 40, 130);

CREATE TEMP TABLE persons AS
SELECT n AS id,
    pg_temp.one_of('sex', n, '{F,F,F,F,F,F,F,F,F,F,M,M,M,M,M,M,M,M,M,X}') AS sex,
    pg_temp.one_of('first', n, '{Adaeze,Alba,Amir,Anouk,Aoife,Arjun,Astrid,Aylin,Baptiste,Beatriz,Bohdan,Camila,Chidi,Ciara,Dagny,Dariusz,Devi,
        Ebele,Eero,Elif,Emeka,Enzo,Esme,Farid,Fatima,Fionn,Freya,Gael,Giulia,Hana,Hiroshi,Ife,Ilse,Imani,Ingrid,Isko,Ivo,Jadwiga,Joao,Kaito,
        Kalani,Keziah,Laila,Leif,Lucia,Maeve,Malik,Marisol,Mateo,Mirela,Nadia,Nikhil,Noor,Odile,Oisin,Oluwa,Paloma,Petra,Quentin,Rania,Ravi,
        Rosalind,Sanne,Sefa,Soren,Tamsin,Teodor,Thandi,Umut,Valentin,Vesna,Wanjiru,Xiomara,Yara,Yusuf,Zofia}') AS first_name,
    pg_temp.one_of('last', n, '{Abernathy,Achterberg,Adeyemi,Alcaraz,Amundsen,Arkwright,Balogun,Barzani,Beaumont,Bialik,Blackwood,Bonham,Brannigan,
        Calloway,Castellan,Chaudhry,Chernov,Cordero,Dalgaard,Delacroix,Dimitrov,Eastwick,Ekholm,Escobedo,Fairweather,Fontaine,Galloway,Ganapathy,
        Gustafson,Halloran,Harrowgate,Hellström,Holloway,Ibarra,Iwamoto,Jankowski,Jorgensen,Kallio,Karimov,Kowalczyk,Lindqvist,Lockhart,Maddox,
        Mbeki,Merriweather,Montalvo,Nakagawa,Ndiaye,Novotny,Obradovic,Okonkwo,Olivares,Pemberton,Petrosyan,Quillfeather,Ramaswamy,Ravenscroft,
        Rosenthal,Saarinen,Santorini,Sedgwick,Stavros,Takahashi,Thackeray,Tremblay,Ueda,Vandermeer,Villanueva,Wainwright,Whitlock,Yamanaka,Zielinski}')
        AS last_name,
    DATE '1931-01-01' + pg_temp.pick('birth', n, 34000) AS birth_date,
    (100 + pg_temp.pick('house', n, 9000)) || ' ' || pg_temp.one_of('street', n, '{Alder,Birch,Cedar,Dogwood,Elm,Foxglove,Hawthorn,Juniper,Larch,Maple,
        Oak,Poplar,Rowan,Spruce,Willow}') || ' ' || pg_temp.one_of('way', n, '{Avenue,Court,Drive,Lane,Place,Road,Street,Terrace}') AS street,
    1 + pg_temp.pick('town', n, 6) AS town,
    '+1-' || (200 + pg_temp.pick('area', n, 700)) || '-555-01' || lpad(pg_temp.pick('line', n, 100)::text, 2, '0') AS phone,
    pg_temp.one_of('ward', n, '{3-east,3-west,4-east,4-west,5-east,2-east,1-main,1-main,6-east,2-west,7-main}') AS ward
FROM generate_series(1, 20000) n;

INSERT INTO patients
SELECT id,
    -- 7,919 and 982,451 have no factor in common with the moduli: every number occurs once.
    'MRN-' || lpad((id * 7919 % 1000000)::text, 6, '0'),
    -- (900 + area) - (group 01 to 99) - serial: distinct because id * 982,451 modulo 99,000,000 is.
    overlay(overlay((900000000 + 10000 + (id::bigint * 982451 % 98990000))::text PLACING '-' FROM 6 FOR 0) PLACING '-' FROM 4 FOR 0),
    first_name, last_name, birth_date, sex, street,
    (ARRAY['Ashgrove', 'Brightwater', 'Coldspring', 'Dunmore', 'Eastmarsh', 'Fallow Hill'])[town],
    (ARRAY['WA', 'VT', 'OH', 'NM', 'ME', 'IA'])[town],
    (ARRAY['98', '05', '43', '87', '04', '50'])[town] || lpad(pg_temp.pick('zip', id, 1000)::text, 3, '0'),
    phone,
    lower(first_name) || '.' || id || '@' || pg_temp.one_of('mail', id, '{example.com,example.net,example.org}'),
    CASE WHEN pg_temp.pick('alias', id, 4) = 0 THEN ARRAY[left(first_name, 1) || '. ' || last_name, pg_temp.one_of('nick', id, '{Ace,Bee,Coco,Dusty,Kit,Rusty}')]
         ELSE '{}' END,
    jsonb_build_object(
        'guardian', pg_temp.one_of('guardian', id, '{Ansel,Brigid,Cosima,Dmitri,Ewan,Greta}') || ' ' || last_name,
        'phones', jsonb_build_array(jsonb_build_object('kind', 'home', 'number', phone)),
        'language', pg_temp.one_of('language', id, '{en,es,fr,pl,so,uk,vi}'),
        'consent', pg_temp.pick('consent', id, 10) > 0),
    CASE WHEN pg_temp.pick('note', id, 3) > 0 THEN first_name || ' ' || last_name || ' (' || sex || ', born ' || birth_date || ') '
        || pg_temp.one_of('complaint', id, '{"reports chest pain on exertion","was admitted with shortness of breath","is seen for follow-up after surgery",
            "complains of recurring migraine","presents with a persistent cough","feels well and asks for a medication review"}')
        || '; reachable at ' || phone || '.' END,
    ward,
    pg_temp.one_of('blood', id, '{O+,O+,O+,O-,A+,A+,A+,A-,B+,B-,AB+,AB-}'),
    pg_temp.pick('risk', id, 101),
    pg_temp.pick('donor', id, 3) = 0,
    CASE pg_temp.pick('allergy', id, 5) WHEN 0 THEN '{penicillin}' WHEN 1 THEN '{latex,nuts}' WHEN 2 THEN '{iodine}' ELSE '{}' END::text[],
    pg_temp.one_of('plan', id, '{"observe, vitals every 4 hours","discharge when mobile","physiotherapy twice a day","low-salt diet, daily weight"}')
FROM persons ORDER BY id;

INSERT INTO encounters
SELECT n, patient_id, 1 + pg_temp.pick('department', n, 8), admitted_on,
    CASE WHEN pg_temp.pick('open', n, 20) > 0 THEN admitted_on + pg_temp.pick('stay', n, 14) END,
    pg_temp.one_of('icd', n, '{I10,I21.4,E11.9,J45.909,G40.909,C50.911,M54.5,F32.1,O80,S72.001A}'),
    p.first_name || ' ' || p.last_name || ': ' || pg_temp.one_of('course', n, '{"uneventful course","transferred from another hospital",
        "improved on treatment","left against medical advice","readmitted within 30 days"}') || '.',
    500 + pg_temp.pick('cost', n, 4000000) / 100.0
FROM (SELECT n, 1 + pg_temp.pick('patient', n, 20000) AS patient_id, DATE '2023-01-01' + pg_temp.pick('admitted', n, 1096) AS admitted_on
      FROM generate_series(1, 60000) n) e JOIN persons p ON p.id = e.patient_id
ORDER BY n;

INSERT INTO lab_results
SELECT r.n, 1 + pg_temp.pick('subject', r.n, 20000), t.code, md5('specimen' || r.n)::uuid,
    TIMESTAMPTZ '2023-01-01 06:00:00Z' + pg_temp.pick('collected', r.n, 94000000) * INTERVAL '1 second',
    r.value, CASE WHEN r.value < t.low THEN 'L' WHEN r.value > t.high THEN 'H' ELSE 'N' END,
    CASE WHEN pg_temp.pick('remark', r.n, 10) = 0 THEN 'haemolysed, repeat' END
FROM (SELECT n, code, round(low * 0.8 + (high - low * 0.6) * pg_temp.pick('value', n, 1000) / 1000, 2) AS value
      FROM (SELECT n, pg_temp.one_of('test', n, '{GLU,HBA1C,NA,K,CREA,HGB,WBC,LDL}') AS code FROM generate_series(1, 100000) n) s
      JOIN lab_tests USING (code)) r JOIN lab_tests t ON t.code = r.code
ORDER BY r.n;

INSERT INTO claims
SELECT n, p.id, 'HP' || lpad((p.id * 104729::bigint % 100000000)::text, 8, '0'), DATE '2023-01-01' + pg_temp.pick('submitted', n, 1096), payer,
    pg_temp.one_of('cpt', n, '{99213,99223,93000,70450,80053,85025,36415}'), 40 + pg_temp.pick('amount', n, 900000) / 100.0,
    pg_temp.one_of('status', n, '{open,paid,paid,paid,denied}'),
    jsonb_build_object('subscriber', p.first_name || ' ' || p.last_name, 'payer', payer, 'lines', 1 + pg_temp.pick('lines', n, 6))
FROM (SELECT n, 1 + pg_temp.pick('claimant', n, 20000) AS patient_id,
          pg_temp.one_of('payer', n, '{Example Mutual,Sample Health,Placeholder Life}') AS payer FROM generate_series(1, 40000) n) c
JOIN persons p ON p.id = c.patient_id
ORDER BY n;

INSERT INTO ward_census SELECT w.code, count(p.id), w.beds FROM wards w LEFT JOIN patients p ON p.ward = w.code GROUP BY w.code, w.beds ORDER BY w.code;

CREATE INDEX patients_last_name ON patients (last_name, first_name);
CREATE INDEX patients_ward ON patients (ward);
CREATE INDEX encounters_patient ON encounters (patient_id);
CREATE INDEX lab_results_patient ON lab_results (patient_id, test_code);
CREATE INDEX claims_patient ON claims (patient_id);
REFRESH MATERIALIZED VIEW patient_summary;
CREATE UNIQUE INDEX patient_summary_id ON patient_summary (id);

DROP TABLE persons;
DROP FUNCTION pg_temp.one_of(text, bigint, text[]);
DROP FUNCTION pg_temp.pick(text, bigint, int);
RESET TIME ZONE;
ANALYZE;
