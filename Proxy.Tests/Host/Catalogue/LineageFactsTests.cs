using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Catalogue;

[TestFixture(PostgresVersion.V13)]
[TestFixture(PostgresVersion.V15)]
[TestFixture(PostgresVersion.V18)]
public sealed class LineageFactsTests(PostgresVersion version)
{
    private const string Schema = """
        create schema clinic;
        create type clinic.town as (postcode text, city text);
        create domain clinic.place as clinic.town;
        create domain clinic.places as clinic.place[];
        create domain clinic.short as text check (length(value) < 9);
        create domain clinic.shorter as clinic.short check (length(value) < 5);
        create function clinic.secret() returns text language sql stable as 'select 1::text';
        create table clinic.rooms (id int);
        create table clinic.people (
            id int generated always as identity primary key, home clinic.town, others clinic.places, code clinic.shorter, codes clinic.shorter[],
            room clinic.rooms, added timestamptz default now(), label text default clinic.secret(), twice int generated always as (length(code) * 2) stored,
            everything xml default query_to_xml('select 1', true, true, ''));
        create view clinic.coded as select p.id, lower(p.code) as code from clinic.people p where p.added < now();
        create materialized view clinic.counted as select count(*) as n from clinic.people;
        create table clinic.events (id int, at date) partition by range (at);
        create table clinic.events_2026 partition of clinic.events for values from ('2026-01-01') to ('2027-01-01');
        create function clinic.find(wanted text, inout tally int default 0, variadic more text[] default '{}', out found text)
            language sql stable strict security definer set search_path = clinic as 'select 1, wanted';
        create function clinic.listed(int) returns table (id int, code text) language sql as 'select id, code::text from clinic.people';
        create function clinic.everyone() returns setof clinic.people language sql as 'select * from clinic.people';
        create procedure clinic.forget(n int) language plpgsql as 'begin perform n; end';
        create aggregate clinic.total(int) (sfunc = int4pl, stype = int);
        create function clinic.overloaded(int) returns int language sql as 'select 1';
        create function clinic.overloaded(text) returns int language sql as 'select 2';
        """;

    private CatalogueSnapshot _catalogue = CatalogueSnapshot.Empty;
    private PostgresServer _server = null!;
    private string _database = "";

    [OneTimeSetUp]
    public async Task Load()
    {
        _server = await SharedServers.PostgresAsync(version);
        _database = await CreateAsync();
        _catalogue = await Hospital.LoadAsync(_server, _database);
    }

    [Test]
    public void A_view_has_its_query_with_qualified_names() => Assert.Multiple(() =>
    {
        Assert.That(Find("coded").Definition, Does.Contain("FROM clinic.people p"));
        Assert.That(Find("counted").Definition, Does.Contain("FROM clinic.people"));
        Assert.That(Find("people").Definition, Is.Null);
        Assert.That(_catalogue.Candidates(new QualifiedName("pg_catalog", "pg_stats")).Single().Definition, Is.Null);
    });

    [Test]
    public async Task A_view_whose_tables_somebody_has_locked_has_no_query_and_keeps_nobody_waiting()
    {
        var database = await CreateAsync();
        await _server.ExecuteAsync(database, "create table clinic.free (id int); create view clinic.v_free as select id from clinic.free");
        await using var migration = await _server.OpenAsync(database);
        await using var transaction = await migration.BeginTransactionAsync();
        await using (var command = migration.CreateCommand())
        {
            command.CommandText = "lock clinic.people in access exclusive mode";
            await command.ExecuteNonQueryAsync();
        }
        var catalogue = await Hospital.LoadAsync(_server, database);
        Assert.Multiple(() =>
        {
            Assert.That(catalogue.Candidates(new QualifiedName("clinic", "coded")).Single().Definition, Is.Null);
            Assert.That(catalogue.Candidates(new QualifiedName("clinic", "v_free")).Single().Definition, Is.Not.Null);
        });
    }

    [Test]
    public void A_column_knows_what_its_type_is_made_of()
    {
        var town = Column("home").Shape.RowOf;
        Assert.Multiple(() =>
        {
            Assert.That(_catalogue.FindRow(town)!.Columns.Select(field => field.Name), Is.EqualTo(new[] { "postcode", "city" }));
            Assert.That(_catalogue.Find(town), Is.Null, "nothing can be read from a type");
            Assert.That(Column("home").Shape, Is.EqualTo(new TypeShape(Column("home").TypeOid, false, town)));
            Assert.That(Column("others").Shape.IsArray, Is.True);
            Assert.That(Column("others").Shape.RowOf, Is.EqualTo(town), "through a domain over an array of a domain");
            Assert.That(Column("code").Shape, Is.EqualTo(TypeShape.Plain(25)), "text, through two domains");
            Assert.That(Column("codes").Shape, Is.EqualTo(new TypeShape(Column("codes").TypeOid, true, 0)));
            Assert.That(_catalogue.FindRow(Column("room").Shape.RowOf), Is.SameAs(Find("rooms")));
            Assert.That(Column("id").Shape, Is.EqualTo(TypeShape.Plain(23)));
        });
    }

    [TestCase("id", false, false, false)]
    [TestCase("added", true, false, false)]
    [TestCase("label", true, false, true, Description = "a function of a user")]
    [TestCase("twice", true, true, false)]
    [TestCase("everything", true, false, true, Description = "a function of pg_catalog that runs queries given as text")]
    public void A_column_knows_what_gives_it_a_value(string column, bool hasDefault, bool isGenerated, bool runsCode) => Assert.Multiple(() =>
    {
        Assert.That(Column(column).HasDefault, Is.EqualTo(hasDefault));
        Assert.That(Column(column).IsGenerated, Is.EqualTo(isGenerated));
        Assert.That(Column(column).DefaultRunsCode, Is.EqualTo(runsCode));
    });

    [Test]
    public void Partitions_and_their_parents_know_each_other() => Assert.Multiple(() =>
    {
        Assert.That(Find("events").Children, Is.EqualTo(new[] { Find("events_2026").Oid }));
        Assert.That(Find("events_2026").Parents, Is.EqualTo(new[] { Find("events").Oid }));
    });

    [Test]
    public void A_function_has_everything_that_decides_what_a_call_does()
    {
        var find = Function("find");
        Assert.Multiple(() =>
        {
            Assert.That(find.Language, Is.EqualTo("sql"));
            Assert.That(find.Kind, Is.EqualTo(FunctionKind.Function));
            Assert.That(find.Body, Is.EqualTo("select 1, wanted"));
            Assert.That(find.IsStandardBody, Is.False);
            Assert.That(find.Arguments, Is.EqualTo(new[]
            {
                new FunctionArgument("wanted", ArgumentMode.In, 25, "text"), new FunctionArgument("tally", ArgumentMode.InOut, 23, "integer"),
                new FunctionArgument("more", ArgumentMode.Variadic, 1009, "text[]"), new FunctionArgument("found", ArgumentMode.Out, 25, "text"),
            }));
            Assert.That(find.DefaultCount, Is.EqualTo(2));
            Assert.That(find.ResultColumns.Select(column => column.Name), Is.EqualTo(new[] { "tally", "found" }));
            Assert.That(find.Volatility, Is.EqualTo(FunctionVolatility.Stable));
            Assert.That(find.IsStrict, Is.True);
            Assert.That(find.IsSecurityDefiner, Is.True);
            Assert.That(find.ReturnsSet, Is.False);
            Assert.That(find.Settings, Is.EqualTo(new[] { "search_path=clinic" }));
            Assert.That(find.BodyHash, Does.Match("^[0-9a-f]{64}$"));
            Assert.That(Function("listed").ResultColumns.Select(column => column.Name), Is.EqualTo(new[] { "id", "code" }));
            Assert.That(Function("listed").ReturnsSet, Is.True);
            Assert.That(_catalogue.FindRow(_catalogue.ShapeOf(Function("everyone").ResultTypeOid).RowOf), Is.SameAs(Find("people")));
            Assert.That(Function("forget").Kind, Is.EqualTo(FunctionKind.Procedure));
            Assert.That(Function("total").Kind, Is.EqualTo(FunctionKind.Aggregate));
            Assert.That(Function("total").BodyHash, Is.Null, "its code is that of other functions");
            Assert.That(_catalogue.FunctionsNamed(new QualifiedName(null, "overloaded")), Has.Length.EqualTo(2));
            Assert.That(_catalogue.FunctionsNamed(new QualifiedName("public", "overloaded")), Is.Empty);
            Assert.That(_catalogue.FunctionsNamed(new QualifiedName(null, "lower")), Is.Empty);
        });
    }

    [Test]
    public async Task A_body_in_the_standards_form_is_what_the_server_prints()
    {
        if (version == PostgresVersion.V13)
        {
            // They came with 14.
            Assert.That(_catalogue.FunctionsNamed(new QualifiedName(null, "find")).Single().IsStandardBody, Is.False);
            return;
        }
        var catalogue = await Changed("create function clinic.standard(n int) returns bigint return (select count(*) + n from clinic.people)");
        var standard = catalogue.FunctionsNamed(new QualifiedName("clinic", "standard")).Single();
        Assert.Multiple(() =>
        {
            Assert.That(standard.IsStandardBody, Is.True);
            Assert.That(standard.Body, Does.Contain("clinic.people"));
            Assert.That(standard.BodyHash, Is.Not.Null);
        });
    }

    [Test]
    public async Task A_body_that_is_too_long_is_not_kept()
    {
        var catalogue = await Changed(
            $"create function clinic.long() returns int language plpgsql as $$ begin return 1; -- {new string('x', CatalogueFunction.BodyCharsMax)}\nend $$");
        var function = catalogue.FunctionsNamed(new QualifiedName("clinic", "long")).Single();
        Assert.Multiple(() =>
        {
            Assert.That(function.Body, Is.Null);
            Assert.That(function.BodyHash, Is.Null);
        });
    }

    [TestCase("create or replace function clinic.listed(int) returns table (id int, code text) language sql as 'select id, upper(code) from clinic.people'")]
    [TestCase("alter function clinic.listed(int) set search_path = public")]
    [TestCase("alter function clinic.listed(int) security definer")]
    [TestCase("drop function clinic.listed(int); create function clinic.listed(int) returns table (id int, other text) language sql as 'select id, code::text from clinic.people'")]
    public async Task Whatever_changes_what_a_call_does_changes_the_hash(string ddl)
    {
        var changed = await Changed(ddl);
        Assert.That(changed.FunctionsNamed(new QualifiedName("clinic", "listed")).Single().BodyHash, Is.Not.EqualTo(Function("listed").BodyHash));
    }

    [Test]
    public async Task The_hash_is_the_same_in_another_database()
    {
        var other = await Changed("create table clinic.more (id int)");
        Assert.That(other.FunctionsNamed(new QualifiedName("clinic", "find")).Single().BodyHash, Is.EqualTo(Function("find").BodyHash));
    }

    [TestCase(FunctionReview.Shown)]
    [TestCase(FunctionReview.Clean)]
    [TestCase(FunctionReview.Masked)]
    public async Task A_declared_function_is_what_a_person_says(FunctionReview said)
    {
        var catalogue = await Declared(new FunctionDeclaration
        {
            Schema = "clinic",
            Name = "forget",
            BodyHash = Function("forget").BodyHash!,
            Review = said,
            Origin = "classification.yaml:1:1",
        });
        Assert.Multiple(() =>
        {
            Assert.That(catalogue.ReviewOf(new QualifiedName(null, "forget")), Is.EqualTo(said));
            Assert.That(catalogue.ReviewOf(new QualifiedName("clinic", "forget")), Is.EqualTo(said));
            Assert.That(catalogue.ReviewOf(new QualifiedName("public", "forget")), Is.EqualTo(FunctionReview.None));
            Assert.That(catalogue.HasUnreviewedFunction("forget"), Is.False);
        });
    }

    [Test]
    public async Task A_name_is_reviewed_only_when_every_overload_is()
    {
        var overloads = _catalogue.FunctionsNamed(new QualifiedName(null, "overloaded"));
        var declarations = overloads.Select(function => new FunctionDeclaration
        {
            Schema = "clinic",
            Name = "overloaded",
            BodyHash = function.BodyHash!,
            Review = FunctionReview.Clean,
            Origin = "classification.yaml:1:1",
        }).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(overloads[0].BodyHash, Is.Not.EqualTo(overloads[1].BodyHash));
            Assert.That(_catalogue.ReviewOf(new QualifiedName(null, "overloaded")), Is.EqualTo(FunctionReview.None));
        });
        var one = await Declared(declarations[0]);
        var both = await Declared(declarations);
        Assert.Multiple(() =>
        {
            Assert.That(one.ReviewOf(new QualifiedName(null, "overloaded")), Is.EqualTo(FunctionReview.None));
            Assert.That(both.ReviewOf(new QualifiedName(null, "overloaded")), Is.EqualTo(FunctionReview.Clean));
        });
    }

    private CatalogueRelation Find(string name) => _catalogue.Candidates(new QualifiedName("clinic", name)).Single();

    private CatalogueColumn Column(string name) => Find("people").Column(name)!;

    private CatalogueFunction Function(string name) => _catalogue.FunctionsNamed(new QualifiedName("clinic", name)).Single();

    private async Task<CatalogueSnapshot> Declared(params FunctionDeclaration[] declarations)
    {
        await using var loader = Hospital.Loader(_server, _database);
        var (facts, _) = await loader.LoadAsync(CancellationToken.None);
        return SnapshotBuilder.Build(1, facts, new ColumnClassification([], [.. declarations]));
    }

    private async Task<CatalogueSnapshot> Changed(string statements)
    {
        var database = await CreateAsync();
        await _server.ExecuteAsync(database, statements);
        return await Hospital.LoadAsync(_server, database);
    }

    private async Task<string> CreateAsync()
    {
        var database = await _server.CreateDatabaseAsync("clinic");
        await _server.ExecuteAsync(database, Schema);
        return database;
    }
}
