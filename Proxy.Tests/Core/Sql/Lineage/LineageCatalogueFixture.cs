using Proxy.Core.Catalogue;
using Proxy.Host.Catalogue;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Sql.Lineage;

/// <summary>The catalogue of a small hospital on a real server: its own list of functions, operators and types, and views as it prints them.</summary>
internal static class LineageCatalogueFixture
{
    private const string Create = """
        create table wards (name text primary key, floor int not null, beds int not null, nurse text);
        create table patients (
            id int primary key, ssn text unique, mrn text, surname text, dob date, ward text references wards, risk int, chart jsonb, aliases text[],
            seen timestamptz, zip text);
        create table visits (id int primary key, patient int, mrn text, note text, cost numeric, happened date);
        create table stays (id int, admitted date) partition by range (admitted);
        create table stays_2024 partition of stays for values from ('2024-01-01') to ('2025-01-01');
        create table leftover (id int, admitted date) partition by range (admitted);
        create table leftover_rest partition of leftover default;
        create table registry (ssn text primary key);
        create table badges (id int primary key, ssn text references registry, code text, room text, n int, check (n > length(code)), unique (room, code));
        create table guests (id int primary key, surname text, exclude (surname with =));
        create table lowered (id int primary key, surname text);
        create unique index on lowered (lower(surname));
        create table kept (id int primary key, surname text, gone date);
        create unique index on kept (surname) where gone is null;
        create table numbered (id int primary key, mrn text not null default 'M' unique);
        create table grown (id int, surname text, check (id > 0));
        create table grown_q (check (surname like 'Q%')) inherits (grown);
        create view listed as select id, ssn as number from patients;
        create table queue (id int primary key, clinic int not null, ssn text not null, note text);
        create index on queue (clinic, ssn);
        create table tags (id int primary key, ssn text, label text);
        create unique index on tags (ssn) include (label);
        create table held (id int primary key, ssn text, is_open bool);
        create index on held (ssn) where is_open;
        create table hashed (id int primary key, ssn text);
        create index on hashed using hash (ssn);
        create table parted (id int, clinic int, ssn text) partition by list (clinic);
        create table parted_1 partition of parted for values in (1);
        create index on parted_1 (clinic, ssn);
        create view queued as select id, clinic from queue;
        create view queued_sorted as select id, clinic from queue order by id;
        create view queued_counts as select clinic, count(*) as n from queue where clinic > 0 group by clinic;
        create materialized view queue_copy as select id, clinic, ssn from queue;
        create index on queue_copy (clinic, ssn);
        create function queued_at(int) returns setof int language sql stable as 'select id from queue where clinic = $1';
        create table amounts (
            id int primary key, clinic int not null, ssn text not null, paid numeric(10,2), score numeric, weight float8, took interval, code text, born date, hand bool);
        create index on amounts (clinic, ssn);
        create table sites (id int primary key, clinic int not null);
        create table sites_east (ssn text not null) inherits (sites);
        create index on sites_east (clinic, ssn);
        create table shifts (id int primary key, ssn text not null, label text);
        create table shifts_night () inherits (shifts);
        create index on shifts_night (id, ssn);
        create table seats (id int not null unique deferrable, ssn text not null, label text);
        create index on seats (id, ssn);
        create table lockers (code text primary key, ssn text not null, label text);
        create index on lockers (code, ssn);
        create table scales (weight float8 not null, n int8 primary key);
        create index on scales (weight);
        create table dump (k text, v text);
        create table tallies (id int, marks int[]);
        create table "Odd Table" ("homePhone" text, "patientId" int);
        create schema archive;
        create table archive.inpatients (id int, ssn text, ward text);
        create schema older;
        create table older.visits (note text, id int);
        create view directory as select id, surname as label, ward, lower(ssn) as low, ssn is null as missing from patients;
        create view floors as select ward, count(*) as n, avg(risk) as risk from patients group by ward;
        create view deep as select d.label as who, d.ward from directory d;
        create materialized view contacts as select p.id, p.surname, w.floor from patients p join wards w on w.name = p.ward;
        create function beds_of(text) returns int language sql stable as 'select beds from wards where name = $1';
        create function ssn_of(int) returns text language sql stable as 'select ssn from patients where id = $1';
        create function everyone() returns table (who text, room text) language sql stable as 'select surname, ward from public.patients';
        create function found(wanted text) returns int language sql stable as 'select id from patients where ssn = wanted';
        create function twice(x int) returns int language sql immutable return x * 2;
        create function second(a text, b text) returns text language sql immutable as 'select b';
        create domain share as int check (value between 0 and 100);
        create function stored(x text) returns void language sql as 'insert into dump values (x, x)';
        create function opaque(int) returns text language plpgsql as 'begin return 1; end';
        create function label(patients) returns text language sql stable as 'select $1.surname';
        """;

    private static readonly Lazy<Task<CatalogueSnapshot>> Loaded = new(LoadAsync);

    public static Task<CatalogueSnapshot> SnapshotAsync() => Loaded.Value;

    private static async Task<CatalogueSnapshot> LoadAsync()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync("lineage");
        await server.ExecuteAsync(database, Create);
        await using var source = new CatalogueSource(
            Host.Catalogue.Hospital.Loader(server, database), new Classes(), GatewayHarness.SharedFrontEnd.Value, TimeProvider.System);
        await source.LoadAsync(CancellationToken.None);
        return source.Current;
    }

    private sealed class Classes : IColumnClassifier
    {
        public IdentifierClass Classify(string schema, string table, string column, string typeName) => (table, column) switch
        {
            ("patients" or "inpatients" or "badges" or "registry" or "queue" or "tags" or "held" or "hashed" or "parted" or "parted_1"
                or "amounts" or "sites_east" or "shifts" or "shifts_night" or "seats" or "lockers", "ssn") => IdentifierClass.SocialSecurityNumber,
            ("patients" or "visits" or "numbered", "mrn") => IdentifierClass.MedicalRecordNumber,
            ("badges", "code") or ("guests" or "lowered" or "kept" or "grown" or "grown_q", "surname") => IdentifierClass.Name,
            ("amounts", "born") => IdentifierClass.Date,
            ("amounts", "hand") => IdentifierClass.Biometric,
            ("kept", "gone") => IdentifierClass.Date,
            ("patients", "surname" or "aliases") => IdentifierClass.Name,
            ("patients", "dob" or "seen") => IdentifierClass.Date,
            ("stays" or "stays_2024" or "leftover" or "leftover_rest", "admitted") => IdentifierClass.Date,
            ("patients", "zip") => IdentifierClass.Geographic,
            ("patients", "chart") or ("visits", "note") => IdentifierClass.FreeText,
            ("Odd Table", "homePhone") => IdentifierClass.Telephone,
            _ => IdentifierClass.NotPhi,
        };
    }
}
