-- What Hibernate 3.6 with JDBC sent for HibernateWork.java, taken from the server's log. Begin and commit are left out around what only reads.

== masked birth2_2_0_, city2_0_, first6_2_0_, last8_2_0_, mrn2_0_, note2_0_, ssn2_0_, zip2_0_: get an entity
select hibernatew0_.id as id2_0_, hibernatew0_.birth_date as birth2_2_0_, hibernatew0_.blood_type as blood3_2_0_, hibernatew0_.care_plan as care4_2_0_, hibernatew0_.city as city2_0_, hibernatew0_.first_name as first6_2_0_, hibernatew0_.organ_donor as organ7_2_0_, hibernatew0_.last_name as last8_2_0_, hibernatew0_.mrn as mrn2_0_, hibernatew0_.note as note2_0_, hibernatew0_.risk_score as risk11_2_0_, hibernatew0_.sex as sex2_0_, hibernatew0_.ssn as ssn2_0_, hibernatew0_.ward as ward2_0_, hibernatew0_.zip as zip2_0_ from patients hibernatew0_ where hibernatew0_.id=$1;
\bind '7'

== clean: get an entity that is not there
select hibernatew0_.id as id2_0_, hibernatew0_.birth_date as birth2_2_0_, hibernatew0_.blood_type as blood3_2_0_, hibernatew0_.care_plan as care4_2_0_, hibernatew0_.city as city2_0_, hibernatew0_.first_name as first6_2_0_, hibernatew0_.organ_donor as organ7_2_0_, hibernatew0_.last_name as last8_2_0_, hibernatew0_.mrn as mrn2_0_, hibernatew0_.note as note2_0_, hibernatew0_.risk_score as risk11_2_0_, hibernatew0_.sex as sex2_0_, hibernatew0_.ssn as ssn2_0_, hibernatew0_.ward as ward2_0_, hibernatew0_.zip as zip2_0_ from patients hibernatew0_ where hibernatew0_.id=$1;
\bind '-1'

== masked birth2_2_0_, city2_0_, first6_2_0_, last8_2_0_, mrn2_0_, note2_0_, ssn2_0_, zip2_0_: a lazy reference
select hibernatew0_.id as id2_0_, hibernatew0_.birth_date as birth2_2_0_, hibernatew0_.blood_type as blood3_2_0_, hibernatew0_.care_plan as care4_2_0_, hibernatew0_.city as city2_0_, hibernatew0_.first_name as first6_2_0_, hibernatew0_.organ_donor as organ7_2_0_, hibernatew0_.last_name as last8_2_0_, hibernatew0_.mrn as mrn2_0_, hibernatew0_.note as note2_0_, hibernatew0_.risk_score as risk11_2_0_, hibernatew0_.sex as sex2_0_, hibernatew0_.ssn as ssn2_0_, hibernatew0_.ward as ward2_0_, hibernatew0_.zip as zip2_0_ from patients hibernatew0_ where hibernatew0_.id=$1;
\bind '7'
select hibernatew0_.code as code1_0_, hibernatew0_.beds as beds1_0_, hibernatew0_.department_id as department4_1_0_, hibernatew0_.name as name1_0_ from wards hibernatew0_ where hibernatew0_.code=$1;
\bind '4-west'

== masked birth2_2_0_, city2_0_, first6_2_0_, last8_2_0_, mrn2_0_, note2_0_, ssn2_0_, zip2_0_: a lazy collection
select hibernatew0_.id as id2_0_, hibernatew0_.birth_date as birth2_2_0_, hibernatew0_.blood_type as blood3_2_0_, hibernatew0_.care_plan as care4_2_0_, hibernatew0_.city as city2_0_, hibernatew0_.first_name as first6_2_0_, hibernatew0_.organ_donor as organ7_2_0_, hibernatew0_.last_name as last8_2_0_, hibernatew0_.mrn as mrn2_0_, hibernatew0_.note as note2_0_, hibernatew0_.risk_score as risk11_2_0_, hibernatew0_.sex as sex2_0_, hibernatew0_.ssn as ssn2_0_, hibernatew0_.ward as ward2_0_, hibernatew0_.zip as zip2_0_ from patients hibernatew0_ where hibernatew0_.id=$1;
\bind '11'
select claims0_.patient_id as patient6_2_1_, claims0_.id as id1_, claims0_.id as id3_0_, claims0_.amount as amount3_0_, claims0_.cpt_code as cpt3_3_0_, claims0_.patient_id as patient6_3_0_, claims0_.payer as payer3_0_, claims0_.status as status3_0_ from claims claims0_ where claims0_.patient_id=$1;
\bind '11'

== masked birth2_2_, city2_, first6_2_, last8_2_, mrn2_, note2_, ssn2_, zip2_: collections fetched in batches
select hibernatew0_.id as id2_, hibernatew0_.birth_date as birth2_2_, hibernatew0_.blood_type as blood3_2_, hibernatew0_.care_plan as care4_2_, hibernatew0_.city as city2_, hibernatew0_.first_name as first6_2_, hibernatew0_.organ_donor as organ7_2_, hibernatew0_.last_name as last8_2_, hibernatew0_.mrn as mrn2_, hibernatew0_.note as note2_, hibernatew0_.risk_score as risk11_2_, hibernatew0_.sex as sex2_, hibernatew0_.ssn as ssn2_, hibernatew0_.ward as ward2_, hibernatew0_.zip as zip2_ from patients hibernatew0_ where hibernatew0_.id in ($1 , $2 , $3 , $4) order by hibernatew0_.id;
\bind '1' '2' '3' '4'
select claims0_.patient_id as patient6_2_1_, claims0_.id as id1_, claims0_.id as id3_0_, claims0_.amount as amount3_0_, claims0_.cpt_code as cpt3_3_0_, claims0_.patient_id as patient6_3_0_, claims0_.payer as payer3_0_, claims0_.status as status3_0_ from claims claims0_ where claims0_.patient_id in ($1, $2, $3, $4);
\bind '1' '4' '2' '3'

== clean: refresh
select hibernatew0_.code as code1_0_, hibernatew0_.beds as beds1_0_, hibernatew0_.department_id as department4_1_0_, hibernatew0_.name as name1_0_ from wards hibernatew0_ where hibernatew0_.code=$1;
\bind '3-east'
select hibernatew0_.code as code1_0_, hibernatew0_.beds as beds1_0_, hibernatew0_.department_id as department4_1_0_, hibernatew0_.name as name1_0_ from wards hibernatew0_ where hibernatew0_.code=$1;
\bind '3-east'

== clean: a lock for a change
begin;
select hibernatew0_.code as code1_0_, hibernatew0_.beds as beds1_0_, hibernatew0_.department_id as department4_1_0_, hibernatew0_.name as name1_0_ from wards hibernatew0_ where hibernatew0_.code=$1 for update;
\bind '3-east'
commit;

== masked birth2_2_0_, city2_0_, first6_2_0_, last8_2_0_, mrn2_0_, ssn2_0_, zip2_0_: a lock on a patient
begin;
select hibernatew0_.id as id2_0_, hibernatew0_.birth_date as birth2_2_0_, hibernatew0_.blood_type as blood3_2_0_, hibernatew0_.care_plan as care4_2_0_, hibernatew0_.city as city2_0_, hibernatew0_.first_name as first6_2_0_, hibernatew0_.organ_donor as organ7_2_0_, hibernatew0_.last_name as last8_2_0_, hibernatew0_.mrn as mrn2_0_, hibernatew0_.note as note2_0_, hibernatew0_.risk_score as risk11_2_0_, hibernatew0_.sex as sex2_0_, hibernatew0_.ssn as ssn2_0_, hibernatew0_.ward as ward2_0_, hibernatew0_.zip as zip2_0_ from patients hibernatew0_ where hibernatew0_.id=$1 for update;
\bind '12'
commit;

== masked birth2_2_, city2_, first6_2_, last8_2_, mrn2_, note2_, ssn2_, zip2_: HQL, by MRN
select hibernatew0_.id as id2_, hibernatew0_.birth_date as birth2_2_, hibernatew0_.blood_type as blood3_2_, hibernatew0_.care_plan as care4_2_, hibernatew0_.city as city2_, hibernatew0_.first_name as first6_2_, hibernatew0_.organ_donor as organ7_2_, hibernatew0_.last_name as last8_2_, hibernatew0_.mrn as mrn2_, hibernatew0_.note as note2_, hibernatew0_.risk_score as risk11_2_, hibernatew0_.sex as sex2_, hibernatew0_.ssn as ssn2_, hibernatew0_.ward as ward2_, hibernatew0_.zip as zip2_ from patients hibernatew0_ where hibernatew0_.mrn=$1;
\bind 'MRN-007919'

== clean: HQL, by several MRNs
select hibernatew0_.id as col_0_0_ from patients hibernatew0_ where hibernatew0_.mrn in ($1 , $2) order by hibernatew0_.id;
\bind 'MRN-007919' 'MRN-015838'

== clean: HQL, a page
select hibernatew0_.id as col_0_0_, hibernatew0_.risk_score as col_1_0_ from patients hibernatew0_ where hibernatew0_.ward=$1 order by hibernatew0_.id limit $2 offset $3;
\bind '3-east' '3' '20'

== masked birth2_2_, city2_, first6_2_, last8_2_, mrn2_, note2_, ssn2_, zip2_: HQL, a page of entities
select hibernatew0_.id as id2_, hibernatew0_.birth_date as birth2_2_, hibernatew0_.blood_type as blood3_2_, hibernatew0_.care_plan as care4_2_, hibernatew0_.city as city2_, hibernatew0_.first_name as first6_2_, hibernatew0_.organ_donor as organ7_2_, hibernatew0_.last_name as last8_2_, hibernatew0_.mrn as mrn2_, hibernatew0_.note as note2_, hibernatew0_.risk_score as risk11_2_, hibernatew0_.sex as sex2_, hibernatew0_.ssn as ssn2_, hibernatew0_.ward as ward2_, hibernatew0_.zip as zip2_ from patients hibernatew0_ order by hibernatew0_.risk_score desc, hibernatew0_.id limit $1 offset $2;
\bind '5' '10'

== masked col_1_0_: HQL, ordered by name
select hibernatew0_.id as col_0_0_, hibernatew0_.last_name as col_1_0_ from patients hibernatew0_ where hibernatew0_.ward='3-east' order by hibernatew0_.last_name, hibernatew0_.id limit $1;
\bind '5'

== masked birth2_2_0_, city2_0_, first6_2_0_, last8_2_0_, mrn2_0_, note2_0_, ssn2_0_, zip2_0_: HQL, a fetch join
select hibernatew0_.id as id2_0_, hibernatew1_.code as code1_1_, hibernatew2_.id as id0_2_, hibernatew0_.birth_date as birth2_2_0_, hibernatew0_.blood_type as blood3_2_0_, hibernatew0_.care_plan as care4_2_0_, hibernatew0_.city as city2_0_, hibernatew0_.first_name as first6_2_0_, hibernatew0_.organ_donor as organ7_2_0_, hibernatew0_.last_name as last8_2_0_, hibernatew0_.mrn as mrn2_0_, hibernatew0_.note as note2_0_, hibernatew0_.risk_score as risk11_2_0_, hibernatew0_.sex as sex2_0_, hibernatew0_.ssn as ssn2_0_, hibernatew0_.ward as ward2_0_, hibernatew0_.zip as zip2_0_, hibernatew1_.beds as beds1_1_, hibernatew1_.department_id as department4_1_1_, hibernatew1_.name as name1_1_, hibernatew2_.code as code0_2_, hibernatew2_.cost_centre as cost3_0_2_, hibernatew2_.floor as floor0_2_, hibernatew2_.name as name0_2_ from patients hibernatew0_ inner join wards hibernatew1_ on hibernatew0_.ward=hibernatew1_.code inner join departments hibernatew2_ on hibernatew1_.department_id=hibernatew2_.id where hibernatew0_.id=11;

== clean: HQL, a left join fetch of a collection
select distinct hibernatew0_.id as id0_0_, wards1_.code as code1_1_, hibernatew0_.code as code0_0_, hibernatew0_.cost_centre as cost3_0_0_, hibernatew0_.floor as floor0_0_, hibernatew0_.name as name0_0_, wards1_.beds as beds1_1_, wards1_.department_id as department4_1_1_, wards1_.name as name1_1_, wards1_.department_id as department4_0_0__, wards1_.code as code0__ from departments hibernatew0_ left outer join wards wards1_ on hibernatew0_.id=wards1_.department_id;

== clean: HQL, a count
select count(*) as col_0_0_ from patients hibernatew0_ where hibernatew0_.risk_score>90;

== clean: HQL, how many names there are
select count(distinct hibernatew0_.last_name) as col_0_0_ from patients hibernatew0_;

== clean: HQL, groups
select hibernatew0_.ward as col_0_0_, count(*) as col_1_0_, avg(hibernatew0_.risk_score) as col_2_0_ from patients hibernatew0_ group by hibernatew0_.ward having count(*)>1 order by 1;

== masked col_0_0_: HQL, groups by a city
select hibernatew0_.city as col_0_0_, count(*) as col_1_0_ from patients hibernatew0_ group by hibernatew0_.city;

== clean: HQL, exists
select count(*) as col_0_0_ from patients hibernatew0_ where exists (select hibernatew1_.id from claims hibernatew1_ where hibernatew1_.patient_id=hibernatew0_.id and hibernatew1_.status='denied');

== clean: HQL, a size of a collection
select count(*) as col_0_0_ from patients hibernatew0_ where (select count(claims1_.patient_id) from claims claims1_ where hibernatew0_.id=claims1_.patient_id)>2;

== clean: HQL, CASE over what is clean
select hibernatew0_.id as col_0_0_, case when hibernatew0_.risk_score>80 then 'high' else 'low' end as col_1_0_ from patients hibernatew0_ order by hibernatew0_.id limit $1;
\bind '3'

== clean: HQL, no note
select count(*) as col_0_0_ from patients hibernatew0_ where hibernatew0_.note is null;

== masked col_0_0_: HQL, a name in capitals
select upper(hibernatew0_.last_name) as col_0_0_ from patients hibernatew0_ where hibernatew0_.id=7;

== clean: HQL, a pattern of what is clean
select hibernatew0_.code as col_0_0_ from departments hibernatew0_ where lower(hibernatew0_.name) like $1 order by hibernatew0_.code;
\bind '%ology'

== clean: HQL, scalar subquery
select hibernatew0_.code as col_0_0_, (select count(*) from patients hibernatew1_, wards hibernatew2_ where hibernatew1_.ward=hibernatew2_.code and hibernatew1_.ward=hibernatew0_.code) as col_1_0_ from wards hibernatew0_ order by hibernatew0_.code;

== clean: HQL, money by payer
select hibernatew0_.payer as col_0_0_, sum(hibernatew0_.amount) as col_1_0_, max(hibernatew0_.amount) as col_2_0_ from claims hibernatew0_ where hibernatew0_.status<>'open' group by hibernatew0_.payer order by hibernatew0_.payer;

== clean: HQL, members of a ward by a theta join
select count(*) as col_0_0_ from patients hibernatew0_ cross join wards hibernatew1_ where hibernatew0_.ward=hibernatew1_.code and hibernatew1_.beds>20;

== clean: HQL, all of a subquery
select hibernatew0_.code as col_0_0_ from departments hibernatew0_ where hibernatew0_.floor>=all (select hibernatew1_.floor from departments hibernatew1_) order by hibernatew0_.code;

== refused inference-refused: HQL, a pattern of names
select hibernatew0_.id as col_0_0_ from patients hibernatew0_ where hibernatew0_.last_name like 'A%';

== refused inference-refused: HQL, born since
select count(*) as col_0_0_ from patients hibernatew0_ where hibernatew0_.birth_date>=$1;
\bind '1980-01-01'

== masked birth2_2_0_, city2_0_, first6_2_0_, last8_2_0_, mrn2_0_, note2_0_, ssn2_0_, zip2_0_: SQL, an entity
select p.id as id2_0_, p.birth_date as birth2_2_0_, p.blood_type as blood3_2_0_, p.care_plan as care4_2_0_, p.city as city2_0_, p.first_name as first6_2_0_, p.organ_donor as organ7_2_0_, p.last_name as last8_2_0_, p.mrn as mrn2_0_, p.note as note2_0_, p.risk_score as risk11_2_0_, p.sex as sex2_0_, p.ssn as ssn2_0_, p.ward as ward2_0_, p.zip as zip2_0_ from patients p where p.mrn = $1;
\bind 'MRN-007919'

== clean: SQL, a window
select id, rank() over (partition by ward order by risk_score desc) as place from patients order by id limit 5;

== clean: criteria, an example
select this_.code as code1_0_, this_.beds as beds1_0_, this_.department_id as department4_1_0_, this_.name as name1_0_ from wards this_ where this_.department_id=$1 order by this_.code asc;
\bind '1'

== clean: criteria, by SSN
select this_.id as id2_0_, this_.birth_date as birth2_2_0_, this_.blood_type as blood3_2_0_, this_.care_plan as care4_2_0_, this_.city as city2_0_, this_.first_name as first6_2_0_, this_.organ_donor as organ7_2_0_, this_.last_name as last8_2_0_, this_.mrn as mrn2_0_, this_.note as note2_0_, this_.risk_score as risk11_2_0_, this_.sex as sex2_0_, this_.ssn as ssn2_0_, this_.ward as ward2_0_, this_.zip as zip2_0_ from patients this_ where this_.ssn=$1;
\bind '900-00-0000'

== clean: criteria, a join
select count(*) as y0_ from claims this_ inner join patients p1_ on this_.patient_id=p1_.id where p1_.blood_type=$1 and this_.amount between $2 and $3;
\bind 'O-' '100' '300'

== masked birth2_2_1_, city2_1_, first6_2_1_, last8_2_1_, mrn2_1_, note2_1_, ssn2_1_, zip2_1_: criteria, a fetch join
select this_.id as id2_1_, this_.birth_date as birth2_2_1_, this_.blood_type as blood3_2_1_, this_.care_plan as care4_2_1_, this_.city as city2_1_, this_.first_name as first6_2_1_, this_.organ_donor as organ7_2_1_, this_.last_name as last8_2_1_, this_.mrn as mrn2_1_, this_.note as note2_1_, this_.risk_score as risk11_2_1_, this_.sex as sex2_1_, this_.ssn as ssn2_1_, this_.ward as ward2_1_, this_.zip as zip2_1_, hibernatew2_.code as code1_0_, hibernatew2_.beds as beds1_0_, hibernatew2_.department_id as department4_1_0_, hibernatew2_.name as name1_0_ from patients this_ left outer join wards hibernatew2_ on this_.ward=hibernatew2_.code where this_.id = $1;
\bind '11'

== clean: criteria, projections
select this_.blood_type as y0_, count(*) as y1_, avg(this_.risk_score) as y2_ from patients this_ group by this_.blood_type order by this_.blood_type asc;

== clean: criteria, a subquery
select count(*) as y0_ from patients this_ where this_.id in (select this_.patient_id as y0_ from claims this_ where this_.status=$1);
\bind 'denied'

== clean: criteria, a disjunction
select count(*) as y0_ from patients this_ where (this_.blood_type=$1 or this_.risk_score>$2);
\bind 'AB-' '95'

== clean: criteria, ILIKE of what is clean
select this_.id as id0_0_, this_.code as code0_0_, this_.cost_centre as cost3_0_0_, this_.floor as floor0_0_, this_.name as name0_0_ from departments this_ where this_.name ilike $1;
\bind 'onc%'

== clean: criteria, a page
select this_.id as id3_0_, this_.amount as amount3_0_, this_.cpt_code as cpt3_3_0_, this_.patient_id as patient6_3_0_, this_.payer as payer3_0_, this_.status as status3_0_ from claims this_ where this_.status in ($1, $2) order by this_.amount desc, this_.id asc limit $3 offset $4;
\bind 'open' 'denied' '5' '5'

== clean: criteria, not null
select count(*) as y0_ from patients this_ where this_.note is not null;

== masked birth2_2_0_, city2_0_, first6_2_0_, last8_2_0_, mrn2_0_, ssn2_0_, zip2_0_: a clean column changed
begin;
select hibernatew0_.id as id2_0_, hibernatew0_.birth_date as birth2_2_0_, hibernatew0_.blood_type as blood3_2_0_, hibernatew0_.care_plan as care4_2_0_, hibernatew0_.city as city2_0_, hibernatew0_.first_name as first6_2_0_, hibernatew0_.organ_donor as organ7_2_0_, hibernatew0_.last_name as last8_2_0_, hibernatew0_.mrn as mrn2_0_, hibernatew0_.note as note2_0_, hibernatew0_.risk_score as risk11_2_0_, hibernatew0_.sex as sex2_0_, hibernatew0_.ssn as ssn2_0_, hibernatew0_.ward as ward2_0_, hibernatew0_.zip as zip2_0_ from patients hibernatew0_ where hibernatew0_.id=$1;
\bind '60'
update patients set risk_score=$1 where id=$2;
\bind '41' '60'
commit;

== clean: inserted
begin;
insert into departments (code, cost_centre, floor, name, id) values ($1, $2, $3, $4, $5);
\bind 'HIB' 'CC-77' '4' 'Hibernation' '77'
commit;

== clean: saved whole where nothing is PHI
begin;
select hibernatew0_.id as id0_0_, hibernatew0_.code as code0_0_, hibernatew0_.cost_centre as cost3_0_0_, hibernatew0_.floor as floor0_0_, hibernatew0_.name as name0_0_ from departments hibernatew0_ where hibernatew0_.id=$1;
\bind '77'
update departments set code=$1, cost_centre=$2, floor=$3, name=$4 where id=$5;
\bind 'HIB' 'CC-77' '5' 'Hibernation' '77'
commit;

== clean: merged
begin;
select hibernatew0_.id as id0_0_, hibernatew0_.code as code0_0_, hibernatew0_.cost_centre as cost3_0_0_, hibernatew0_.floor as floor0_0_, hibernatew0_.name as name0_0_ from departments hibernatew0_ where hibernatew0_.id=$1;
\bind '77'
update departments set code=$1, cost_centre=$2, floor=$3, name=$4 where id=$5;
\bind 'HIB' 'CC-77' '6' 'Hibernating' '77'
commit;

== masked birth2_2_0_, city2_0_, first6_2_0_, last8_2_0_, mrn2_0_, note2_0_, ssn2_0_, zip2_0_: a reference changed
begin;
select hibernatew0_.id as id2_0_, hibernatew0_.birth_date as birth2_2_0_, hibernatew0_.blood_type as blood3_2_0_, hibernatew0_.care_plan as care4_2_0_, hibernatew0_.city as city2_0_, hibernatew0_.first_name as first6_2_0_, hibernatew0_.organ_donor as organ7_2_0_, hibernatew0_.last_name as last8_2_0_, hibernatew0_.mrn as mrn2_0_, hibernatew0_.note as note2_0_, hibernatew0_.risk_score as risk11_2_0_, hibernatew0_.sex as sex2_0_, hibernatew0_.ssn as ssn2_0_, hibernatew0_.ward as ward2_0_, hibernatew0_.zip as zip2_0_ from patients hibernatew0_ where hibernatew0_.id=$1;
\bind '61'
update patients set ward=$1 where id=$2;
\bind '3-west' '61'
select hibernatew0_.code as code1_0_, hibernatew0_.beds as beds1_0_, hibernatew0_.department_id as department4_1_0_, hibernatew0_.name as name1_0_ from wards hibernatew0_ where hibernatew0_.code in ($1, $2);
\bind '3-west' '6-east'
commit;

== clean: several changed
begin;
select hibernatew0_.id as id3_, hibernatew0_.amount as amount3_, hibernatew0_.cpt_code as cpt3_3_, hibernatew0_.patient_id as patient6_3_, hibernatew0_.payer as payer3_, hibernatew0_.status as status3_ from claims hibernatew0_ where hibernatew0_.patient_id=11 order by hibernatew0_.id;
update claims set status=$1 where id=$2;
\bind 'paid' '12017'
commit;

== clean: deleted
begin;
select hibernatew0_.id as id0_0_, hibernatew0_.code as code0_0_, hibernatew0_.cost_centre as cost3_0_0_, hibernatew0_.floor as floor0_0_, hibernatew0_.name as name0_0_ from departments hibernatew0_ where hibernatew0_.id=$1;
\bind '77'
delete from departments where id=$1;
\bind '77'
commit;

== clean: HQL, many changed
begin;
update claims set status='paid' where status='open' and id<250;
commit;

== clean: HQL, many deleted
begin;
delete from claims where status='paid' and id<5;
commit;

== clean: locked by a query
begin;
select hibernatew0_.code as code1_, hibernatew0_.beds as beds1_, hibernatew0_.department_id as department4_1_, hibernatew0_.name as name1_ from wards hibernatew0_ where hibernatew0_.code='3-east' for update;
commit;
