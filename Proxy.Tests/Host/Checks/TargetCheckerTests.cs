using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Host.Catalogue;
using Proxy.Host.Checks;
using Proxy.Tests.Host.Configuration;

namespace Proxy.Tests.Host.Checks;

public sealed class TargetCheckerTests
{
    private const uint Integer = 23;
    private const uint Text = 25;
    private const uint Snapshot = 5038;

    private ConfigurationDirectory _directory = null!;

    [SetUp]
    public void Start()
    {
        _directory = new ConfigurationDirectory();
        _directory.Write("classification.yaml", """
            version: 1
            targets:
              hospital:
                tables:
                  public.patients:
                    id: not-phi
                    ssn: ssn
            """);
    }

    [TearDown]
    public void End() => _directory.Dispose();

    private static TargetFacts Facts(ServerRights? rights = null, params ColumnFact[] columns) => new(
        [rights ?? new ServerRights { User = "phigate" }],
        new CatalogueFacts
        {
            ServerVersionNum = 150000,
            Relations = [new RelationFact(1, "public", "patients", 'r', RunsUnreviewedCode: false)],
            Columns = columns.Length > 0 ? columns : [Column("id", Integer), Column("ssn", Text)],
        });

    private static ColumnFact Column(string name, uint type, bool isNotNull = false) => new(1, 1, name, type, "a type", isNotNull, IsGenerated: false);

    private async Task<CheckFindings> CheckAsync(TargetFacts facts)
    {
        var reading = await _directory.ReadAsync();
        Assert.That(reading.Errors, Is.Empty);
        var snapshot = reading.Snapshot!;
        return new TargetChecker(snapshot.Targets["hospital"], snapshot.Classification["hospital"], reading.GatewayDocument!)
            .Check(new Dictionary<string, TargetFacts> { ["hospital"] = facts });
    }

    [Test]
    public async Task A_target_as_described_has_no_findings()
    {
        var findings = await CheckAsync(Facts());

        Assert.That(findings.Errors, Is.Empty);
        Assert.That(findings.Warnings, Is.Empty);
    }

    [Test]
    public async Task A_reviewed_column_that_does_not_exist_is_an_error_at_its_line()
    {
        var findings = await CheckAsync(Facts(null, Column("id", Integer)));

        Assert.That(findings.Errors.Single().ToString(), Is.EqualTo("classification.yaml:7:9: table public.patients of target 'hospital' has no column ssn"));
    }

    [Test]
    public async Task A_table_that_does_not_exist_is_an_error_for_each_line_about_it()
    {
        _directory.Replace("classification.yaml", "public.patients:", "public.people:");

        var findings = await CheckAsync(Facts());

        Assert.That(findings.Errors.Select(error => (error.Line, error.Message)), Is.EqualTo(new[]
        {
            (6, "there is no table public.people in target 'hospital'"), (7, "there is no table public.people in target 'hospital'"),
        }));
    }

    private static IEnumerable<TestCaseData> Rights()
    {
        var user = new ServerRights { User = "phigate" };
        yield return new TestCaseData(user with { IsSuperuser = true }, "SUPERUSER").SetArgDisplayNames("superuser");
        yield return new TestCaseData(user with { CanReplicate = true }, "REPLICATION").SetArgDisplayNames("replication");
        yield return new TestCaseData(user with { PredefinedRoles = ["pg_read_server_files"] }, "pg_read_server_files").SetArgDisplayNames("server files");
    }

    [TestCaseSource(nameof(Rights))]
    public async Task Rights_that_masking_cannot_survive_are_an_error_unless_accepted_in_writing(ServerRights rights, string name)
    {
        var refused = await CheckAsync(Facts(rights));
        _directory.Replace("gateway.yaml", "i-accept-an-overprivileged-database-user: false", "i-accept-an-overprivileged-database-user: true");
        var accepted = await CheckAsync(Facts(rights));

        Assert.That(refused.Errors.Single().Message, Does.Contain(name));
        Assert.That(refused.Errors.Single().File, Is.EqualTo("gateway.yaml"));
        Assert.That(accepted.Errors, Is.Empty);
        Assert.That(accepted.Warnings.Single().Message, Does.Contain(name));
    }

    [Test]
    public async Task A_mask_that_does_not_fit_a_not_null_column_is_an_error()
    {
        var findings = await CheckAsync(Facts(null, Column("id", Integer), Column("ssn", Snapshot, isNotNull: true)));

        Assert.That(findings.Errors.Single().Line, Is.EqualTo(7));
        Assert.That(findings.Errors.Single().Message, Does.Contain("there is no mask"));
    }

    [Test]
    public async Task A_domain_is_masked_as_the_type_it_is_made_of()
    {
        var facts = Facts(null, Column("id", Integer), Column("ssn", 90_000, isNotNull: true), Column("place", 90_001, isNotNull: true));
        TypeFact[] types =
        [
            new(90_000, "short_text", TypeKind.Domain) { ComponentOid = Text }, new(90_001, "moment", TypeKind.Domain) { ComponentOid = Snapshot },
        ];
        var findings = await CheckAsync(facts with { Catalogue = facts.Catalogue with { Types = types } });

        Assert.That(findings.Errors, Is.Empty);
        Assert.That(findings.Warnings.Single().Message, Does.Contain("public.patients.place"));
    }

    [Test]
    public async Task The_same_in_a_column_that_nobody_reviewed_is_a_warning()
    {
        var findings = await CheckAsync(Facts(null, Column("id", Integer), Column("ssn", Text), Column("place", Snapshot, isNotNull: true)));

        Assert.That(findings.Errors, Is.Empty);
        Assert.That(findings.Warnings.Single().Message, Does.Contain("public.patients.place").And.Contain("nobody has reviewed it"));
    }

    [Test]
    public async Task A_column_reviewed_as_no_phi_needs_no_mask()
    {
        var findings = await CheckAsync(Facts(null, Column("id", Snapshot, isNotNull: true), Column("ssn", Text)));

        Assert.That(findings.Errors, Is.Empty);
        Assert.That(findings.Warnings, Is.Empty);
    }

    [Test]
    public async Task A_declared_function_with_another_body_is_warned_of_with_the_hash_that_it_has()
    {
        Declare();
        var findings = await CheckAsync(Facts() with { Catalogue = Facts().Catalogue with { Functions = [Age(new string('b', 64)), Age(null)] } });

        Assert.That(findings.Errors, Is.Empty);
        Assert.That(findings.Warnings.Select(warning => warning.ToString()), Is.EqualTo(new[]
        {
            "classification.yaml:9:9: no function public.age of target 'hospital' has this body",
            $"classification.yaml:9:9: function public.age() of target 'hospital' is not reviewed, and so no call by that name is; it has sha256 {new string('b', 64)}",
            "classification.yaml:9:9: function public.age() of target 'hospital' cannot be reviewed: it is an aggregate, or its body is too long or could not be read",
        }));
    }

    [Test]
    public async Task A_declared_function_that_is_as_declared_has_no_findings()
    {
        Declare();
        var findings = await CheckAsync(Facts() with { Catalogue = Facts().Catalogue with { Functions = [Age(new string('a', 64))] } });

        Assert.That(findings.Errors.Concat(findings.Warnings), Is.Empty);
    }

    [Test]
    public async Task A_declared_function_that_does_not_exist_is_an_error_at_its_line()
    {
        Declare();
        var findings = await CheckAsync(Facts());

        Assert.That(findings.Errors.Single().ToString(), Is.EqualTo("classification.yaml:9:9: there is no function public.age in target 'hospital'"));
    }

    private void Declare() => _directory.Write("classification.yaml", $"""
        version: 1
        targets:
          hospital:
            tables:
              public.patients:
                id: not-phi
                ssn: ssn
            functions:
              - name: public.age
                sha256: {new string('a', 64)}
                shows: arguments
        """);

    private static CatalogueFunction Age(string? hash) => new()
    {
        Oid = 1,
        Schema = "public",
        Name = "age",
        Language = "sql",
        Kind = FunctionKind.Function,
        ResultTypeOid = Integer,
        BodyHash = hash,
    };
}
