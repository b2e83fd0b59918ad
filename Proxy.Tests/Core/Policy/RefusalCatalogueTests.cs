using NUnit.Framework;
using Proxy.Core.Policy;

namespace Proxy.Tests.Core.Policy;

public sealed class RefusalCatalogueTests
{
    [Test]
    public void The_document_and_the_code_list_the_same_refusals_in_the_same_order()
    {
        var documented = File.ReadLines(DocumentPath()).Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        var coded = Refusals.All.Select(kind =>
            $"| `{kind.Code}` | {kind.SqlState} | {(kind.EndsConnection ? "connection" : "statement")} | {(kind.CanRetry ? "yes" : "no")} " +
            $"| {kind.Message} | {kind.Instead} |");

        Assert.That(documented, Is.EqualTo(coded));
    }

    [Test]
    public void The_document_states_the_version_of_the_catalogue() =>
        Assert.That(File.ReadLines(DocumentPath()), Has.Member($"Catalogue version: {Refusals.CatalogueVersion}"));

    [Test]
    public void Every_refusal_that_is_declared_is_in_the_catalogue()
    {
        var declared = typeof(Refusals).GetFields().Where(field => field.FieldType == typeof(RefusalKind)).Select(field => field.GetValue(null));

        Assert.That(Refusals.All, Is.EquivalentTo(declared));
    }

    [Test]
    public void Codes_are_unique_and_well_formed()
    {
        Assert.That(Refusals.All.Select(kind => kind.Code), Is.Unique);
        Assert.That(Refusals.All.Select(kind => kind.Code), Has.All.Match("^[a-z]+(-[a-z]+)*$"));
        Assert.That(Refusals.All.Select(kind => kind.SqlState), Has.All.Match("^[0-9A-Z]{5}$"));
    }

    [Test]
    public void An_explanation_cannot_end_a_field_or_forge_a_line()
    {
        var refusal = Refusals.RelationUnknown.Because("relation \"a\0b\r\nHINT: drop\u0085\" is unknown");

        Assert.That(refusal.Why, Is.EqualTo("relation \"a?b??HINT: drop?\" is unknown"));
    }

    [Test]
    public void A_long_explanation_is_cut_between_characters()
    {
        var why = string.Concat(Enumerable.Repeat("😀", RefusalKind.WhyCharsMax)).Insert(0, "x");

        var refusal = Refusals.RelationUnknown.Because(why);

        Assert.That(refusal.Why, Has.Length.EqualTo(RefusalKind.WhyCharsMax - 1));
        Assert.That(char.IsLowSurrogate(refusal.Why[^1]));
    }

    [Test]
    public void The_detail_line_names_code_retry_ticket_and_why_in_that_order() =>
        Assert.That(
            Refusals.ApprovalRequired.Because("rule writes asks for approval", ticket: "T-17").Detail,
            Is.EqualTo("phigate code=approval-required retry=yes ticket=T-17 why=rule writes asks for approval"));

    private static string DocumentPath()
    {
        for (var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "proxy.sln")))
                return Path.Combine(directory.FullName, "docs", "refusals.md");
        throw new FileNotFoundException("proxy.sln is not above the tests");
    }
}
