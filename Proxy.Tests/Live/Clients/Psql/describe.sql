\d
\dt
\dv
\d patient
\d+ every_type
\d+ patient_view
\d note
\df add_one
\sf add_one
\dT mood
\dn
\dp patient
\di
\ds
\x
select * from patient where id = 1;
\x
\encoding
\echo end of script
