using NUnit.Framework;
using Proxy.Core.Explaining;
using Proxy.Core.Policy;

namespace Proxy.Tests.Policies;

/// <summary>What explanations say, on the demonstration's hospital.</summary>
public sealed class ExplanationTests
{
    private Hospital _hospital = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _hospital = await Hospital.StartAsync(new PolicyDirectory("lookup"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _hospital.DisposeAsync();

    [Test]
    public async Task Columns_name_their_sources_and_masks()
    {
        var statement = await OneAsync("SELECT p.ssn AS x, upper(p.last_name) AS y, p.ward, count(*) OVER () AS n FROM patients p");

        Assert.That(statement.Columns.Select(column => $"{column.Name}: {column.Derivation}: {column.Shown}: {column.Why}"), Is.EqualTo(new[]
        {
            "x: copy: token: copy of public.patients.ssn (social-security-number)",
            "y: expression: redacted: computed from public.patients.last_name (name)",
            "ward: copy: as it is: no PHI flows into it",
            "n: constant: as it is: no PHI flows into it",
        }));
    }

    [Test]
    public async Task Conditions_say_their_form()
    {
        var statement = await OneAsync("SELECT id FROM patients WHERE mrn = $1 AND phone LIKE '%7' ORDER BY last_name");

        Assert.That(statement.Conditions.Select(condition => $"{condition.Form} {string.Join(',', condition.Sources.Select(source => source.Column))}"),
            Is.EquivalentTo(new[] { "equality public.patients.mrn", "other public.patients.phone", "ordering public.patients.last_name" }));
    }

    [Test]
    public async Task Writes_say_where_values_come_from_and_go()
    {
        var statement = await OneAsync("INSERT INTO wards (code, name, department_id, beds) SELECT ward, last_name, 1, 1 FROM patients");

        Assert.That(statement.Writes.Select(write => $"{write.Into} {write.Class} {string.Join(',', write.Sources.Select(source => source.Column))}"),
            Does.Contain("public.wards.name not-phi public.patients.last_name"));
        Assert.That(statement.Risk, Does.Contain("export"));
    }

    [Test]
    public async Task The_tree_names_no_literal()
    {
        var statement = await OneAsync("SELECT id FROM patients WHERE ssn = '912-57-3461' AND id IN (SELECT patient_id FROM claims LIMIT 4711)");

        Assert.That(statement.Tree[0], Does.StartWith("QueryStatement"));
        Assert.That(string.Join('\n', statement.Tree), Does.Contain("TableSource patients").And.Contain("ColumnReference ssn").And.Not.Contain("912").And.Not.Contain("4711"));
    }

    [Test]
    public async Task Rules_before_the_one_that_matched_say_why_they_did_not()
    {
        await using var teams = await Hospital.StartAsync(new PolicyDirectory("teams"));
        var principal = new Principal { Issuer = teams.Issuer, Subject = "a", Groups = ["quality"], ExpiresAt = DateTimeOffset.MaxValue };

        var explanation = await teams.ExplainAsync(principal, "SELECT zip FROM patients", FixedTime.Noon);

        Assert.That(explanation.Statements[0].Rules.Select(rule => $"{rule.Rule}: {rule.IsMatch}: {rule.Why}"), Is.EqualTo(new[]
        {
            "nobody: False: risk: none of unknown+masked-write+privilege+export+administrative",
            "data-engineers-build: False: who: not groups quality",
            "care-management-finds-patients: False: who: not groups quality",
            "quality-counts: True: mask safe-harbor",
        }));
    }

    [Test]
    public async Task A_refused_text_shows_no_masks_and_says_what_instead()
    {
        var explanation = await ExplainAsync("SELECT id FROM patients WHERE ssn LIKE '9%'");

        Assert.That(explanation.Decision, Has.Property(nameof(DecisionExplanation.Code)).EqualTo("inference-refused").And.Property(nameof(DecisionExplanation.Instead)).Not.Empty);
        Assert.That(explanation.Statements[0].Columns[0].Shown, Is.Null);
    }

    [Test]
    public async Task The_text_for_people_says_it_all_in_words()
    {
        var explanation = await ExplainAsync("SELECT ssn FROM patients WHERE mrn = $1");

        var text = ExplanationText.Write(explanation with { PolicyVersion = "digest", Statements = [explanation.Statements[0] with { Tree = [] }] });

        Assert.That(text, Is.EqualTo($"""
            identity   agent-1 ({_hospital.Issuer})
            target     hospital/hospital
            policy     digest
            budget     bytes 268435456, phi-literals 1000, phi-rows 10000, refusals 2000 within an hour

            statement  select at 0+39
            relations  patients (PHI)
            operators  =
            columns    ssn: token; copy; copy of public.patients.ssn (social-security-number)
            conditions equality by public.patients.mrn (medical-record-number)
            risk       read, phi-read, phi-equality
            findings   public.patients has PHI
            rules      agents: matches: mask pseudonymous

            decision   mask pseudonymous, by rule agents

            """));
    }

    private async Task<StatementExplanation> OneAsync(string statement)
    {
        var explanation = await ExplainAsync(statement);
        Assert.That(explanation.Statements, Has.Length.EqualTo(1));
        Assert.That(explanation.Statements[0].HasLineage, Is.True);
        return explanation.Statements[0];
    }

    private Task<Explanation> ExplainAsync(string statement) => _hospital.ExplainAsync(
        new Principal { Issuer = _hospital.Issuer, Subject = "agent-1", Groups = ["agents"], ExpiresAt = DateTimeOffset.MaxValue }, statement, FixedTime.Noon);
}
