-- Written as Hibernate 6 writes it for entities of the hospital, with JDBC's parameters. hibernate.sql is what an older Hibernate really sent.

== masked birth_date, first_name, last_name, mrn, note, ssn: find by id
select p1_0.id,p1_0.birth_date,p1_0.care_plan,p1_0.first_name,p1_0.last_name,p1_0.mrn,p1_0.note,p1_0.risk_score,p1_0.sex,p1_0.ssn,p1_0.ward from patients p1_0 where p1_0.id=$1;
\bind '7'

== masked mrn, last_name: a query by MRN
select p1_0.id,p1_0.mrn,p1_0.last_name,p1_0.ward from patients p1_0 where p1_0.mrn=$1;
\bind 'MRN-007919'

== masked mrn: a page
select p1_0.id,p1_0.mrn,p1_0.risk_score from patients p1_0 where p1_0.ward=$1 order by p1_0.id offset $2 rows fetch first $3 rows only;
\bind '3-east' '20' '10'

== clean: a collection
select c1_0.patient_id,c1_0.id,c1_0.amount,c1_0.payer,c1_0.status from claims c1_0 where c1_0.patient_id=$1;
\bind '11'

== masked last_name, mrn: a fetch join
select p1_0.id,p1_0.last_name,p1_0.mrn,w1_0.code,w1_0.beds,w1_0.department_id,w1_0.name from patients p1_0 join wards w1_0 on w1_0.code=p1_0.ward where p1_0.id=$1;
\bind '11'

== clean: a count
select count(p1_0.id) from patients p1_0 where p1_0.risk_score>$1;
\bind '90'

== clean: a group
select p1_0.ward,count(*),avg(p1_0.risk_score) from patients p1_0 group by p1_0.ward having count(*)>$1 order by 2 desc,1;
\bind '1000'

== clean: an exists query
select count(*) from patients p1_0 where exists(select 1 from claims c1_0 where p1_0.id=c1_0.patient_id and c1_0.status=$1);
\bind 'denied'

== clean: an IN list
select w1_0.code,w1_0.beds,w1_0.department_id,w1_0.name from wards w1_0 where w1_0.code in ($1,$2,$3) order by w1_0.code;
\bind '3-east' '3-west' '4-east'

== clean: a LIKE with its escape
select t1_0.code,t1_0.name from lab_tests t1_0 where t1_0.name like $1 escape '' order by t1_0.code;
\bind 'Gl%'

== clean: a LIKE in lower case
select d1_0.id,d1_0.code,d1_0.name from departments d1_0 where lower(d1_0.name) like lower($1) escape '' order by d1_0.id;
\bind '%ology'

== clean: a clean column is changed, dynamically
update patients set risk_score=$1 where id=$2;
\bind '41' '60'

== clean: an entity is inserted
insert into departments (code,cost_centre,floor,name,id) values ($1,$2,$3,$4,$5);
\bind 'HIB' 'CC-77' '4' 'Hibernation' '77'

== clean: an entity is deleted
delete from departments where id=$1;
\bind '77'

== clean: a bulk update
update claims cl1_0 set status=$1 where cl1_0.status=$2 and cl1_0.id<$3;
\bind 'paid' 'open' '250'

== clean: a pessimistic lock
begin;
select w1_0.code,w1_0.beds from wards w1_0 where w1_0.code=$1 for no key update;
\bind '3-east'
commit;

== clean: a projection with CASE
select p1_0.id,case when p1_0.risk_score>80 then 'high' else 'low' end from patients p1_0 order by p1_0.id fetch first $1 rows only;
\bind '5'
