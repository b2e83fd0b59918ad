namespace Proxy.Tests.Live.Differential;

/// <summary>
/// What exchanges find. Tables are made once, so that their identifiers in RowDescription are the same for both endpoints; what an
/// exchange writes goes to "note" or to objects that do not survive it.
/// </summary>
public static class ExchangeDatabase
{
    public const string Create = """
        create table patient (id int primary key, name text not null, born date, weight numeric(5,2), active bool, note text);
        insert into patient values
            (1, 'Ada Ångström', '1815-12-10', 61.50, true, null),
            (2, 'Bjørn 李', '1990-02-28', 80.00, false, 'allergic to "x"\y'),
            (3, 'Çelik, O''Neill', null, null, null, '');
        create table every_type (
            id int primary key, b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric, t text, vc varchar(10), c char(5),
            nm name, bin bytea, d date, ti time, tz timetz, ts timestamp, tsz timestamptz, iv interval, u uuid, j json, jb jsonb, x oid,
            ia int4[], ta text[], na numeric[], p point, net inet, bits bit(3), vb varbit, r int4range, mac macaddr, mny money, "char" "char");
        insert into every_type values
            (1, true, -32768, 2147483647, -9223372036854775808, 1.5, -2.25, 12345678901234567890.123456789, 'text', 'varchar', 'ab',
             'name', '\x00ff10', '2024-02-29', '23:59:59.999999', '12:00:00+02', '2024-02-29 12:34:56.789', '2024-02-29 12:34:56.789+00',
             '1 year 2 mons 3 days 04:05:06.789', '00112233-4455-6677-8899-aabbccddeeff', '{"a": [1, null]}', '{"b": {"c": "ü"}}', 42,
             '{1,NULL,3}', '{a,"b,c",NULL,""}', '{1.10,NaN}', '(1.5,-2)', '192.168.0.1/24', B'101', B'1', '[1,5)', '08:00:2b:01:02:03',
             '1234.56', 'x'),
            (2, false, 0, 0, 0, 'NaN', 'Infinity', 'NaN', '', '', '', '', '', 'infinity', '00:00', '00:00+00', '-infinity', 'infinity',
             '0', '00000000-0000-0000-0000-000000000000', 'null', '[]', 0, '{}', '{{a,b},{c,d}}', '[0:1]={1,2}', '(0,0)', '::1', B'000', B'',
             'empty', '00:00:00:00:00:00', '0', ''),
            (3, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
             null, null, null, null, null, null, null, null, null, null, null, null);
        create table note (id serial primary key, body text, at int unique deferrable initially deferred check (at <> 13));
        create domain positive as int check (value > 0);
        create type mood as enum ('sad', 'fine');
        create type pair as (left_half int, right_half text);
        create view patient_view as select id, name from patient where active;
        create function add_one(int) returns int language sql immutable as 'select $1 + 1';
        create function speak(text, text) returns void language plpgsql as $$ begin
            if $1 = 'notice' then raise notice 'said: %', $2 using detail = 'a detail', hint = 'a hint';
            elsif $1 = 'warning' then raise warning '%', $2;
            elsif $1 = 'info' then raise info '%', $2;
            else raise exception '%', $2 using errcode = 'P0042', column = 'c', table = 't'; end if; end $$;
        create procedure write_twice(text) language plpgsql as $$ begin
            insert into note (body) values ($1); commit; insert into note (body) values ($1); end $$;
        grant select on patient, every_type, patient_view to public;
        grant all on note, note_id_seq to public;
        create schema scratch;
        grant all on schema scratch to public;
        create table secret (id int);
        analyze;
        """;

    /// <summary>
    /// Only what an exchange has left is removed. What changes the catalogue costs each endpoint a new look at it, and most exchanges leave nothing; a table without
    /// pages and a sequence that nobody has asked are as they were made.
    /// </summary>
    public const string Reset = """
        set client_min_messages = error;
        do $$ begin
            if pg_relation_size('note') > 0 or (select is_called or last_value <> 1 from note_id_seq) then
                truncate note restart identity;
            end if;
            if exists (select from pg_depend where refclassid = 'pg_namespace'::regclass and refobjid = to_regnamespace('scratch')) then
                drop schema scratch cascade;
            end if;
            if to_regnamespace('scratch') is null then
                create schema scratch;
                grant all on schema scratch to public;
            end if;
        end $$;
        """;
}
