-- Ordinary mistakes, on tables with PHI and without.

== error 42P01: an unknown table
select * from patient;

== error 42P01: an unknown table in a join with PHI
select p.mrn, v.note from patients p join visits v on v.patient_id = p.id where p.mrn = 'MRN-007919';

== error 42P01: an unknown schema
select * from billing.patients;

== error 42703: an unknown column, without PHI
select code, title from departments;

== error 42703: an unknown column, of a table with PHI
select id, surname from patients;

== error 42703: an unknown column, qualified
select p.id, p.surname from patients p;

== error 42703: an unknown column in a condition
select id, mrn from patients where medical_record_number = 'MRN-007919';

== error 42703: an unknown column in ORDER BY
select id, mrn from patients order by surname;

== error 42703: an unknown column in GROUP BY
select count(*) from patients group by sexe;

== error 42703: an unknown column in a join
select p.id from patients p join claims c on c.patient = p.id;

== error 42703: an unknown column in an aggregate
select avg(age) from patients;

== error 42703: an unknown column of a view
select id, ward from patient_directory;

== error 42P01: an unknown alias
select q.id from patients p;

== error 42703: an unknown column is updated
update patients set risk = 5 where id = 1;

== error 42703: an unknown column is inserted
insert into claims (id, patient, amount) values (99999999, 1, 5);

== error 42P01: an unknown table is updated
update patient set risk_score = 5 where id = 1;

== error 42P01: an unknown table is inserted into
insert into visits (id) values (1);

== error 42P01: an unknown table is deleted from
delete from visits where id = 1;

== error 42601: a misspelled keyword
selec * from patients;

== error 42601: a missing keyword
select id form patients where id = 1;

== error 42601: a comma too many
select id, from patients;

== error 42601: an unfinished condition
select id from patients where mrn = ;

== error 42601: an unclosed parenthesis
select count( from patients;

== error 42601: an unclosed literal
select id from patients where mrn = 'MRN-007919;

== error 42601: a keyword of another dialect
select top 10 * from patients;

== error 42703: quotation marks of another dialect
select id from patients where mrn = "MRN-007919";

== error 42803: an aggregate without GROUP BY
select ward, count(*) from patients;

== error 42803: an aggregate in WHERE
select id from patients where count(*) > 1;

== error 42702: an ambiguous column
select id from patients p join claims c on c.patient_id = p.id;

== error 42883: an unknown function
select id, datediff(now(), now()) from departments;

== error 42883: an unknown function of PHI
select age_in_years(birth_date) from patients;

== error 42883: an operator of two types
select id from patients where risk_score = true;

== error 42601: a set operation of unequal width
select id, ward from patients union select id from claims;

== error 42804: a set operation of unequal types
select id from patients union select ward from patients;

== error 42704: an unknown type
select id::varchar2 from patients;
