using NUnit.Framework;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Tests.Core.Sql.Lineage.MySql;

/// <summary>What differs from PostgreSQL; written as in <see cref="LineageTests"/>.</summary>
public sealed class MySqlLineageTests
{
    [TestCase("select id, ssn from patients", "id:clean ssn:copy")]
    [TestCase("select SSN, patients.Id from patients", "ssn:copy id:clean")]
    [TestCase("select * from wards", "name:clean floor:clean beds:clean nurse:clean")]
    [TestCase("select * from lineage_archive.wards", "name:clean secret:copy")]
    [TestCase("select ssn_digits from patients", "ssn_digits:copy")]
    [TestCase("select homephone from `Odd Table`", "homephone:copy")]
    [TestCase("select * from directory", "id:clean label:copy ward:clean low:expression missing:count")]
    [TestCase("select * from floors", "ward:clean n:clean risk:clean")]
    [TestCase("select who from deep", "who:copy")]
    [TestCase("select concat(ssn, '') as x, upper(surname) as y from patients", "x:expression y:expression")]
    [TestCase("select count(*) as a, count(ssn) as b from patients", "a:clean b:count")]
    [TestCase("select ssn is null as a, ifnull(ssn, '') as b from patients", "a:count b:expression")]
    [TestCase("select if(ssn = '9', 'a', 'b') as x from patients", "x:null")]
    [TestCase("select json_extract(chart, '$.ssn') as x from patients", "x:null")]
    [TestCase("select cast(ssn as signed) as x from patients", "x:expression")]
    [TestCase("select year(dob) as x, timestampdiff(year, dob, now()) as y from patients", "x:expression y:null")]
    [TestCase("select surname from patients group by ward", "surname:copy")]
    [TestCase("select ward as w, sum(risk) as s from patients group by w having s > 1 order by s + 1", "w:clean s:clean")]
    [TestCase("select beds_of('Oncology') as x", "x:clean")]
    [TestCase("select ssn_of(1) as x", "x:copy")]
    [TestCase("select @v as x", "x:clean")]
    [TestCase("select ssn from patients union all select name from wards", "ssn:copy")]
    [TestCase("select group_concat(ssn order by id separator ',') as x from patients", "x:null")]
    public async Task Columns_come_from(string sql, string columns)
    {
        var lineage = await AnalyseAsync(sql);

        Assert.Multiple(() =>
        {
            Assert.That(LineageTests.Columns(lineage), Is.EqualTo(columns));
            Assert.That(lineage.IsOpaque, Is.False, string.Join("; ", lineage.Findings));
        });
    }

    [TestCase("select 1 from patients where ssn = '912-57-3461'", "equality(lineage_hospital.patients.ssn)")]
    [TestCase("select 1 from patients where ssn <=> '912-57-3461'", "equality(lineage_hospital.patients.ssn)")]
    [TestCase("select 1 from patients where ssn in ('1', '2')", "equality(lineage_hospital.patients.ssn)")]
    [TestCase("select 1 from patients where ssn = ?", "equality(lineage_hospital.patients.ssn)")]
    [TestCase("select 1 from patients where ssn = 912", "other(lineage_hospital.patients.ssn)")]
    [TestCase("select 1 from patients where 912 = ssn", "other(lineage_hospital.patients.ssn)")]
    [TestCase("select 1 from patients where ssn in ('1', 2)", "equality(lineage_hospital.patients.ssn) other(lineage_hospital.patients.ssn)")]
    [TestCase("select 1 from patients where ssn = true", "other(lineage_hospital.patients.ssn)")]
    [TestCase("select 1 from patients where account = 912", "equality(lineage_hospital.patients.account)")]
    [TestCase("select 1 from patients where dob = '1931-02-03'", "equality(lineage_hospital.patients.dob)")]
    [TestCase("select 1 from patients where ssn collate utf8mb4_bin = '9'", "other(lineage_hospital.patients.ssn)")]
    [TestCase("select 1 from patients where binary ssn = '9'", "other(lineage_hospital.patients.ssn)")]
    [TestCase("select 1 from patients where ssn like '912%'", "other(lineage_hospital.patients.ssn)")]
    [TestCase("select 1 from patients p join visits v on p.mrn = v.mrn", "equality(lineage_hospital.patients.mrn lineage_hospital.visits.mrn)")]
    [TestCase("select 1 from patients p join visits v on p.ssn = v.ssn_number", "other(lineage_hospital.patients.ssn lineage_hospital.visits.ssn_number)")]
    [TestCase("select ward as x from patients having x = '1' and surname like 'Q%'", "other(lineage_hospital.patients.surname)")]
    [TestCase("select surname as ward from patients having ward = 'x'", "equality(lineage_hospital.patients.surname lineage_hospital.patients.ward)")]
    [TestCase("select surname as x from patients order by concat(x, '')", "other(lineage_hospital.patients.surname)")]
    [TestCase("select surname from patients order by surname", "ordering(lineage_hospital.patients.surname)")]
    [TestCase("select ssn + 1 as x from patients", "other(lineage_hospital.patients.ssn)")]
    [TestCase("select extractvalue(1, concat('~', ssn)) as x from patients", "other(lineage_hospital.patients.ssn)")]
    [TestCase("select sleep(ssn like '9%') as x from patients", "other(lineage_hospital.patients.ssn)")]
    [TestCase("select if(ssn like '9%', @a := 1, 2) as x from patients", "other(lineage_hospital.patients.ssn)")]
    [TestCase("update wards set floor = 1 where (select count(cast(surname as date)) from patients) > 0", "other(lineage_hospital.patients.surname)")]
    [TestCase("select count(cast(surname as date)) as x from patients", "")]
    [TestCase("delete from wards where floor = 1 order by (select ssn from patients limit 1) limit 1", "other(lineage_hospital.patients.ssn)")]
    [TestCase("insert ignore into patients (id, ssn) values (1, '9')", "equality(lineage_hospital.patients.ssn)*")]
    [TestCase("select ssn is null as x from patients where mrn is not null", "nulltest(lineage_hospital.patients.mrn)")]
    [TestCase("select id, rank() over (order by surname) as x from patients", "ordering(lineage_hospital.patients.surname)")]
    [TestCase("select id, sum(risk) over w as x from patients window w as (partition by ssn order by id)", "grouping(lineage_hospital.patients.ssn)")]
    [TestCase("select id, rank() over (partition by ward order by risk) as x from patients", "")]
    [TestCase("insert into patients (id, ssn) values (1, '9')", "equality(lineage_hospital.patients.ssn)")]
    [TestCase("insert into patients (id, ssn) values (1, '9') on duplicate key update risk = 1", "equality(lineage_hospital.patients.ssn)")]
    [TestCase("insert into patients (id, surname) values (1, '9')", "nulltest(lineage_hospital.patients.ssn)")]
    [TestCase("insert into patients (id, surname) select id + 1, surname from patients", "nulltest(lineage_hospital.patients.ssn)")]
    [TestCase("insert into visits (id, mrn) select id + 1, mrn from patients", "")]
    [TestCase("insert into patients (id, mrn) select 1, surname from patients", "other(lineage_hospital.patients.surname)*")]
    [TestCase("insert into births select id, dob from patients", "equality(lineage_hospital.births.dob)*")]
    [TestCase("select id from births partition (early)", "other(lineage_hospital.births.dob)")]
    [TestCase("select id from births partition (early) b join wards partition (p0)", "other(lineage_hospital.births.dob)")]
    [TestCase("select id from births", "ordering(lineage_hospital.births.dob)")] // By the primary key, among rows of one id.
    [TestCase("create temporary table kept as select id, nullif(ssn, '9') as x from patients", "other(lineage_hospital.patients.ssn)")]
    [TestCase("create temporary table kept as select id, ssn, surname from patients", "")]
    public async Task Rows_are_decided_by(string sql, string conditions)
    {
        var lineage = await AnalyseAsync(sql);

        var found = LineageTests.Conditions(lineage);
        Assert.That(found, conditions.EndsWith('*') ? Does.Contain(conditions[..^1]) : Is.AnyOf(conditions.Split('|')));
        Assert.That(lineage.IsOpaque, Is.False, string.Join("; ", lineage.Findings));
    }

    [TestCase("select @v := ssn from patients")]
    [TestCase("select ssn into @v from patients")]
    [TestCase("set @v = (select ssn from patients limit 1)")]
    [TestCase("select count(@s := concat(@s, mrn)) from patients")]
    [TestCase("do @v := (select ssn from patients limit 1)")]
    [TestCase("select ssn into outfile '/tmp/x' from patients")]
    [TestCase("select last_insert_id(account) from patients")]
    [TestCase("select get_lock(ssn, 0) from patients")]
    public async Task PHI_would_go_elsewhere(string sql) => Assert.That((await AnalyseAsync(sql)).Exports, Is.True);

    [TestCase("insert into dump select id, ssn from patients", "dump.k:clean dump.v:copy")]
    [TestCase("update patients p join wards w on w.name = p.ward set w.nurse = p.surname", "wards.nurse:copy")]
    [TestCase("update wards w, patients p set nurse = 'x' where p.ward = w.name", "wards.nurse:clean")]
    [TestCase("replace into dump values ('a', 'b')", "dump.k:clean dump.v:clean")]
    [TestCase("insert into patients (id, ssn) values (1, '9') on duplicate key update ssn = values(ssn)", "patients.id:clean patients.ssn:clean patients.ssn:copy")]
    public async Task Values_are_stored_in(string sql, string writes)
    {
        var lineage = await AnalyseAsync(sql);

        Assert.That(string.Join(' ', lineage.Writes.Select(static write => $"{write.Relation.Name}.{write.Column?.Name}:{LineageTests.How(write.Value)}")), Is.EqualTo(writes));
        Assert.That(lineage.IsOpaque, Is.False, string.Join("; ", lineage.Findings));
    }

    [TestCase("select hidden('x')")]
    [TestCase("select nowhere from patients")]
    [TestCase("select load_file('/etc/passwd')")]
    [TestCase("select my_udf(1)")]
    public async Task What_is_not_understood_is_opaque(string sql) => Assert.That((await AnalyseAsync(sql)).IsOpaque, Is.True);

    [Test]
    public async Task A_parameter_that_is_compared_with_a_text_has_to_be_one() =>
        Assert.That((await AnalyseAsync("select ? from patients where id = ? and ssn = ? and account = ?")).TextParameters, Is.EqualTo([3]));

    private static async Task<StatementLineage> AnalyseAsync(string sql)
    {
        var reading = await MySqlLineageFixture.ReadAsync(sql);
        var snapshot = await MySqlLineageFixture.SnapshotAsync();
        return LineageAnalyser.Analyse(reading.Syntax!, new LineageCatalogue(snapshot, SessionOverlay.Empty.WithDefaultSchema(MySqlLineageFixture.Hospital)))!;
    }
}
