select 1 as a, 'x'::text as b, now() as c \gdesc
select 41 + 1 as answer \gset
\echo :answer
select :'answer' as quoted, :answer as bare, :"answer" from (select 42 as "42") x;
select format('select %s as n', i) from generate_series(1, 3) i \gexec
select id, active, name from patient order by id \crosstabview id active name
\set FETCH_COUNT 2
select generate_series(1, 5);
\set FETCH_COUNT 0
\set AUTOCOMMIT off
insert into note (body) values ('lost');
rollback;
\set AUTOCOMMIT on
select count(*) from note;
\if true
select 'taken';
\else
select 'not taken';
\endif
select 1 \; select 2 \; select 3;
listen c;
notify c, 'hello';
unlisten c;
\timing off
\sf add_one
\dconfig work_mem
\x
select * from patient where id = 1;
\x
\pset null 'NULL'
select null;
select 'Ångström 李 😀' as "größe";
\a
\t
table patient;
\echo end of script
