using System.Collections;
using System.Reflection;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Masking;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Core.Sql;
using Proxy.Core.Sql.MySql;
using Proxy.Core.Sql.Postgres;
using Proxy.Tests.Core.Catalogue;
using Proxy.Tests.Core.Sql.Postgres;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Policy;

/// <summary>Texts that differ in integers alone share a judgement where no integer was looked at; it is the one that each would have got by itself.</summary>
public sealed class FormJudgementTests
{
    /// <summary>Integers wherever a query can have them: those that say something, and those that do not.</summary>
    private static readonly string[] Texts =
    [
        "select id, ward from patients where id = 12345 and risk < 77",
        "select id, ssn, note from patients where id in (11, 222, 3333) limit 50 offset 12",
        "select ward, ssn from patients order by 1", "select ward, ssn from patients order by 11", "select id, ward, ssn from patients order by 12 limit 10",
        "select ward, count(*) from patients group by 1", "select ward, id, count(*) from patients group by 1, 2 order by 3 desc limit 25",
        "select ward, ssn from patients union select name, 'x' from departments order by 2 limit 10",
        "select substring(ssn from 1 for 4), left(note, 3), right(ssn, 4), lpad(ward, 12, 'x'), repeat(ward, 5), round(risk, 2) from patients",
        "select extract(year from now()) - 1950, risk / 365, risk / 10, risk % 7, risk << 3 from patients",
        "select id from patients where risk / 12 > 3", "select id from patients where ssn = 12345", "select id from patients where ssn > 5 and id > 9",
        "select id from patients where risk between 5 and 15 and id not between 22 and 33", "select case when risk > 50 then ssn else ward end from patients where id = 77",
        "select case risk when 1 then 'a' when 22 then 'b' else note end from patients", "select coalesce(risk, 55), nullif(risk, 66), greatest(risk, 77) from patients",
        "select distinct on (ward) ssn from patients order by ward, risk limit 12", "select ward from patients tablesample bernoulli (10) repeatable (55)",
        "select sum(risk) over (order by id rows between 3 preceding and 12 following), ntile(44) over (order by ssn), lag(ssn, 2) over (order by id) from patients",
        "select nth_value(ssn, 3) over (order by id) from patients", "select generate_series(1, 100), id from patients", "select array[1, 22, 333], (1, 22), array[risk, 5] from patients",
        "select (array[ssn, ward])[1], (array[ssn, ward])[2] from patients", "select a.b[15] from (select array[1, 22] as b) a",
        "select ssn::varchar(10), ward::char(5), risk::numeric(10, 2), interval '1' second(3) from patients", "select 55, 66 as a, 'pt_77', '5'::int4", "values (1, 22), (333, 4444)",
        "select set_config('work_mem', 12, false)", "select set_config('statement_timeout', '12', true), 77", "select current_setting('a.b'), 12", "select pg_sleep(10)",
        "with w as (select id, ssn from patients where risk > 12) select ssn from w where id = 77 order by id limit 5",
        "with recursive w(n) as (select 1 union all select n + 1 from w where n < 100) select n from w",
        "select p.ssn, d.name from patients p join departments d on d.floor = 12 and p.ward = d.name where d.floor < 99", "select id from patients p where exists (select 1 from departments where floor = 12)",
        "select (select ssn from patients where id = 77), (select count(*) from patients where risk > 12)", "select id from patients where id = any (array[1, 22, 333])",
        "select count(*) from patients having count(*) > 10", "select ward, avg(risk) from patients group by ward having avg(risk) > 50 order by 2 desc fetch first 12 rows only",
        "insert into stamped (id) values (11), (222)", "insert into patients (id, ssn, risk) values (11, 22222, 33)", "insert into departments (name, floor) values ('x', 12) on conflict do nothing",
        "insert into departments (name, floor) select ward, 12 from patients where risk > 55", "update patients set risk = 55 where id = 1234", "update patients set risk = risk + 12 where risk / 7 > 5",
        "update patients set ssn = 12345 where id = 77", "update patients set note = ssn where id = 12", "delete from patients where id = 12345", "delete from patients where ssn = 12345",
        "merge into departments d using patients p on d.floor = 12 when matched then update set floor = 13 when not matched then insert values ('x', 14)",
        "select id into temp t from patients where id > 12", "select id from patients where id = 12 for update", "select ward from patients where ward like 'a' and id = 55; select 12", "select 1; select ssn from patients where id = 22 order by 1",
        "select ssn from patients where id = 55 and ssn = $1", "select ssn from patients where id = 55 and ward = $1", "select ssn as a12, * from patients where id = 12", "select abs(12), -12, - 12, 12 - 5, 12. , 1.5, 12e1 from patients",
        "select x from unknown_table where id = 12", "select unknown_function(12) from patients", "select public.leak(55)", "select 12 operator(public.~~~) 'x'", "select row_number() over () + 100, ssn from patients",
        "select floor from departments where floor = 12 order by name limit 100", "select floor, count(*) from departments group by floor, 12 + 1 order by count(*) limit 3", "select 12 where 12 = 13 or 14 < 15",
    ];

    /// <summary>What MySQL takes integers for besides.</summary>
    private static readonly string[] MySqlTexts =
    [
        "select 12, 13 as a, risk from patients where id = 55", "select x.`12` from (select 12, risk from patients) x where x.risk = 34", "select `5` from (select 5) x", "select -5, +5, - 5, 5 as `7` from patients",
        "select ssn from patients limit 12, 34", "select ssn from patients where id = 5 limit 10 for update", "select /*!50001 12, */ 13 from patients where risk = 7", "select /*+ MAX_EXECUTION_TIME(1000) */ ssn from patients where id = 77",
        "select ssn from patients where date_add(now(), interval 5 day) > now() and id = 12", "select left(ssn, 3), mid(note, 2, 5), lpad(ward, 12, 'x'), truncate(risk, 2) from patients", "select weight_string(ssn as char(12)) from patients",
        "select cast(risk as decimal(10, 2)), convert(ssn, char(15)), risk div 12, risk mod 7, risk >> 3, risk xor 5 from patients", "select sum(risk) over (order by id rows between 3 preceding and 12 following) from patients",
        "insert into patients (id, risk) values (11, 22), (33, 44) on duplicate key update risk = 55", "replace into departments values ('a', 12)", "insert into departments set floor = 12", "update patients set risk = 5 where id = 6 order by ward limit 7",
        "delete from patients where risk = 55 limit 12", "delete p from patients p join departments d on d.floor = 12 where p.id = 34", "set @a = 12", "select @a := 12", "select 12 into @b", "set sql_select_limit = 12", "kill 12", "do sleep(5)",
        "select id from patients where ssn = 12", "select id from patients where ssn in (12, 34)", "select group_concat(ward order by 1 separator 'x') from patients group by 2", "select ward, risk from patients group by 1 with rollup",
        "handler patients read first limit 12", "explain select ssn from patients where id = 12", "prepare p from 'select 12'", "select 1; select ssn from patients where id = 22", "select x'12', b'11', 0x12, 1e5, 1.5, 012, 1_2 from patients",
        "select get_lock('a', 12)", "select sleep(12), benchmark(12, 34)", "select elt(2, ssn, ward), field(12, risk, 34), make_set(5, 'a', 'b') from patients", "select json_extract(note, '$[12]') from patients where id = 34",
        "values (1, 2), (33, 44)", "select count(*) from patients where id between 12 and 34 having count(*) > 5", "with w as (select 12 as a, ssn from patients) select a, ssn from w where a = 12 order by 2",
    ];

    [Test]
    public void A_judgement_of_the_form_is_the_one_that_the_text_would_have_got_by_itself([Values] SqlDialect dialect, [Values] bool counts)
    {
        var isMySql = dialect is SqlDialect.MySql;
        var random = new Random(Proof.Seed);
        var shared = 0;
        var compared = 0;
        string[] texts = isMySql ? [.. Texts, .. MySqlTexts] : Texts;
        foreach (var text in texts)
        {
            using var postgres = isMySql ? null : FrontEnd();
            var frontEnd = postgres ?? MySqlFrontEndOf();
            using var codes = new BudgetCodes();
            var catalogue = new FixedCatalogue(isMySql ? MySqlSnapshot() : Snapshot(1));
            var judge = Judge(codes, counts, catalogue);
            var other = Judge(codes, counts, catalogue);
            for (var variant = 0; variant < Proof.Size(40, 1_000); variant++)
            {
                if (Analyse(frontEnd, WithOtherDigits(text, random)) is not { Status: AnalysisStatus.Read } analysis) continue;
                var judgement = judge.Judge(analysis, new NoNames());
                var alone = other.Judge(Closed(analysis), new NoNames());
                Assert.That(Described(judgement), Is.EqualTo(Described(alone)), text);
                Assert.That(judgement.Analysis, Is.SameAs(analysis));
                compared++;
                if (analysis.Open is { WereRead: false }) shared++;
            }
        }

        Assert.That(shared, Is.GreaterThan(compared / 5));
        Proof.Record($"Judgements of forms{(isMySql ? ", MySQL" : "")}{(counts ? ", with budgets" : "")}", $"{compared:N0} texts like {texts.Length}, {shared:N0} of them judged without looking at their integers, seed {Proof.Seed}: each as it would be by itself");
    }

    [TestCase(SqlDialect.MySql, "select id, ward, ssn from patients where id = 1{0} and risk < 5{0}", true)]
    [TestCase(SqlDialect.MySql, "update patients set risk = 1{0} where id = 5{0}", true)]
    [TestCase(SqlDialect.MySql, "select ward, ssn from patients limit 1{0}, 2{0}", true)]
    [TestCase(SqlDialect.MySql, "select id, ward, ssn from patients order by {0}", false)]
    [TestCase(SqlDialect.MySql, "select upper(t1.ward) from patients t1 where id = 1{0}", true)]
    [TestCase(SqlDialect.MySql, "select x.risk from (select 1{0}, risk from patients) x", false)]
    [TestCase(SqlDialect.Postgres, "select id, ward, ssn from patients where id = 1{0} and risk < 5{0}", true)]
    [TestCase(SqlDialect.Postgres, "select ward, ssn, note from patients limit 1{0} offset 2{0}", true)]
    [TestCase(SqlDialect.Postgres, "update patients set risk = 1{0} where id = 5{0}", true)]
    [TestCase(SqlDialect.Postgres, "select id, ward, ssn from patients order by {0}", false)]
    [TestCase(SqlDialect.Postgres, "select ward, count(*) from patients group by {0}", false)]
    [TestCase(SqlDialect.Postgres, "update patients set ssn = 1{0} where id = 5{0}", false)]
    [TestCase(SqlDialect.Postgres, "select set_config('work_mem', 1{0}, false)", false)]
    public void It_is_shared_only_where_no_integer_says_anything(SqlDialect dialect, string text, bool isShared)
    {
        var isMySql = dialect is SqlDialect.MySql;
        using var postgres = isMySql ? null : FrontEnd();
        var frontEnd = postgres ?? MySqlFrontEndOf();
        using var codes = new BudgetCodes();
        var judge = Judge(codes, counts: false, new FixedCatalogue(isMySql ? MySqlSnapshot() : Snapshot(1)));
        var lineages = new List<object?>();
        for (var i = 1; i <= 5; i++)
            lineages.Add(judge.Judge(Analyse(frontEnd, string.Format(System.Globalization.CultureInfo.InvariantCulture, text, i)), new NoNames()).AssessmentOf(0).Lineage);
        Assert.That(ReferenceEquals(lineages[3], lineages[4]), Is.EqualTo(isShared));
    }

    [Test]
    public void It_is_not_shared_under_another_catalogue()
    {
        using var frontEnd = FrontEnd();
        using var codes = new BudgetCodes();
        var catalogue = new FixedCatalogue(Snapshot(1));
        var judge = Judge(codes, counts: false, catalogue);
        Judgement Of(int i) => judge.Judge(Analyse(frontEnd, $"select ssn, ward from patients where id = 1{i}"), new NoNames());
        for (var i = 1; i <= 4; i++) Of(i);
        catalogue.Current = SnapshotBuilder.Build(2, SmallCatalogue.Facts, new SaidClasses(new Dictionary<string, IdentifierClass>()));
        Assert.That(Of(5).AssessmentOf(0).Lineage!.Outputs!.Columns[1].Flow.IsPhi);
    }

    [Test]
    public void A_judgement_is_labelled_with_the_overlay_that_it_was_made_by()
    {
        using var frontEnd = FrontEnd();
        using var codes = new BudgetCodes();
        var judge = Judge(codes, counts: false);
        var created = judge.Judge(Analyse(frontEnd, "create temp table departments as select ssn as name, 1 as floor from patients"), new NoNames());
        var after = created.EffectOf(0).ApplyTo(SessionOverlay.Empty);
        Assert.That(after, Is.Not.SameAs(SessionOverlay.Empty));

        // The reply to CREATE TEMP TABLE comes while the next text is judged.
        var raced = judge.Judge(Analyse(frontEnd, "select upper(name) from departments where floor = 13"), new Changing(SessionOverlay.Empty, after));

        Assert.That(raced.AssessmentOf(0).Lineage!.ShowsPhi, Is.EqualTo(ReferenceEquals(raced.Overlay, after)));
        Assert.That(judge.IsCurrent(raced, new Changing(after, after)), Is.False);
    }

    [Test]
    public void It_is_not_shared_under_another_overlay()
    {
        using var frontEnd = FrontEnd();
        using var codes = new BudgetCodes();
        var judge = Judge(codes, counts: false);
        for (var i = 1; i <= 4; i++) judge.Judge(Analyse(frontEnd, $"select upper(name) from departments where floor = 1{i}"), new NoNames());
        var after = judge.Judge(Analyse(frontEnd, "create temp table departments as select ssn as name, 1 as floor from patients"), new NoNames()).EffectOf(0).ApplyTo(SessionOverlay.Empty);
        Assert.That(judge.Judge(Analyse(frontEnd, "select upper(name) from departments where floor = 15"), new Changing(after, after)).AssessmentOf(0).Lineage!.ShowsPhi);
    }

    [Test]
    public void Each_call_of_what_nobody_reviewed_asks_for_a_new_catalogue()
    {
        using var frontEnd = FrontEnd();
        using var codes = new BudgetCodes();
        var catalogue = new FixedCatalogue(Snapshot(1));
        var judge = Judge(codes, counts: false, catalogue);
        for (var i = 1; i <= 6; i++)
            Assert.That(judge.Judge(Analyse(frontEnd, $"select public.ward_beds(1{i})"), new NoNames()).Decision.IsForwarded);
        Assert.That(catalogue.Requests, Is.EqualTo(6));
    }

    /// <summary>The grammar of one reader must not be another form to the next.</summary>
    [Test]
    public void All_readers_agree_on_the_form()
    {
        using var frontEnd = new PostgresFrontEnd(SharedFrontEnd.Options with { Instances = 2, CacheBytesMax = 0, CallerStackBytes = PostgresFrontEndOptions.CallerStackBytesMin });
        for (var i = 1; i <= 3; i++) Analyse(frontEnd, $"select ward from patients where id = 1{i}");
        var one = Analyse(frontEnd, "select ward from patients where id = 14").Open;
        OpenIntegers? other = null;
        var thread = new Thread(() => other = Analyse(frontEnd, "select ward from patients where id = 15").Open, PostgresFrontEndOptions.CallerStackBytesMin);
        thread.Start();
        thread.Join();
        Assert.That(one!.IsSameForm(other!));
    }

    /// <summary>The same as a text of which no others of its form are known.</summary>
    private static StatementAnalysis Closed(StatementAnalysis analysis) =>
        new() { Status = analysis.Status, Statements = analysis.Statements, Fingerprint = analysis.Fingerprint };

    private static PostgresFrontEnd FrontEnd() =>
        new(SharedFrontEnd.Options with { Instances = 1, CacheBytesMax = 0, CallerStackBytes = PostgresFrontEndOptions.CallerStackBytesMin });

    private static ISqlFrontEnd MySqlFrontEndOf() => new MySqlFrontEnd(new MySqlFrontEndOptions { CacheBytesMax = 0 }).For(MySqlReadSettings.Default);

    private static StatementAnalysis Analyse(ISqlFrontEnd frontEnd, string text)
    {
        Assert.That(frontEnd.TryAnalyse(Encoding.UTF8.GetBytes(text), out var analysis));
        return analysis;
    }

    private static SessionJudge Judge(BudgetCodes codes, bool counts, ICatalogueSource? catalogue = null)
    {
        var principal = new Principal { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue };
        var rule = new AccessRule { Name = "everything", Risk = new RiskCondition { Within = ~RiskClasses.None }, Verdict = Verdict.Allow, Profile = MaskProfile.Pseudonymous };
        return new SessionJudge(
            principal, "target", "database", new SwitchablePolicy(new AccessPolicy([rule], "version")), catalogue ?? new FixedCatalogue(Snapshot(1)),
            new MaskPlanner(null), TimeProvider.System, counts ? new BudgetBook(codes, TimeProvider.System) : null);
    }

    private static CatalogueSnapshot Snapshot(int version) => SnapshotBuilder.Build(
        version,
        SmallCatalogue.Facts with
        {
            SystemFunctions =
            [
                .. SmallCatalogue.Facts.SystemFunctions, "substring", "left", "right", "lpad", "repeat", "round", "extract", "now", "nth_value", "ntile", "lag", "generate_series", "sum", "avg",
                "pg_sleep", "abs", "row_number",
            ],
            SystemOperators = [.. SmallCatalogue.Facts.SystemOperators, "-", "*", "%", "<<", "<", ">", "<=", ">=", "<>", "||"],
            SystemTypes = [.. SmallCatalogue.Facts.SystemTypes, "varchar", "bpchar", "numeric", "interval"],
        },
        SmallCatalogue.Classification);

    /// <summary>The same tables in MySQL.</summary>
    private static CatalogueSnapshot MySqlSnapshot() => SnapshotBuilder.Build(
        1,
        new CatalogueFacts
        {
            Dialect = SqlDialect.MySql,
            ServerVersionNum = 101_119,
            Relations =
            [
                .. SmallCatalogue.Facts.Relations.Where(static relation => relation.Oid is SmallCatalogue.Departments or SmallCatalogue.Patients or SmallCatalogue.Stamped)
                    .Select(static relation => relation with { Schema = "hospital", Kind = 'r' }),
            ],
            Columns = [.. SmallCatalogue.Facts.Columns.Where(static column => column.RelationOid is SmallCatalogue.Departments or SmallCatalogue.Patients or SmallCatalogue.Stamped)],
            SystemFunctions = [.. ReviewedFunctions.MySql.Names],
        },
        new SaidClasses(new Dictionary<string, IdentifierClass>
        {
            ["hospital.departments.*"] = IdentifierClass.NotPhi,
            ["hospital.stamped.*"] = IdentifierClass.NotPhi,
            ["hospital.patients.id"] = IdentifierClass.NotPhi,
            ["hospital.patients.ward"] = IdentifierClass.NotPhi,
            ["hospital.patients.risk"] = IdentifierClass.NotPhi,
            ["hospital.patients.ssn"] = IdentifierClass.SocialSecurityNumber,
            ["hospital.patients.note"] = IdentifierClass.FreeText,
        }));

    private static readonly MySqlResultColumn[] MySqlColumns =
    [
        new("hospital", "patients", "id", MySqlFieldType.Long, 0, 63, 11, 0, false), new("hospital", "patients", "ward", MySqlFieldType.VarString, 0, 45, 80, 0, false),
        new("hospital", "patients", "ssn", MySqlFieldType.VarString, 0, 45, 80, 0, false), new("", "", "", MySqlFieldType.LongLong, 0, 63, 20, 0, false),
    ];

    private static readonly ResultColumn[] Columns =
    [
        new(SmallCatalogue.Patients, 1, 23, -1, false), new(SmallCatalogue.Patients, 3, 25, -1, false), new(SmallCatalogue.Patients, 2, 25, -1, false), new(0, 0, 20, -1, true),
    ];

    /// <summary>All that a judgement says, and the plans that it makes, of as many columns as may come.</summary>
    private static string Described(Judgement judgement)
    {
        var said = new StringBuilder();
        Describe(said, judgement, 0);
        for (var statement = 0; statement < judgement.Analysis.Statements.Length; statement++)
        {
            Describe(said, judgement.AssessmentOf(statement), 0);
            for (var width = 1; width <= Columns.Length; width++)
            {
                var plan = judgement.PlanFor(statement, Columns.AsSpan(0, width));
                for (var column = 0; column < width; column++) said.Append(plan[column].Kind).Append(plan[column].Type).Append(plan.IsPhi(column)).Append(' ');
                said.Append(plan.Subjects is null).AppendLine();
                var mySql = judgement.PlanFor(statement, MySqlColumns.AsSpan(0, width));
                for (var column = 0; column < width; column++) said.Append(mySql[column].Kind).Append(' ');
            }
        }

        return said.ToString();
    }

    private static void Describe(StringBuilder said, object? value, int depth)
    {
        if (value is null or string or Enum || value.GetType().IsPrimitive || depth > 7)
        {
            said.Append(value ?? "null").AppendLine();
        }
        else if (value is IEnumerable list)
        {
            if (value.GetType() is { IsGenericType: true, Name: "ImmutableArray`1" } array && (bool)array.GetProperty("IsDefault")!.GetValue(value)!) return;
            foreach (var element in list) Describe(said, element, depth + 1);
        }
        else if (value.GetType().Namespace is "Proxy.Core.Policy" or "Proxy.Core.Policy.Budgets" or "Proxy.Core.Sql" or "Proxy.Core.Sql.Lineage")
        {
            foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static one => one.GetIndexParameters().Length == 0))
            {
                if (property.Name is "Open" or "Syntax" or "Catalogue" or "CatalogueVersion" or "Overlay" or "PolicyVersion" or "PhiClass") continue;
                said.Append(' ', depth).Append(property.Name).Append(": ");
                Describe(said, property.GetValue(value), depth + 1);
            }
        }
        else
        {
            said.Append(value).AppendLine();
        }
    }

    /// <summary>Each number keeps its length and gets other digits.</summary>
    private static string WithOtherDigits(string text, Random random)
    {
        var other = text.ToCharArray();
        for (var i = 0; i < other.Length; i++)
            if (char.IsAsciiDigit(other[i]) && other[i] != '0' && random.Next(4) > 0 && (i == 0 || !char.IsAsciiLetter(other[i - 1])) && (i == 0 || other[i - 1] is not '$'))
                other[i] = (char)('1' + random.Next(random.Next(3) == 0 ? 3 : 9));
        return new string(other);
    }

    /// <summary>Whoever looks twice sees two.</summary>
    private sealed class Changing(SessionOverlay first, SessionOverlay then) : INamedStatements
    {
        private bool _wasAsked;

        public SessionOverlay Overlay
        {
            get
            {
                var overlay = _wasAsked ? then : first;
                _wasAsked = true;
                return overlay;
            }
        }

        public RiskAssessment? Prepared(string name) => null;

        public RiskAssessment? Cursor(string name) => null;
    }

    private sealed class NoNames : INamedStatements
    {
        public RiskAssessment? Prepared(string name) => null;

        public RiskAssessment? Cursor(string name) => null;
    }
}
