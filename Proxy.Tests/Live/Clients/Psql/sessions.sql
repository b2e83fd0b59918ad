show server_version_num;
set work_mem = '5MB';
show work_mem;
prepare p (int) as select $1 + 1;
execute p (1);
deallocate p;
begin isolation level serializable;
declare c cursor for select generate_series(1, 4);
fetch 2 from c;
fetch all from c;
commit;
create temp table t as select 1 as a;
select count(*) from t;
drop table t;
\c
select current_user;
discard all;
\echo end of script
