copy note (id, body) from stdin;
1	one
2	two \t tab
\.
\copy note (id, body) from stdin csv
3,"three, 3"
\.
select id, body from note order by id;
copy (select id, body from note order by id) to stdout;
copy (select id, body from note order by id) to stdout csv header;
\copy (select 1, null) to stdout
copy note (id) from stdin;
x
\.
select count(*) from note;
\echo end of script
