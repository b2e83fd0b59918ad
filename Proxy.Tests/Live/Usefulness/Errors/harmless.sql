-- Mistakes that cannot touch PHI: the gateway passes the server's error byte for byte.

== error 42P01: unknown table
select * from department;

== error 42P01: unknown table in a schema
select * from public.department;

== error 42P01: unknown table in a query in FROM
select * from (select id from department) d;

== error 42P01: unknown table, updated
update department set floor = 1;

== error 42P01: unknown table, deleted from
delete from department;

== error 42P01: unknown table, inserted into
insert into department values (1);

== error 42P01: unknown alias
select x.code from departments d;

== error 42703: unknown column
select title from departments;

== error 42703: unknown column, with a hint
select nam from departments;

== error 42703: unknown column in WHERE
select code from departments where flor = 1;

== error 42703: unknown column in ORDER BY
select code from departments order by flor;

== error 42703: unknown column in GROUP BY
select count(*) from wards group by bed;

== error 42703: unknown column in USING
select * from wards join departments using (department);

== error 42703: unknown column in SET
update departments set title = 'x' where id = 1;

== error 42703: unknown column in INSERT
insert into departments (id, title) values (99, 'x');

== error 42703: unknown column in RETURNING
delete from ward_census where ward = 'none' returning title;

== error 42702: ambiguous column
select name from wards w join departments d on d.id = w.department_id;

== error 42601: a misspelled keyword
selct 1;

== error 42601: an unfinished statement
select code from;

== error 42601: an unclosed parenthesis
select (1;

== error 42601: an unclosed literal
select 'abc;

== error 42601: an unclosed identifier
select "abc from departments;

== error 42601: two commas
select code,, name from departments;

== error 42601: a wrong order of clauses
select code from departments order by code where floor = 1;

== error 42601: INSERT with more expressions than columns
insert into departments (id, code) values (1, 'x', 'y');

== error 42601: INSERT with fewer expressions than columns
insert into departments (id, code, name) values (1, 'x');

== error 42601: VALUES of unequal length
values (1, 2), (3);

== error 42601: a set operation of unequal width
select code, name from departments union select code from wards;

== error 42883: unknown function
select datediff('day', now(), now());

== error 42883: a function with other types
select round('x'::text, 1);

== error 42883: a function with too many arguments
select upper(code, 2) from departments;

== error 42883: an operator between types that do not fit
select code + 1 from departments;

== error 42883: a comparison between types that do not fit
select 1 from departments where code = 5;

== error 42704: unknown type
select 1::number;

== error 42704: unknown setting
show no_such_setting;

== error 42846: a cast that there is not
select true::date;

== error 42804: CASE of types that do not fit
select case when true then 1 else current_date end;

== error 42804: WHERE that is no condition
select 1 from departments where floor;

== error 42804: a column of another type
update departments set floor = true where id = 1;

== error 42804: a set operation of types that do not fit
select id from departments union select code from departments;

== error 42803: an ungrouped column
select department_id, code from wards group by department_id;

== error 42803: an aggregate in WHERE
select department_id from wards where count(*) > 1 group by department_id;

== error 42803: an aggregate in an aggregate
select max(count(*)) from wards;

== error 42P20: a window in WHERE
select code from wards where row_number() over () = 1;

== error 42P10: ORDER BY a position that there is not
select code from wards order by 3;

== error 42P10: DISTINCT ON without its order
select distinct on (code) code from wards order by beds;

== error 42P10: ON CONFLICT without its constraint
insert into ward_census values ('1-main', 1, 1) on conflict (beds) do nothing;

== error 42712: a table named twice
select 1 from wards, wards;

== error 42601: a column set twice
update ward_census set beds = 1, beds = 2 where ward = '1-main';

== error 42701: a column inserted twice
insert into departments (id, id) values (1, 2);

== error 22P02: text that is no number
select 'abc'::int;

== error 22P02: text that is no number, compared
select code from departments where id = 'abc';

== error 22P02: text that is no truth value
select 'maybe'::boolean;

== error 22P02: text that is no document
select '{'::jsonb;

== error 22P02: text that is no uuid
select 'xyz'::uuid;

== error 22P02: a column that is no number
select code::int from departments;

== error 22007: text that is no date
select 'tomorow'::date;

== error 22008: a date that there is not
select '2024-02-30'::date;

== error 22003: a number out of range
select 3000000000::int;

== error 22003: a sum out of range
select 2147483647 + floor from departments;

== error 22012: division by zero
select 1 / 0;

== error 22012: division by a clean column
select 1 / (floor - floor) from departments;

== error 22001: a text too long
create temp table short (v varchar(2));
insert into short values ('abcdef');

== error 2201B: a bad regular expression
select code from departments where name ~ '(';

== error 2201W: a negative LIMIT
select code from departments limit -1;

== error 21000: more than one row from a scalar query
select (select code from departments);

== error 21000: a row affected twice
insert into ward_census values ('1-main', 1, 1), ('1-main', 2, 2) on conflict (ward) do update set patients = excluded.patients;

== error 23505: a duplicate key
insert into departments values (1, 'XXX', 'x', 3, 'y');

== error 23505: a duplicate code
insert into departments values (98, 'CAR', 'x', 3, 'y');

== error 23502: a missing value
insert into departments (id, code) values (97, 'ABC');

== error 23503: an unknown department
insert into wards values ('9-east', 'Nowhere', 999, 5);

== error 23503: an unknown ward
insert into ward_census values ('9-east', 1, 1);

== error 23514: a check
insert into wards values ('9-west', 'Nowhere', 1, 0);

== error 22012: a failed transaction
begin;
select 1 / 0;
select 1;
rollback;

== error 25006: a write in a read-only transaction
begin read only;
update ward_census set beds = 1;
rollback;

== error 3B001: a savepoint that there is not
begin;
rollback to savepoint nowhere;
rollback;

== error 34000: a cursor that there is not, closed
close nowhere;

== error 42P02: a parameter that there is not
select $1;

== error 22023: a bad time zone
set timezone to 'Nowhere/City';

== error 22023: a setting out of range
set work_mem to '1kB';

== error 22023: a part of a date that there is not
select date_trunc('moon', timestamp '2024-01-01');

== error 22004: a missing frame bound
select sum(beds) over (order by code rows null preceding) from wards;

== error 42883: an aggregate without its order
select percentile_cont(0.5) from wards;

== error 0A000: another database
select * from other.public.departments;

== error 42P02: a parameter that there is not, tested
select $1 is null;

== error 22P04: COPY of a short row
copy departments from stdin;
61	ABC
\.

== error 22P02: COPY of a bad number
copy departments from stdin;
abc	ABC	x	1	y
\.

