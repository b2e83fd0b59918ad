using Npgsql;
using Proxy.Core.Catalogue;
using Proxy.Host.Catalogue;
using Proxy.Tests.Core.Catalogue;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Catalogue;

/// <summary>A hospital's schema with one of everything that moves PHI about, and what its DBA said of the columns.</summary>
internal static class Hospital
{
    public const string Schema = """
        create table departments (name text primary key, floor int not null default 1, code text generated always as (upper(name)) stored);
        create table patients (
            id int primary key, ssn text not null unique, full_name text not null, dob date not null, note text, ward text references departments,
            risk int check (risk between 0 and 100), ssn_digits text generated always as (replace(ssn, '-', '')) stored,
            risk_twice int generated always as (risk * 2) stored, added text);
        create table patients_vip (alias text, level int) inherits (patients);
        create table encounters (id int, region text, admitted_on date, cost numeric, primary key (id, region)) partition by list (region);
        create table encounters_east partition of encounters for values in ('east');
        create table audit_log (id serial primary key, action text);
        create table stamped (id int primary key, at timestamptz);
        create table visits (id int primary key, patient int references patients);
        create table lonely (id int primary key, word text);
        create type mood as enum ('calm', 'worried');
        create domain short_text as text check (length(value) < 100);
        create view v_floors as select name, floor + 1 as up from departments;
        create view v_names as select id, upper(full_name) as surname from patients;
        create view v_names_again as select surname from v_names;
        create view v_xml as select query_to_xml('select * from patients', true, true, '') as everything;
        create view v_statistics as select starelid from pg_statistic;
        create materialized view mv_floors as select max(floor) as top from departments;
        create materialized view mv_names as select full_name as display from patients;
        create function ward_floor(w text) returns int language sql stable as 'select floor from departments where name = w';
        create function label(patients) returns text language sql stable as 'select $1.full_name';
        create function stamp() returns trigger language plpgsql as 'begin new.at := now(); return new; end';
        create trigger stamp before insert on stamped for each row execute function stamp();
        create view v_calls as select ward_floor(name) as f from departments;
        comment on column departments.floor is 'counted from the ground';
        """;

    public static SaidClasses Classification => new(new Dictionary<string, IdentifierClass>
    {
        ["public.departments.name"] = IdentifierClass.NotPhi,
        ["public.departments.floor"] = IdentifierClass.NotPhi,
        ["public.patients.id"] = IdentifierClass.NotPhi,
        ["public.patients.ssn"] = IdentifierClass.SocialSecurityNumber,
        ["public.patients.full_name"] = IdentifierClass.Name,
        ["public.patients.dob"] = IdentifierClass.Date,
        ["public.patients.note"] = IdentifierClass.FreeText,
        ["public.patients.ward"] = IdentifierClass.NotPhi,
        ["public.patients.risk"] = IdentifierClass.NotPhi,
        // A person can be wrong: it comes from ssn.
        ["public.patients.ssn_digits"] = IdentifierClass.NotPhi,
        ["public.patients_vip.level"] = IdentifierClass.NotPhi,
        ["public.encounters.*"] = IdentifierClass.NotPhi,
        ["public.encounters.admitted_on"] = IdentifierClass.Date,
        ["public.audit_log.*"] = IdentifierClass.NotPhi,
        ["public.stamped.*"] = IdentifierClass.NotPhi,
        ["public.visits.*"] = IdentifierClass.NotPhi,
        ["public.lonely.*"] = IdentifierClass.NotPhi,
    });

    /// <summary>A database with the schema on a shared server.</summary>
    public static async Task<string> CreateAsync(PostgresServer server)
    {
        var database = await server.CreateDatabaseAsync("hospital");
        await server.ExecuteAsync(database, Schema);
        return database;
    }

    public static CatalogueLoader Loader(PostgresServer server, string database, TestUser? user = null) =>
        new(new NpgsqlConnectionStringBuilder(server.ConnectionString(database, user)), TimeProvider.System);

    public static async Task<CatalogueSnapshot> LoadAsync(PostgresServer server, string database)
    {
        await using var loader = Loader(server, database);
        var (facts, _) = await loader.LoadAsync(CancellationToken.None);
        return SnapshotBuilder.Build(1, facts, Classification);
    }
}
