select * from nowhere;
\echo :SQLSTATE :LAST_ERROR_MESSAGE
\errverbose
select 1/0;
\errverbose
select speak('notice', 'psql hears it');
select speak('error', 'psql sees it');
begin;
selct;
select 1;
rollback;
\set ON_ERROR_ROLLBACK on
begin;
select 1/0;
select 2;
commit;
insert into note (id, body) values (1, 'a');
insert into note (id, body) values (1, 'b');
\set VERBOSITY verbose
select 'x'::int;
\echo :ERROR :ROW_COUNT
\echo end of script
