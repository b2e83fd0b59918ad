using Proxy.Tests.Core.Sql.Postgres;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Twins;

/// <summary>
/// Two copies of the demonstration's hospital, made smaller, that differ in every value of every PHI column and in nothing else. What is equal within
/// a column stays equal, and what is NULL stays NULL: policy lets both be told. Objects have the same OIDs and rows the same order.
/// </summary>
internal static class TwinDatabases
{
    /// <summary>What the demonstration lacks: code and views that statements can go through.</summary>
    private const string More = """
        create view admissions as select e.id, e.department_id, e.icd_code, e.admitted_on, p.ward, p.last_name from encounters e join patients p on p.id = e.patient_id;
        create view ward_risk as select ward, count(*) as patients, avg(risk_score) as risk, max(last_name) as last from patients group by ward;
        create function beds_of(text) returns int language sql stable as 'select beds from public.wards where code = $1';
        create function name_of(int) returns text language sql stable as 'select last_name from public.patients where id = $1';
        create function ward_of(int) returns text language sql stable as 'select ward from public.patients where id = $1';
        create function ward_list() returns table (code text, patients bigint) language sql stable as 'select ward, count(*) from public.patients group by ward order by ward';
        """;

    private static readonly string[] Same = ["$1", "$1", "$1", "$1", "$1", "$1", "$1", "$1"];

    /// <summary>One to one, and every order the other way round: days are mirrored within the years that the partitions cover.</summary>
    private static readonly string[] Other =
    [
        "reverse($1) || md5($1)",
        "'9' || translate(substr($1, 2), '0123456789', '5678901234')",
        "date '1931-01-01' + (date '2025-12-31' - $1)",
        "date '2023-01-01' + (date '2025-12-31' - $1)",
        "timestamptz '2023-01-01 00:00Z' + (timestamptz '2026-01-01 00:00Z' - $1)",
        "md5($1::text)::uuid",
        "array['one', 'more'] || $1",
        "jsonb_build_object('other', reverse($1::text), 'long', length($1::text))",
    ];

    public static async Task<(string One, string Other)> CreateAsync(PostgresServer server)
    {
        var one = await server.CreateDatabaseAsync("twin");
        await server.ExecuteAsync(one, EmbeddedText.Read("hospital-schema.sql"));
        await server.ExecuteAsync(one, Smaller(EmbeddedText.Read("hospital-data.sql")));
        await server.ExecuteAsync(one, More);
        var other = $"{one}_other";
        await server.ExecuteAsync("postgres", $"create database {other} template {one}");
        await server.ExecuteAsync(one, Rewrite(Same));
        await server.ExecuteAsync(other, Rewrite(Other));
        return (one, other);
    }

    /// <summary>Writes every row anew, in both: with what it has, or with something else.</summary>
    private static string Rewrite(string[] now) => $$"""
        create function pg_temp.text(text) returns text language sql immutable as $$ select {{now[0]}} $$;
        create function pg_temp.ssn(text) returns text language sql immutable as $$ select {{now[1]}} $$;
        create function pg_temp.born(date) returns date language sql immutable as $$ select {{now[2]}} $$;
        create function pg_temp.day(date) returns date language sql immutable as $$ select {{now[3]}} $$;
        create function pg_temp.time(timestamptz) returns timestamptz language sql immutable as $$ select {{now[4]}} $$;
        create function pg_temp.uuid(uuid) returns uuid language sql immutable as $$ select {{now[5]}} $$;
        create function pg_temp.list(text[]) returns text[] language sql immutable as $$ select {{now[6]}} $$;
        create function pg_temp.json(jsonb) returns jsonb language sql immutable as $$ select {{now[7]}} $$;
        create temp table p as select * from patients;
        create temp table e as select * from encounters;
        create temp table l as select * from lab_results;
        create temp table c as select * from claims;
        truncate patients, encounters, lab_results, claims;
        insert into patients select id, pg_temp.text(mrn), pg_temp.ssn(ssn), pg_temp.text(first_name), pg_temp.text(last_name), pg_temp.born(birth_date), sex,
            pg_temp.text(street), pg_temp.text(city), state, pg_temp.text(zip), pg_temp.text(phone), pg_temp.text(email), pg_temp.list(aliases),
            pg_temp.json(contacts), pg_temp.text(note), ward, blood_type, risk_score, organ_donor, allergies, care_plan from p order by id;
        insert into encounters select id, patient_id, department_id, pg_temp.day(admitted_on), pg_temp.day(discharged_on), icd_code, pg_temp.text(note), cost
            from e order by id;
        insert into lab_results select id, patient_id, test_code, pg_temp.uuid(specimen), pg_temp.time(collected_at), value, flag, pg_temp.text(comment)
            from l order by id;
        insert into claims select id, patient_id, pg_temp.text(member_id), pg_temp.day(submitted_on), payer, cpt_code, amount, status, pg_temp.json(document)
            from c order by id;
        refresh materialized view patient_summary;
        analyze;
        """;

    private static string Smaller(string data)
    {
        foreach (var (many, few) in new[] { ("20000", "400"), ("60000", "1200"), ("100000)", "2000)"), ("40000)", "800)") })
            data = data.Replace($" {many}", $" {few}", StringComparison.Ordinal);
        return data;
    }
}
