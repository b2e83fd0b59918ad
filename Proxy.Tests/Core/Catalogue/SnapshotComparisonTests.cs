using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Sql;

namespace Proxy.Tests.Core.Catalogue;

public sealed class SnapshotComparisonTests
{
    private static readonly CatalogueFacts Facts = SmallCatalogue.Facts;

    [Test]
    public void A_load_that_finds_nothing_new_changes_no_statement() => Assert.That(IsSame(Facts, Reads("departments") with { Functions = [new(null, "upper")] }));

    [Test]
    public void A_change_of_another_relation_changes_no_statement() =>
        Assert.That(IsSame(With(new ColumnFact(SmallCatalogue.Lonely, 2, "word", 25, "text", false, false)), Reads("departments")));

    [Test]
    public void A_change_of_a_relation_that_is_read_changes_the_statement() =>
        Assert.That(IsSame(With(new ColumnFact(SmallCatalogue.Departments, 4, "word", 25, "text", false, false)), Reads("departments")), Is.False);

    [Test]
    public void A_change_of_what_a_view_reads_changes_statements_on_the_view() =>
        Assert.That(IsSame(With(new ColumnFact(SmallCatalogue.Departments, 4, "word", 25, "text", false, false)), Reads("v_floors")), Is.False);

    [Test]
    public void Another_definition_of_a_view_changes_statements_on_it() =>
        Assert.That(IsSame(Facts with { Definitions = new Dictionary<uint, string> { [SmallCatalogue.CleanView] = "SELECT 1" } }, Reads("v_floors")), Is.False);

    [Test]
    public void Another_relation_of_that_name_changes_the_statement() => Assert.That(
        IsSame(Facts with { Relations = [.. Facts.Relations, new RelationFact(30_000, "elsewhere", "departments", 'r', false)] }, Reads("departments")), Is.False);

    [Test]
    public void A_relation_that_is_gone_changes_the_statement() =>
        Assert.That(IsSame(Facts with { Relations = [.. Facts.Relations.Where(relation => relation.Oid != SmallCatalogue.Lonely)] }, Reads("lonely")), Is.False);

    [Test]
    public void A_function_of_that_name_changes_the_statement() => Assert.That(
        IsSame(
            Facts with { Code = [.. Facts.Code, new CodeFact(CodeKind.Function, "public", "upper", null, false, false)] },
            Reads("departments") with { Functions = [new(null, "upper")] }),
        Is.False);

    [Test]
    public void A_function_of_that_name_changes_a_statement_with_the_attribute() => Assert.That(
        IsSame(
            Facts with { Code = [.. Facts.Code, new CodeFact(CodeKind.Function, "public", "size", null, false, true)] },
            Reads("departments") with { Attributes = ["size"] }),
        Is.False);

    [Test]
    public void An_operator_that_nobody_reviewed_changes_every_statement() =>
        Assert.That(IsSame(Facts with { Code = [.. Facts.Code, new CodeFact(CodeKind.Operator, "public", "===", null, false, false)] }, Reads("departments")), Is.False);

    [Test]
    public void Another_class_of_a_column_changes_statements_on_its_relation()
    {
        var before = SnapshotBuilder.Build(1, Facts, SmallCatalogue.Classification);
        var now = SnapshotBuilder.Build(2, Facts, ColumnClassification.Nothing, previous: before);
        Assert.That(now.IsSameFor(Reads("departments"), before.Version), Is.False);
    }

    [Test]
    public void A_key_changes_statements_on_its_relation_and_on_the_one_that_it_references()
    {
        var key = new ConstraintFact(SmallCatalogue.Lonely, ConstraintKind.References, [1], [], []) { ReferencedOid = SmallCatalogue.Departments, Referenced = [1] };
        var changed = Facts with { Constraints = [key], ForeignKeys = [.. Facts.ForeignKeys, new RelationLink(SmallCatalogue.Lonely, SmallCatalogue.Departments)] };

        Assert.That(IsSame(changed, Reads("lonely")), Is.False);
        Assert.That(IsSame(changed, Reads("departments")), Is.False);
        Assert.That(IsSame(changed, Reads("stamped")));
    }

    [Test]
    public void What_changed_in_between_is_not_forgotten()
    {
        var first = SnapshotBuilder.Build(1, Facts, SmallCatalogue.Classification);
        var second = SnapshotBuilder.Build(2, Facts with { Code = [.. Facts.Code, new CodeFact(CodeKind.Function, "public", "upper", null, false, false)] }, SmallCatalogue.Classification, previous: first);
        var third = SnapshotBuilder.Build(3, Facts, SmallCatalogue.Classification, previous: second);
        var calls = Reads("departments") with { Functions = [new(null, "upper")] };

        Assert.That(third.IsSameFor(calls, 1), Is.False);
        Assert.That(third.IsSameFor(Reads("departments"), 1));
    }

    [Test]
    public void Nothing_of_a_relation_is_left_out_of_the_comparison() => Assert.That(
        typeof(CatalogueRelation).GetProperties().Select(property => property.Name), Is.EquivalentTo(new[]
        {
            "Oid", "Schema", "Name", "Kind", "Columns", "CarriesPhi", "ReachesPhi", "InsertReachesPhi", "RunsUnreviewedCode", "RunsUnreviewedCodeWhenRead",
            "HasUnreviewedTypes", "IsPartitioned", "Definition", "Parents", "Children", "Constraints", "Indexes", "Stamp", "Shape",
        }),
        "whoever adds a property compares it in IsSameAs");

    private static CatalogueFacts With(ColumnFact column) => Facts with { Columns = [.. Facts.Columns, column] };

    private static StatementReading Reads(string relation) => new()
    {
        Kind = StatementKind.Select,
        Start = 0,
        Length = 1,
        Relations = [new RelationMention(new QualifiedName(null, relation), false)],
    };

    private static bool IsSame(CatalogueFacts changed, StatementReading reading)
    {
        var before = SnapshotBuilder.Build(1, Facts, SmallCatalogue.Classification);
        return SnapshotBuilder.Build(2, changed, SmallCatalogue.Classification, previous: before).IsSameFor(reading, before.Version);
    }
}
