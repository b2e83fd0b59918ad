using System.Globalization;
using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Tests.Core.Sql.MySql;

/// <summary>What a statement is said to be and to mention.</summary>
public sealed class MySqlReadingTests
{
    [TestCase("select a from t", StatementKind.Select)]
    [TestCase("(select 1) union (select 2) order by 1", StatementKind.Select)]
    [TestCase("values (1, 2), (3, 4)", StatementKind.Select)]
    [TestCase("insert into t set a = 1", StatementKind.Insert)]
    [TestCase("replace t values (1)", StatementKind.Insert)]
    [TestCase("update ignore t set a = 1", StatementKind.Update)]
    [TestCase("delete t1.* from t1 join t2 using (a)", StatementKind.Delete)]
    [TestCase("explain extended select 1", StatementKind.Explain)]
    [TestCase("analyze format=json select 1", StatementKind.Explain)]
    [TestCase("analyze table t persistent for all", StatementKind.Administrative)]
    [TestCase("desc t", StatementKind.Show)]
    [TestCase("show full columns from t", StatementKind.Show)]
    [TestCase("use other", StatementKind.UseDatabase)]
    [TestCase("do sleep(1)", StatementKind.Evaluate)]
    [TestCase("set @a = 1", StatementKind.Evaluate)]
    [TestCase("set names utf8mb4", StatementKind.SetSetting)]
    [TestCase("set global general_log = 1", StatementKind.Administrative)]
    [TestCase("set password = password('x')", StatementKind.Privilege)]
    [TestCase("set session transaction isolation level read committed", StatementKind.SetTransaction)]
    [TestCase("handler t read first", StatementKind.Handler)]
    [TestCase("load data local infile 'f' into table t", StatementKind.LoadLocal)]
    [TestCase("load data infile 'f' into table t", StatementKind.CopyServerSide)]
    [TestCase("kill query 5", StatementKind.Kill)]
    [TestCase("call p(1)", StatementKind.Call)]
    [TestCase("execute immediate 'select 1'", StatementKind.Do)]
    [TestCase("xa commit 'x'", StatementKind.CommitPrepared)]
    [TestCase("start transaction with consistent snapshot, read only", StatementKind.Begin)]
    [TestCase("start slave", StatementKind.Administrative)]
    [TestCase("lock tables t read", StatementKind.Lock)]
    [TestCase("grant all on *.* to x@y", StatementKind.Privilege)]
    [TestCase("create temporary table t as select 1", StatementKind.CreateTableAs)]
    [TestCase("flush tables", StatementKind.Administrative)]
    public void A_statement_has_the_kind_of_what_it_does(string text, StatementKind kind) => Assert.That(MySqlText.Read(text).Kind, Is.EqualTo(kind));

    [TestCase("select a from s.t, u join (select b from v) d using (c)", "s.t u v", "a b c")]
    [TestCase("with x as (select a from t) select * from x, y", "t y", "a *")]
    [TestCase("with t as (select a from t) select b from t", "t", "a b")]
    [TestCase("select 1 from (t1 join (t2 left join t3 on t2.a = t3.a) on t1.b = t2.b)", "t1 t2 t3", "a b")]
    [TestCase("select 1 where exists (select 1 from t where c in (select d from u))", "t u", "c d")]
    [TestCase("select group_concat(distinct a order by b separator ',') from t", "t", "a b")]
    [TestCase("select match (a, b) against ('x' in boolean mode) from t", "t", "a b")]
    [TestCase("select date_add(a, interval b day), c + interval d hour_minute from t", "t", "a b c d")]
    [TestCase("select ((select a from t) + b), ((select c from u)) from v", "t u v", "a b c")]
    [TestCase("select rank() over (partition by a order by b) from t", "t", "a b")]
    [TestCase("select json_table.x from json_table(a, '$[*]' columns (x int path '$')) as json_table", "", "x a")]
    public void Relations_and_columns_are_found_wherever_they_stand(string text, string relations, string columns) =>
        Assert.Multiple(() =>
        {
            var reading = MySqlText.Read(text);
            Assert.That(reading.Relations.Select(static mention => mention.Name.ToString()), Is.EquivalentTo(Words(relations)));
            Assert.That(reading.Columns, Is.EquivalentTo(Words(columns)));
        });

    [Test]
    public void Names_of_columns_have_no_case_and_those_of_tables_where_the_server_says_so() =>
        Assert.Multiple(() =>
        {
            var sensitive = MySqlText.Read("SELECT P.SSN FROM Patients AS P");
            Assert.That(sensitive.Columns, Is.EqualTo(new[] { "ssn" }));
            Assert.That(sensitive.Relations[0].Name.Name, Is.EqualTo("Patients"));
            var folded = MySqlText.Read("SELECT P.SSN FROM Patients AS P", MySqlText.MariaDb with { FoldsRelationNames = true });
            Assert.That(folded.Relations[0].Name.Name, Is.EqualTo("patients"));
            Assert.That(MySqlText.Read("select 1 from INFORMATION_SCHEMA.Columns").Relations[0].Name.ToString(), Is.EqualTo("information_schema.columns"));
        });

    [TestCase("insert into t select a from u", "a")]
    [TestCase("insert into t values (1) on duplicate key update a = values(b)", "b")]
    [TestCase("update t join u on t.x = u.x set t.a = u.b", "b")]
    [TestCase("create table t as select a from u where b = 1", "a")]
    [TestCase("select a into @v from t where b = 1", "a")]
    [TestCase("select @v := a from t", "a")]
    [TestCase("set @v = (select max(a) from t where b = 1)", "a b")]
    public void What_is_stored_is_said(string text, string columns) => Assert.That(MySqlText.Read(text).StoredColumns, Is.EquivalentTo(Words(columns)));

    [Test]
    public void An_update_of_several_tables_writes_all_that_it_may_write() =>
        Assert.That(
            MySqlText.Read("update t join u on t.x = u.x set a = 1").Relations.Where(static mention => mention.IsWritten).Select(static mention => mention.Name.Name),
            Is.EquivalentTo(new[] { "t", "u" }));

    [Test]
    public void A_delete_by_alias_writes_the_table_that_the_alias_means() =>
        Assert.That(
            MySqlText.Read("delete x from t as x join u on x.a = u.a").Relations.Where(static mention => mention.IsWritten).Select(static mention => mention.Name.Name),
            Is.EqualTo(new[] { "t" }));

    [TestCase("prepare s from @v")]
    [TestCase("prepare s from concat('select ', 1)")]
    [TestCase("execute immediate 'select 1'")]
    [TestCase("set statement sql_mode = 'ANSI_QUOTES' for select 1")]
    [TestCase("select 1 from t procedure analyse()")]
    [TestCase("select 1 from t limit rows examined 5")]
    [TestCase("show tables where (select ssn from patients limit 1) like '9%'")]
    [TestCase("select 1 into outfile 'f'")]
    [TestCase("get diagnostics condition 1 @m = message_text")]
    public void What_the_text_does_not_show_is_opaque(string text) => Assert.That(MySqlText.Read(text).OpaqueBecause, Is.Not.Null);

    [TestCase("select `surname ` from t")]
    [TestCase("select 1 as 'surname '")]
    [TestCase("with `v\u0130sits` as (select 1 as a) select a from visits")]
    [TestCase("with visits as (select 1 as a) select a from `vi\u017fits`")]
    [TestCase("select (select `b\u0130rth` from t) from (select 1 as birth) d")]
    [TestCase("select (select birth from (select 'b\u0130rth') d) from t")]
    [TestCase("select s\u00fcrname from (select 1 as surname) d")]
    [TestCase("prepare \u00e9 from 'select 1'")]
    [TestCase("execute \u00e9")]
    [TestCase("execute `e `")]
    [TestCase("deallocate prepare \u00e9")]
    [TestCase("drop prepare \u00e9")]
    [TestCase("prepare s from 'select `surname ` from t'")]
    public void Names_that_may_be_one_to_the_server_are_opaque(string text) => Assert.That(MySqlText.Read(text).OpaqueBecause, Is.Not.Null);

    [TestCase("select gr\u00f6\u00dfe from stra\u00dfe where gr\u00f6\u00dfe = '\u00c4 '", "gr\u00f6\u00dfe stra\u00dfe")]
    [TestCase("select '\u00c4 ' as x, p.id from patients p", "")]
    [TestCase("with Gr\u00f6\u00dfe as (select 1 as a) select a from gr\u00f6\u00dfe", "Gr\u00f6\u00dfe gr\u00f6\u00dfe")]
    [TestCase("select `a b` from `c d`", "")]
    public void Names_beyond_ASCII_are_names(string text, string odd) =>
        Assert.Multiple(() =>
        {
            Assert.That(MySqlText.Read(text).OpaqueBecause, Is.Null);
            Assert.That(MySqlText.Read(text).OddNames, Is.EquivalentTo(Words(odd)));
        });

    [Test]
    public void What_is_prepared_is_read_from_its_string()
    {
        var reading = MySqlText.Read("prepare s from 'select ssn from patients where name = ''x'''");
        Assert.Multiple(() =>
        {
            Assert.That(reading.Kind, Is.EqualTo(StatementKind.Prepare));
            Assert.That(reading.ObjectName, Is.EqualTo("s"));
            Assert.That(reading.Inner!.Kind, Is.EqualTo(StatementKind.Select));
            Assert.That(reading.Columns, Is.EquivalentTo(new[] { "ssn", "name" }));
            Assert.That(reading.OpaqueBecause, Is.Null);
        });
    }

    [TestCase("prepare s from 'select 1'", true)]
    [TestCase("prepare s from 'delete from patients'", true)]
    [TestCase("prepare s from 'set sql_mode = default'", false)]
    [TestCase("prepare s from 'drop table patients'", false)]
    [TestCase("prepare s from @text", false)]
    [TestCase("select 1", false)]
    public void PREPARE_of_what_changes_how_texts_are_read_is_none_of_a_query(string text, bool isQuery) =>
        Assert.That(MySqlText.Read(text).PreparesQuery, Is.EqualTo(isQuery));

    [TestCase("select @@global.default.key_buffer_size", AnalysisStatus.Read)]
    [TestCase("select @@global.session.key_buffer_size", AnalysisStatus.SyntaxError)]
    [TestCase("select @@local.local.key_buffer_size", AnalysisStatus.SyntaxError)]
    public void A_setting_has_one_scope(string text, AnalysisStatus status) => Assert.That(MySqlText.Analyse(text).Status, Is.EqualTo(status));

    [TestCase("select a ->> '$.b' from t")]
    [TestCase("select a -> '$.b' from t")]
    [TestCase("select 1 from t, lateral (select 1) d")]
    [TestCase("select x from (select a from t) d (x)")]
    [TestCase("values row (1, 2)")]
    [TestCase("insert into t values row (1, 2)")]
    [TestCase("insert into t values (1) as new on duplicate key update a = new.a")]
    [TestCase("insert into t (a) values (1) as new (b) on duplicate key update a = b")]
    [TestCase("select a from t for share")]
    [TestCase("select a from t for update of t")]
    [TestCase("table t")]
    [TestCase("insert into t table u")]
    [TestCase("select a from t where 1 member of (b)")]
    [TestCase("select cast(a as json) from t")]
    [TestCase("select cast(a as year) from t")]
    [TestCase("select cast(a as unsigned array) from t")]
    [TestCase("with x as (select 1) update t set a = 1 where a in (select * from x)")]
    [TestCase("with x as (select 1) delete from t where a in (select * from x)")]
    [TestCase("delete from t as x where x.a = 1")]
    [TestCase("select sum(a) over (order by b groups 1 preceding) from t")]
    public void Forms_of_MySQL_8_are_read_for_it_and_refused_as_unproven(string text) =>
        Assert.Multiple(() =>
        {
            Assert.That(MySqlText.Read(text, MySqlText.MySql8).OpaqueBecause, Does.Contain("no server has proven"));
            Assert.That(MySqlText.Analyse(text).Status, Is.EqualTo(AnalysisStatus.SyntaxError));
        });

    /// <summary>MariaDB has these words, too, but for something else.</summary>
    [TestCase("explain analyze select 1")]
    [TestCase("select grouping(a) from t group by a with rollup")]
    [TestCase("create index i on t ((lower(a)))")]
    [TestCase("create table t (a int, key ((a + 1)))")]
    [TestCase("alter table t add index ((lower(a)))")]
    public void Forms_of_MySQL_8_that_are_others_in_MariaDB_are_unproven_as_well(string text) =>
        Assert.That(MySqlText.Read(text, MySqlText.MySql8).OpaqueBecause, Does.Contain("no server has proven"));

    [TestCase("select rank() over (order by a), dense_rank() over w, percent_rank() over w, cume_dist() over w from t window w as (order by a)")]
    [TestCase("select lag(a, 1) over w, lead(a) over w, ntile(4) over w, first_value(a) over w, last_value(a) over w, nth_value(a, 2) over w from t window w as (order by a)")]
    [TestCase("select row_number() over () from t")]
    public void Functions_of_windows_are_read_alike_though_their_names_are_reserved_in_MySQL(string text) =>
        Assert.Multiple(() =>
        {
            Assert.That(MySqlText.Read(text, MySqlText.MySql8).OpaqueBecause, Is.Null);
            Assert.That(MySqlText.Read(text, MySqlText.MySql8).Functions, Is.EqualTo(MySqlText.Read(text).Functions));
        });

    [Test]
    public void Every_node_says_where_it_stands()
    {
        const string Text = "select a + b as c from t where d = 'x'";
        var query = (SelectQuery)((QueryStatement)MySqlText.Read(Text).Syntax!).Query;
        Assert.Multiple(() =>
        {
            Assert.That(Text[query.Targets[0].Value.Position..query.Targets[0].Value.End], Is.EqualTo("a + b"));
            Assert.That(Text[query.Targets[0].Position..query.Targets[0].End], Is.EqualTo("a + b as c"));
            Assert.That(Text[query.Where!.Position..query.Where.End], Is.EqualTo("d = 'x'"));
            Assert.That(Text[query.From[0].Position..query.From[0].End], Is.EqualTo("t"));
        });
    }

    [Test]
    public void Joins_without_a_condition_go_from_left_to_right_and_conditions_belong_to_the_last_join_without_one()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Shape("a join b join c on x"), Is.EqualTo("((a b) c)"));
            Assert.That(Shape("a join b join c on x on y"), Is.EqualTo("(a (b c))"));
            Assert.That(Shape("a left join b left join c on x on y join d"), Is.EqualTo("((a (b c)) d)"));
            Assert.That(Shape("a join b on x join c on y"), Is.EqualTo("((a b) c)"));
        });

        static string Shape(string from) => Of(((SelectQuery)((QueryStatement)MySqlText.Read($"select 1 from {from}").Syntax!).Query).From[0]);
        static string Of(Source source) => source is JoinSource join ? $"({Of(join.Left)} {Of(join.Right)})" : ((TableSource)source).Name.Name;
    }

    [Test]
    public void A_statement_that_is_too_deep_is_refused_and_not_the_end_of_the_process() =>
        Assert.Multiple(() =>
        {
            foreach (var text in new[] { Nested("(", "1", ")"), Nested("(select ", "1", ")"), Nested("- ", "1", ""), Nested("not ", "1", ""), Nested("", "1", "+1"), Nested("case when 1 then ", "1", " end") })
                Assert.That(MySqlText.Analyse($"select {text}").Status, Is.EqualTo(AnalysisStatus.SyntaxError));
        });

    [Test]
    public void A_long_list_is_read() =>
        Assert.That(
            MySqlText.Read($"select a from t where a in ({string.Join(',', Enumerable.Range(0, 20_000).Select(static i => i.ToString(CultureInfo.InvariantCulture)))})").Columns,
            Is.EqualTo(new[] { "a" }));

    private static string Nested(string before, string inner, string behind) =>
        string.Concat(Enumerable.Repeat(before, 20_000)) + inner + string.Concat(Enumerable.Repeat(behind, 20_000));

    private static string[] Words(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
