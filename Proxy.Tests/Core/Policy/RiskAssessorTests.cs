using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Policy;
using Proxy.Tests.Core.Catalogue;

namespace Proxy.Tests.Core.Policy;

public sealed class RiskAssessorTests
{
    private static readonly CatalogueSnapshot Catalogue = SmallCatalogue.Build();

    [TestCase("select name from departments", RiskClasses.Read)]
    [TestCase("select 1", RiskClasses.Read)]
    [TestCase("", RiskClasses.Read)]
    [TestCase("select id from patients", RiskClasses.Read)]
    [TestCase("select * from departments d, lateral (select id from patients) p", RiskClasses.Read)]
    [TestCase("select * from nowhere", RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Inference)]
    [TestCase("select * from archive.patients", RiskClasses.Read)]
    [TestCase("table patients", RiskClasses.Read | RiskClasses.PhiRead)]
    [TestCase("insert into departments values ('x', 1)", RiskClasses.Write)]
    [TestCase("insert into patients (id, ssn) values (1, '9')", RiskClasses.Write)]
    [TestCase("insert into departments (name) select ssn from patients", RiskClasses.Write | RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Export)]
    [TestCase("insert into departments (name) select ward from (select ssn as ward from patients) q",
        RiskClasses.Write | RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Export)]
    [TestCase("insert into departments select p.* from patients p", RiskClasses.Write | RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Export | RiskClasses.Inference)]
    [TestCase("update departments set floor = floor + 1", RiskClasses.Write | RiskClasses.Read)]
    [TestCase("update patients set ward = 'x' where id = 1", RiskClasses.Write | RiskClasses.Read)]
    [TestCase("update patients set ward = ssn", RiskClasses.Write | RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Export)]
    [TestCase("update departments d set name = (select ssn from patients limit 1)",
        RiskClasses.Write | RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Export)]
    [TestCase("delete from departments", RiskClasses.Write | RiskClasses.Read)]
    [TestCase("with d as (delete from departments returning *) select * from d", RiskClasses.Write | RiskClasses.Read)]
    [TestCase("create temp table t as select name from departments", RiskClasses.Session | RiskClasses.Read)]
    [TestCase("create temp table t as select ssn from patients",
        RiskClasses.Session | RiskClasses.Read | RiskClasses.PhiRead)]
    [TestCase("create temp table t as with d as (delete from departments returning name) select name from d",
        RiskClasses.Schema | RiskClasses.Write | RiskClasses.Read)]
    [TestCase("create temp table t as select nextval('s') as n", RiskClasses.Schema | RiskClasses.Write | RiskClasses.Read)]
    [TestCase("select ssn into t from patients", RiskClasses.Schema | RiskClasses.Write | RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Export)]
    [TestCase("copy departments to stdout", RiskClasses.Read)]
    [TestCase("copy patients to stdout", RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Export)]
    [TestCase("copy (select ward_beds('x')) to stdout", RiskClasses.Read | RiskClasses.Procedure | RiskClasses.Export)]
    [TestCase("copy departments from stdin", RiskClasses.Write)]
    [TestCase("copy departments to '/tmp/x'", RiskClasses.Administrative | RiskClasses.Export)]
    [TestCase("explain select name from departments", RiskClasses.Read)]
    [TestCase("explain delete from departments", RiskClasses.Read)]
    [TestCase("explain analyze delete from departments", RiskClasses.Read | RiskClasses.Write)]
    [TestCase("prepare p as select name from departments", RiskClasses.Session | RiskClasses.Read)]
    [TestCase("execute p", RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Write | RiskClasses.Inference)]
    [TestCase("declare c cursor for select name from departments", RiskClasses.Read)]
    [TestCase("begin", RiskClasses.Session)]
    [TestCase("set search_path = pg_temp, public", RiskClasses.Session)]
    [TestCase("set client_encoding = 'UTF8'", RiskClasses.Session)]
    [TestCase("set client_encoding = 'SJIS'", RiskClasses.Session | RiskClasses.Unknown)]
    [TestCase("set names 'latin1'", RiskClasses.Session | RiskClasses.Unknown)]
    [TestCase("set standard_conforming_strings = off", RiskClasses.Session | RiskClasses.Unknown)]
    [TestCase("set role postgres", RiskClasses.Session | RiskClasses.Unknown)]
    [TestCase("set session authorization postgres", RiskClasses.Session | RiskClasses.Unknown)]
    [TestCase("set app.patient = 'x'", RiskClasses.Session | RiskClasses.Unknown)]
    [TestCase("set client_min_messages = debug5", RiskClasses.Session | RiskClasses.Unknown)]
    [TestCase("select set_config('search_path', '', false)", RiskClasses.Read | RiskClasses.Session)]
    [TestCase("reset all", RiskClasses.Session)]
    [TestCase("select nextval('s')", RiskClasses.Read | RiskClasses.Write)]
    [TestCase("select ward_beds(name) from departments", RiskClasses.Read | RiskClasses.Procedure)]
    [TestCase("select departments.leak from departments", RiskClasses.Read | RiskClasses.Procedure)]
    [TestCase("select pg_read_file('x')", RiskClasses.Read | RiskClasses.Administrative | RiskClasses.Unknown)]
    [TestCase("select pg_notify('c', ssn) from patients",
        RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.Export)]
    [TestCase("insert into stamped (id) values (1)", RiskClasses.Write | RiskClasses.Procedure)]
    [TestCase("create table t (id serial)", RiskClasses.Schema)]
    [TestCase("grant select on departments to public", RiskClasses.Privilege)]
    [TestCase("vacuum", RiskClasses.Administrative)]
    public async Task A_statement_has_the_risks_of_all_that_it_may_do(string sql, RiskClasses expected) =>
        Assert.That((await AssessAsync(sql)).Classes, Is.EqualTo(expected));

    [TestCase("do $$ begin end $$")]
    [TestCase("call anything()")]
    public async Task Code_that_is_not_shown_is_unknown(string sql)
    {
        var assessment = await AssessAsync(sql);
        Assert.Multiple(() =>
        {
            Assert.That(assessment.Has(RiskClasses.Procedure), Is.True);
            Assert.That(assessment.OriginlessIsClean, Is.False);
            Assert.That(assessment.OriginsAreTrusted, Is.False.Or.EqualTo(sql.StartsWith("call", StringComparison.Ordinal)));
            Assert.That(assessment.TouchesPhi, Is.True);
        });
    }

    [TestCase("select 40 + 2", true)]
    [TestCase("select upper(name) from departments", true)]
    [TestCase("select count(*) from departments", true)]
    [TestCase("select 'x'::mood", true)]
    [TestCase("select count(*) from patients", false, Description = "until lineage exists")]
    [TestCase("select upper(name) from departments, patients", false)]
    [TestCase("select upper(name) from nowhere", false)]
    [TestCase("select ward_beds('x')", false)]
    [TestCase("select lower('x')", false, Description = "a user has a function of that name")]
    [TestCase("select pg_catalog.lower('x')", true)]
    [TestCase("select other.upper('x')", false)]
    [TestCase("select 1 ~~~ 2", false, Description = "a user's operator")]
    [TestCase("select 'x'::strange", false, Description = "a user's base type")]
    [TestCase("select query_to_xml('select 1', true, true, '')", false)]
    [TestCase("select current_setting('app.patient')", false)]
    [TestCase("select set_config('search_path', '', false), current_setting('app.patient')", false)]
    [TestCase("show search_path", true)]
    [TestCase("show app.patient", false)]
    [TestCase("show all", false)]
    [TestCase("explain select * from departments", true)]
    [TestCase("explain select * from patients where ssn = 'x'", false)]
    [TestCase("execute p", false)]
    [TestCase("fetch c", false)]
    [TestCase("insert into stamped (id) values (1) returning id + 1", false)]
    public async Task Columns_without_origin_are_clean_only_when_nothing_can_put_phi_there(string sql, bool isClean) =>
        Assert.That((await AssessAsync(sql)).OriginlessIsClean, Is.EqualTo(isClean));

    [TestCase("select name / 0 from departments", false)]
    [TestCase("select 1/0", false)]
    [TestCase("select ssn::int from patients", true)]
    [TestCase("update patients set risk = 1000", true)]
    [TestCase("delete from departments", true, Description = "patients refer to it")]
    [TestCase("insert into lonely values (1)", false)]
    [TestCase("insert into stamped values (1)", true)]
    [TestCase("select ward_beds('x')", true)]
    [TestCase("select * from nowhere", true)]
    [TestCase("do $$ begin end $$", true)]
    public async Task Errors_can_print_what_a_statement_touches(string sql, bool touches) =>
        Assert.That((await AssessAsync(sql)).TouchesPhi, Is.EqualTo(touches));

    [TestCase("copy patients to stdout", "copy-of-phi")]
    [TestCase("copy (select * from patients) to stdout", "copy-of-phi", Description = "of which patients nobody knows")]
    [TestCase("insert into departments (name) select ssn from patients", "export-of-phi")]
    [TestCase("set names 'sjis'", "encoding-not-allowed")]
    [TestCase("set role x", "setting-not-allowed")]
    [TestCase("select ward_beds('x')", "function-not-allowed")]
    [TestCase("do $$ begin end $$", "statement-opaque")]
    public async Task A_refusal_says_what_was_found(string sql, string code) =>
        Assert.That((await AssessAsync(sql)).Refusal?.Code, Is.EqualTo(code));

    [TestCase("copy patients to stdout", true)]
    [TestCase("copy (select ssn from patients) to stdout", false)]
    [TestCase("copy (select ssn from patients) to stdout (null '1')", true)]
    [TestCase("copy (select ssn from patients) to stdout (format csv, null '1')", false)]
    [TestCase("copy (select * from patients) to stdout", true)]
    [TestCase("copy (select ward_beds('x')) to stdout", true)]
    [TestCase("copy departments to stdout", false)]
    [TestCase("copy patients from stdin", false)]
    [TestCase("select * from patients", false)]
    public async Task A_copy_of_what_would_be_masked_cannot_be_masked(string sql, bool cannot) =>
        Assert.That((await AssessAsync(sql)).CannotBeMasked, Is.EqualTo(cannot));

    [TestCase("set names 'sjis'", true)]
    [TestCase("set client_encoding to latin1", true)]
    [TestCase("set local client_encoding to latin1", true)]
    [TestCase("select set_config('client_encoding', 'latin1', false)", true)]
    [TestCase("set standard_conforming_strings to off", true)]
    [TestCase("set standard_conforming_strings to on", false)]
    [TestCase("set client_encoding to 'UTF8'", false)]
    [TestCase("reset client_encoding", false)]
    [TestCase("set role x", false)]
    public async Task What_makes_the_server_read_otherwise_is_forbidden(string sql, bool isForbidden) =>
        Assert.That((await AssessAsync(sql)).IsForbidden, Is.EqualTo(isForbidden));

    [Test]
    public async Task A_known_prepared_statement_gives_its_execution_its_own_assessment()
    {
        var prepared = await AssessAsync("prepare p as select upper(name) from departments");
        var execution = RiskAssessor.Assess(await Reader.ReadAsync("execute p"), Catalogue, prepared);
        Assert.Multiple(() =>
        {
            Assert.That(execution.OriginlessIsClean, Is.True);
            Assert.That(execution.Has(RiskClasses.PhiRead | RiskClasses.Write), Is.False);
        });
    }

    [TestCase("explain execute p", "select upper(name) from departments", true, RiskClasses.Read)]
    [TestCase("explain analyze execute p", "select upper(name) from departments", true, RiskClasses.Read)]
    [TestCase("explain execute p", "select upper(full_name) from patients", false, RiskClasses.Read | RiskClasses.PhiRead)]
    [TestCase("create temp table t as execute p", "select upper(name) from departments", false, RiskClasses.Unknown | RiskClasses.Schema | RiskClasses.Write)]
    [TestCase("create temp table t as execute p", "select upper(full_name) from patients", false, RiskClasses.Unknown | RiskClasses.PhiRead | RiskClasses.Export)]
    [TestCase("explain analyze create temp table t as execute p", "select upper(full_name) from patients", false, RiskClasses.Unknown | RiskClasses.PhiRead | RiskClasses.Export)]
    public async Task What_runs_a_prepared_statement_inside_is_judged_by_it(string sql, string prepared, bool isClean, RiskClasses atLeast)
    {
        var named = await AssessAsync($"prepare p as {prepared}");
        var execution = RiskAssessor.Assess(await Reader.ReadAsync(sql), Catalogue, named);
        Assert.Multiple(() =>
        {
            Assert.That(execution.OriginlessIsClean, Is.EqualTo(isClean));
            Assert.That(execution.Classes & atLeast, Is.EqualTo(atLeast), execution.Classes.ToString());
            Assert.That(execution.Has(RiskClasses.PhiRead), Is.EqualTo(named.Has(RiskClasses.PhiRead)));
        });
    }

    [Test]
    public async Task Findings_hold_no_literal()
    {
        var assessment = await AssessAsync("select ward_beds('912-57-3461') from patients where ssn = '912-57-3461'");
        Assert.That(string.Join(';', assessment.Findings), Does.Contain("public.patients").And.Not.Contain("912"));
    }

    [Test]
    public void An_unreadable_statement_is_unknown_and_shows_nothing()
    {
        var assessment = RiskAssessment.Unreadable;
        Assert.Multiple(() =>
        {
            Assert.That(assessment.Classes, Is.EqualTo(RiskClasses.Unknown));
            Assert.That(assessment.OriginlessIsClean || assessment.OriginsAreTrusted, Is.False);
            Assert.That(assessment.TouchesPhi, Is.True);
        });
    }

    private static async Task<RiskAssessment> AssessAsync(string sql) =>
        sql.Length == 0
            ? RiskAssessor.Assess(new Proxy.Core.Sql.StatementReading { Kind = Proxy.Core.Sql.StatementKind.Empty, Start = 0, Length = 0 }, Catalogue)
            : RiskAssessor.Assess(await Reader.ReadAsync(sql), Catalogue);
}
