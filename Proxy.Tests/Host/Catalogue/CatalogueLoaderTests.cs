using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Sql;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Catalogue;

[TestFixture(PostgresVersion.V13)]
[TestFixture(PostgresVersion.V15)]
[TestFixture(PostgresVersion.V18)]
public sealed class CatalogueLoaderTests(PostgresVersion version)
{
    private CatalogueSnapshot _catalogue = CatalogueSnapshot.Empty;
    private PostgresServer _server = null!;
    private string _database = "";

    [OneTimeSetUp]
    public async Task Load()
    {
        _server = await SharedServers.PostgresAsync(version);
        _database = await Hospital.CreateAsync(_server);
        _catalogue = await Hospital.LoadAsync(_server, _database);
    }

    [Test]
    public void The_version_is_the_servers() => Assert.That(_catalogue.ServerVersionNum / 10_000, Is.EqualTo((int)version));

    [TestCase("departments", false)]
    [TestCase("patients", true)]
    [TestCase("patients_vip", true)]
    [TestCase("encounters", true)]
    [TestCase("encounters_east", true)]
    [TestCase("audit_log", false)]
    [TestCase("v_floors", false)]
    [TestCase("v_names", true)]
    [TestCase("v_names_again", true)]
    [TestCase("v_xml", true, Description = "calls a function of pg_catalog that pg_depend does not record")]
    [TestCase("v_statistics", true, Description = "reads a system table that pg_depend does not record")]
    [TestCase("v_calls", true, Description = "calls a function of a user")]
    [TestCase("mv_floors", false)]
    [TestCase("mv_names", true)]
    public void A_relation_carries_phi_when_its_data_can(string relation, bool carries) =>
        Assert.That(Find(relation).CarriesPhi, Is.EqualTo(carries));

    [TestCase("departments", true, Description = "patients refer to it")]
    [TestCase("visits", true, Description = "refers to patients")]
    [TestCase("stamped", true, Description = "has a trigger that nobody reviewed")]
    [TestCase("audit_log", false)]
    [TestCase("lonely", false)]
    public void A_relation_reaches_phi_through_what_touching_it_runs(string relation, bool reaches) =>
        Assert.That(Find(relation).ReachesPhi, Is.EqualTo(reaches));

    [TestCase("departments", "code", IdentifierClass.NotPhi, Description = "generated from a column that is not PHI")]
    [TestCase("patients", "ssn_digits", IdentifierClass.FreeText, Description = "generated from ssn, whatever the DBA said of it")]
    [TestCase("patients", "risk_twice", IdentifierClass.NotPhi)]
    [TestCase("patients", "added", IdentifierClass.Unreviewed)]
    [TestCase("patients_vip", "full_name", IdentifierClass.Name, Description = "inherited")]
    [TestCase("patients_vip", "ssn_digits", IdentifierClass.FreeText)]
    [TestCase("patients_vip", "alias", IdentifierClass.Unreviewed, Description = "the child's own")]
    [TestCase("patients_vip", "level", IdentifierClass.NotPhi)]
    [TestCase("encounters_east", "admitted_on", IdentifierClass.Date)]
    [TestCase("encounters_east", "cost", IdentifierClass.NotPhi)]
    public void A_columns_class_follows_the_data(string relation, string column, IdentifierClass expected) =>
        Assert.That(Find(relation).Column(column)!.Class, Is.EqualTo(expected));

    [TestCase("pg_class", "relname", false)]
    [TestCase("pg_attribute", "attname", false)]
    [TestCase("pg_attrdef", "adbin", false)]
    [TestCase("pg_description", "description", false)]
    [TestCase("pg_proc", "proname", false)]
    [TestCase("pg_proc", "prosrc", true)]
    [TestCase("pg_stats", "attname", false)]
    [TestCase("pg_stats", "most_common_vals", true)]
    [TestCase("pg_stats", "histogram_bounds", true)]
    [TestCase("pg_statistic", "stavalues1", true)]
    [TestCase("pg_statistic", "starelid", true)]
    [TestCase("pg_stat_activity", "query", true)]
    [TestCase("pg_stat_activity", "state", false)]
    [TestCase("pg_authid", "rolpassword", true)]
    [TestCase("pg_largeobject", "data", true)]
    [TestCase("pg_cursors", "statement", true)]
    [TestCase("pg_prepared_statements", "statement", true)]
    public void System_columns_are_masked_unless_the_shipped_list_shows_them(string relation, string column, bool isPhi) =>
        Assert.That(_catalogue.Candidates(new QualifiedName("pg_catalog", relation)).Single().Column(column)!.IsPhi, Is.EqualTo(isPhi));

    [TestCase(null, "lower", FunctionReview.Clean)]
    [TestCase("pg_catalog", "lower", FunctionReview.Clean)]
    [TestCase("public", "lower", FunctionReview.None)]
    [TestCase(null, "ward_floor", FunctionReview.None)]
    [TestCase(null, "query_to_xml", FunctionReview.None)]
    [TestCase(null, "pg_read_file", FunctionReview.None)]
    [TestCase(null, "obj_description", FunctionReview.Prints)]
    [TestCase(null, "pg_get_functiondef", FunctionReview.Masked)]
    [TestCase("information_schema", "_pg_expandarray", FunctionReview.Clean)]
    public void Functions_are_judged_by_name(string? schema, string name, FunctionReview expected) =>
        Assert.That(_catalogue.ReviewOf(new QualifiedName(schema, name)), Is.EqualTo(expected));

    [TestCase("mood", true)]
    [TestCase("short_text", true)]
    [TestCase("int4", true)]
    [TestCase("patients", true)]
    [TestCase("nothing_like_it", false)]
    public void Types_are_reviewed_when_they_run_no_code_of_users(string name, bool isReviewed) =>
        Assert.That(_catalogue.IsTypeReviewed(new QualifiedName(null, name)), Is.EqualTo(isReviewed));

    [Test]
    public void A_function_that_takes_a_row_can_be_called_as_a_column() => Assert.That(_catalogue.IsAttributeFunction("label"), Is.True);

    [Test]
    public async Task A_users_function_named_like_a_reviewed_one_ends_the_review()
    {
        var catalogue = await Changed("create schema elsewhere; create function elsewhere.lower(int) returns int language sql as 'select $1'");
        Assert.Multiple(() =>
        {
            Assert.That(catalogue.ReviewOf(new QualifiedName(null, "lower")), Is.EqualTo(FunctionReview.None));
            Assert.That(catalogue.ReviewOf(new QualifiedName("pg_catalog", "lower")), Is.EqualTo(FunctionReview.Clean));
        });
    }

    [Test]
    public async Task A_users_operator_ends_the_review_of_its_symbol()
    {
        var catalogue = await Changed("""
            create function same(int, text) returns bool language sql as 'select true';
            create operator = (leftarg = int, rightarg = text, function = same)
            """);
        Assert.That(catalogue.IsOperatorReviewed(new QualifiedName(null, "=")), Is.False);
    }

    [Test]
    public async Task A_domain_whose_check_calls_a_user_is_not_reviewed()
    {
        var catalogue = await Changed("""
            create function fits(text) returns bool language sql as 'select true';
            create domain checked as text check (fits(value))
            """);
        Assert.That(catalogue.IsTypeReviewed(new QualifiedName(null, "checked")), Is.False);
    }

    [Test]
    public async Task Types_of_users_are_read_with_what_a_mask_has_to_know()
    {
        var database = await Hospital.CreateAsync(_server);
        await _server.ExecuteAsync(database, """
            create extension citext;
            create domain shorter as short_text;
            create domain code as varchar(7);
            create type spot as (place point, code code);
            create type span as range (subtype = float8);
            create table typed (mood mood, moods mood[], code code, codes code[], spot spot, span span, word citext, row lonely, rows visits[]);
            """);
        await using var loader = Hospital.Loader(_server, database);
        var (facts, _) = await loader.LoadAsync(CancellationToken.None);
        var types = facts.Types.ToDictionary(type => type.Name);
        Assert.Multiple(() =>
        {
            Assert.That(types["mood"].Labels, Is.EqualTo(new[] { "calm", "worried" }));
            Assert.That((types["_mood"].Kind, types["_mood"].ComponentOid), Is.EqualTo((TypeKind.Array, types["mood"].Oid)));
            Assert.That((types["shorter"].Kind, types["shorter"].ComponentOid), Is.EqualTo((TypeKind.Domain, types["short_text"].Oid)));
            Assert.That((types["code"].ComponentOid, types["code"].ComponentModifier), Is.EqualTo((PostgresTypeOid.Varchar, 11)));
            Assert.That(types["_code"].ComponentOid, Is.EqualTo(types["code"].Oid));
            Assert.That(types["spot"].Attributes, Is.EqualTo(new CompositeMember[] { new(PostgresTypeOid.Point, -1), new(types["code"].Oid, -1) }));
            Assert.That((types["span"].Kind, types["span"].ComponentOid), Is.EqualTo((TypeKind.Range, PostgresTypeOid.Float8)));
            Assert.That((types["citext"].Kind, types["citext"].Extension), Is.EqualTo((TypeKind.Base, "citext")));
            Assert.That(types["_citext"].Extension, Is.EqualTo("citext"));
            Assert.That(types["lonely"].Attributes, Has.Length.EqualTo(2), "the row type of a table is the type of a column");
            Assert.That(types["_visits"].ComponentOid, Is.EqualTo(types["visits"].Oid));
            Assert.That(types, Does.Not.ContainKey("departments"), "no column has this row type");
            if (version > PostgresVersion.V13)
                Assert.That((types["span_multirange"].Kind, types["span_multirange"].ComponentOid), Is.EqualTo((TypeKind.Multirange, PostgresTypeOid.Float8)));
        });
    }

    [Test]
    public async Task A_column_knows_its_modifier()
    {
        var database = await Hospital.CreateAsync(_server);
        await _server.ExecuteAsync(database, "create table sized (word varchar(7), free text)");
        await using var loader = Hospital.Loader(_server, database);
        var (facts, _) = await loader.LoadAsync(CancellationToken.None);
        var sized = facts.Relations.Single(relation => relation.Name == "sized").Oid;
        Assert.That(facts.Columns.Where(column => column.RelationOid == sized).OrderBy(column => column.Number).Select(column => column.TypeModifier), Is.EqualTo(new[] { 11, -1 }));
    }

    [Test]
    public async Task What_is_made_of_a_domain_whose_check_calls_a_user_is_not_reviewed()
    {
        var catalogue = await Changed("""
            create function fits(text) returns bool language sql as 'select true';
            create domain checked as text check (fits(value));
            create domain above as checked;
            create type holder as (a int, b above);
            create type spread as range (subtype = checked);
            create table kept (id int, held holder[]);
            create table direct (id int, word checked);
            create table apart (id int, word text)
            """);
        Assert.Multiple(() =>
        {
            foreach (var name in new[] { "checked", "above", "holder", "spread", "kept", "direct" })
                Assert.That(catalogue.IsTypeReviewed(new QualifiedName(null, name)), Is.False, name);
            Assert.That(catalogue.IsTypeReviewed(new QualifiedName(null, "apart")), Is.True);
            Assert.That(Named(catalogue, "kept").RunsUnreviewedCodeWhenRead, Is.True);
            Assert.That((Named(catalogue, "direct").RunsUnreviewedCodeWhenRead, Named(catalogue, "direct").RunsUnreviewedCode), Is.EqualTo((false, true)));
            Assert.That((Named(catalogue, "apart").RunsUnreviewedCodeWhenRead, Named(catalogue, "apart").RunsUnreviewedCode), Is.EqualTo((false, false)));
            Assert.That(catalogue.HasUnreviewedCasts, Is.False);
        });
    }

    [Test]
    public async Task A_range_of_the_servers_own_types_is_reviewed_with_the_constructors_that_come_with_it()
    {
        var catalogue = await Changed("create type storeys as range (subtype = int4, subtype_diff = int4range_subdiff); create table lifts (id int, reach storeys)");
        Assert.That((catalogue.IsTypeReviewed(new QualifiedName(null, "storeys")), Named(catalogue, "lifts").RunsUnreviewedCodeWhenRead), Is.EqualTo((true, false)));
    }

    [TestCase("implicit", true)]
    [TestCase("assignment", true)]
    [TestCase("", false)]
    public async Task A_cast_counts_where_the_server_applies_it_by_itself(string context, bool counts)
    {
        var catalogue = await Changed($"""
            create function worded(date) returns jsonb language sql as 'select null::jsonb';
            create cast (date as jsonb) with function worded(date) {(context.Length > 0 ? $"as {context}" : "")}
            """);
        Assert.That(catalogue.HasUnreviewedCasts, Is.EqualTo(counts));
        Assert.That(catalogue.IsTypeReviewed(new QualifiedName(null, "date")), Is.False);
    }

    [Test]
    public async Task A_relation_runs_what_its_policies_call_when_it_is_read_and_so_does_a_view_of_it()
    {
        var catalogue = await Changed("""
            create function may_see(int) returns bool language sql as 'select true';
            alter table lonely enable row level security;
            create policy seen on lonely using (may_see(id));
            create view v_lonely as select word from lonely
            """);
        Assert.That((Named(catalogue, "lonely").RunsUnreviewedCodeWhenRead, Named(catalogue, "v_lonely").RunsUnreviewedCodeWhenRead), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task A_write_runs_unreviewed_code_where_a_child_has_a_trigger()
    {
        var catalogue = await Changed("""
            create function noticing() returns trigger language plpgsql as 'begin return new; end';
            create trigger noticing before insert on encounters_east for each row execute function noticing()
            """);
        Assert.That(catalogue.Candidates(new QualifiedName(null, "encounters")).Single().RunsUnreviewedCode, Is.True);
    }

    [Test]
    public async Task The_rights_of_the_databases_user_are_known()
    {
        await _server.ExecuteAsync(_database, "grant pg_read_server_files to scram_user");
        await using var superuser = Hospital.Loader(_server, _database);
        await using var reader = Hospital.Loader(_server, _database, TestUser.Scram);
        var rights = await reader.RightsAsync(CancellationToken.None);
        await _server.ExecuteAsync(_database, "revoke pg_read_server_files from scram_user");
        var all = await superuser.RightsAsync(CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That(all.Single().BeyondMasking(), Does.Contain("SUPERUSER"));
            Assert.That(rights.Single().User, Is.EqualTo(TestUser.Scram.Name));
            Assert.That(rights.Single().BeyondMasking(), Is.EqualTo(new[] { "pg_read_server_files" }));
        });
    }

    private static CatalogueRelation Named(CatalogueSnapshot catalogue, string name) => catalogue.Candidates(new QualifiedName("public", name)).Single();

    private CatalogueRelation Find(string name) => _catalogue.Candidates(new QualifiedName("public", name)).Single();

    /// <summary>The catalogue of a database of its own, after more statements.</summary>
    private async Task<CatalogueSnapshot> Changed(string statements)
    {
        var database = await Hospital.CreateAsync(_server);
        await _server.ExecuteAsync(database, statements);
        return await Hospital.LoadAsync(_server, database);
    }
}
