namespace Proxy.Tests.Live.Attacks;

/// <summary>A small hospital. Every value that must not come out is one of <see cref="Canaries"/>.</summary>
public static class AttackDatabase
{
    public static readonly string[] Canaries =
        ["912-57-3461", "912573461", "923-68-4172", "Quillfeather", "Brambleworth", "1931-02-03", "1944-11-29", "VERMILLION", "NARCISSUS"];

    /// <summary>Makes another hospital that differs in PHI alone: which of the two it is, no answer may tell.</summary>
    public const string Twin = """
        update patients set ssn = '811-46-2350', surname = 'Ravensworthy', born = '1988-07-06', chart = '{"lane": ["a", 1]}', aliases = '{{a,b},{c,d}}' where id = 1;
        update patients set ssn = '805-00-7711', surname = 'ad(', born = '2001-01-01', chart = 'true', aliases = '{}' where id = 2;
        update visits set note = 'nothing of note';
        update stays set during = daterange('2001-01-01', '2001-01-05') where id = 1;
        update stays set during = daterange(null, '2001-01-05') where id = 2;
        update guests set surname = 'Ashdown' where id = 1;
        update residents set ssn = case floor when 1 then '811-46-2350' else '805-00-7711' end;
        update consents set ssn = '805-00-7711';
        update arrivals set born = '1988-07-06' where id = 1;
        update beds set ssn = case id when 1 then '923-68-4172' when 2 then '805-00-7711' else '912-57-3461' end;
        update cots set ssn = case id when 1 then '923-68-4172' when 2 then '805-00-7711' else '912-57-3461' end;
        update turns set born = case ward when 'A' then date '2001-01-01' else date '1988-07-06' end;
        update sites_east set ssn = case id when 1 then '923-68-4172' when 2 then '805-00-7711' else '912-57-3461' end;
        update shifts_night set ssn = case label when 'one' then '923-68-4172' when 'two' then '805-00-7711' else '912-57-3461' end;
        update seats set ssn = case label when 'one' then '923-68-4172' when 'two' then '805-00-7711' else '912-57-3461' end;
        update lockers set ssn = case label when 'one' then '923-68-4172' else '805-00-7711' end;
        update notices set note = 'nothing of note';
        refresh materialized view contacts;
        refresh materialized view beds_kept;
        analyze;
        """;

    public const string Create = """
        create table departments (name text primary key, floor int not null, title text not null);
        insert into departments values ('Cardiology', 3, 'Chief of Cardiology'), ('Oncology', 4, 'Chief of Oncology');
        create table patients (
            id int primary key, ssn text not null unique, surname text not null, born date not null, chart jsonb not null, aliases text[] not null,
            ward text not null references departments, risk int not null constraint risk_is_a_percentage check (risk between 0 and 100));
        insert into patients values
            (1, '912-57-3461', 'Quillfeather', '1931-02-03', '{"street": "VERMILLION"}', '{NARCISSUS}', 'Cardiology', 42),
            (2, '923-68-4172', 'Brambleworth', '1944-11-29', '{"street": "VERMILLION"}', '{NARCISSUS}', 'Oncology', 77);
        create table dump (k text, v text);
        create table tallies (id int, marks int[]);
        create table counters (id serial primary key, label text);
        create table visits (id int primary key, patient int not null, ward text not null, note text not null) partition by range (id);
        create table visits_1 partition of visits for values from (0) to (100);
        insert into visits values (1, 1, 'Cardiology', 'Quillfeather seen'), (2, 2, 'Oncology', 'Brambleworth seen');
        create view directory as select id, surname as label, ward from patients;
        create view wards as select name, floor from departments;
        create materialized view contacts as select id, surname as label from patients;
        create function ssn_of(int) returns text language sql stable as 'select ssn from patients where id = $1';
        create function label(patients) returns text language sql stable as 'select $1.surname';
        create function is_known(text) returns boolean language plpgsql as
            $$ declare s text; begin select ssn into s from patients where id = 1; raise exception 'it is not %', s; end $$;
        create domain known as text check (is_known(value));
        create type pair as (a known, b text);
        create function spelled_now(int) returns text language sql immutable as 'select ssn from patients where id = $1';
        create function spelled(int) returns text language sql stable as 'select ssn from patients where id = $1';
        select lo_from_bytea(99001, convert_to('912-57-3461', 'UTF8'));
        create function second(a text, b text) returns text language sql immutable as 'select b';
        create function second_of(variadic a text[]) returns text language sql immutable as 'select a[2]';
        create function either(a text, b text default 'none') returns text language sql immutable as 'select coalesce(a, b)';
        create function ids(wanted text) returns setof int language sql stable as 'select id from patients where ward = wanted';
        create domain percentage as int check (value between 0 and 100);
        create table stays (id int primary key, during daterange, room text);
        create table guests (
            id int primary key, surname text not null, room text, risk int not null, check (risk <> length(surname)), exclude (surname with =));
        create unique index on guests (lower(surname));
        create unique index on guests (room) where surname like 'Q%';
        insert into guests values (1, 'Quillfeather', 'A', 50);
        create table residents (ssn text primary key, floor int not null);
        insert into residents values ('912-57-3461', 1), ('923-68-4172', 2);
        create table consents (id int primary key, ssn text references residents on update cascade);
        insert into consents values (1, '912-57-3461');
        create table arrivals (id int not null, born date not null, unique (id, born)) partition by range (born);
        create table arrivals_early partition of arrivals for values from (minvalue) to ('1950-01-01');
        create table arrivals_late partition of arrivals for values from ('1950-01-01') to (maxvalue);
        insert into arrivals values (1, '1931-02-03'), (2, '1944-11-29');
        create table beds (id int primary key, ward text not null, ssn text not null, label text not null);
        insert into beds values (1, 'A', '805-00-7711', 'one'), (2, 'A', '923-68-4172', 'two'), (3, 'A', '912-57-3461', 'three');
        create index on beds (ward, ssn);
        create index on beds (ssn) include (label);
        create index on beds (ssn) where label <> '';
        create view ward_a as select id, label from beds where ward = 'A';
        create materialized view beds_kept as select id, ward, ssn, label, nullif(ward, 'A') as place from beds;
        create index on beds_kept (ward, ssn);
        create unique index on beds_kept (place);
        create schema other;
        create table cots (id int primary key, ward text not null, ssn text not null);
        create table other.cots (id int primary key, ward text not null);
        insert into cots select id, ward, ssn from beds;
        insert into other.cots select id, ward from beds;
        create index on cots (ward, ssn);
        create table turns (patient int not null, born date not null, ward text not null, primary key (patient, born)) partition by range (born);
        create table turns_all partition of turns for values from (minvalue) to (maxvalue);
        insert into turns values (1, '1931-02-03', 'A'), (1, '1944-11-29', 'B');
        create function in_ward(wanted text) returns setof int language sql stable as 'select id from beds where ward = wanted';
        create table sites (id int primary key, ward text not null);
        create table sites_east (ssn text not null) inherits (sites);
        insert into sites_east select id, ward, ssn from beds;
        create index on sites_east (ward, ssn);
        create table shifts (id int primary key, ssn text not null, label text not null);
        create table shifts_night () inherits (shifts);
        insert into shifts_night select 1, ssn, label from beds;
        create index on shifts_night (id, ssn);
        create table seats (id int not null unique deferrable initially deferred, ssn text not null, label text not null);
        insert into seats select id, ssn, label from beds;
        create index on seats (id, ssn);
        create table lockers (code text primary key, ssn text not null, label text not null);
        insert into lockers values ('a', '805-00-7711', 'one'), ('A', '923-68-4172', 'two');
        do $$ begin
            create collation loosely (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            create index on lockers (code collate loosely, ssn);
        exception when feature_not_supported then null; end $$;
        create table notices (id int primary key, note text not null);
        insert into notices values (1, 'Quillfeather was here');
        create trigger unchanged before update on notices for each row execute function suppress_redundant_updates_trigger();
        create view roster as select id, ssn, surname, born, chart, aliases, ward, risk from patients;
        insert into stays values (1, '[1931-02-03,)', 'A'), (2, '[1944-11-29,1944-11-30)', 'B');
        analyze;
        """;
}
