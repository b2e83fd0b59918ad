\d
\dt
\dv
\d patient
\d+ every_type
\d+ patient_view
\d note
\df add_one
\df
\dT mood
\dn
\dp patient
\di
\ds
\d patient_view
\dn+
\du
\l template*
\dx
\dD
\do
\x
\dt+ patient
\x
\encoding
\echo end of script
