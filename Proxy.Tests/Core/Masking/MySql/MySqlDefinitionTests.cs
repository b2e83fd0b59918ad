using System.Text;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Policy;
using Proxy.Tests.Core.Sql.Lineage.MySql;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Core.Masking.MySql;

/// <summary>What a server says of a result's columns is held against what the statement means: it can add a mask and never take one away.</summary>
public sealed class MySqlDefinitionTests
{
    private static readonly Principal Agent = new() { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue };

    private MaskingKeys _keys = null!;

    [OneTimeSetUp]
    public void MakeKeys() => _keys = new MaskingKeys(new byte[32]);

    [OneTimeTearDown]
    public void ForgetKeys() => _keys.Dispose();

    [TestCase("select id from patients where id = 1", "patients.id", true)]
    [TestCase("select id from patients where id = 1", "patients.ssn", false)]
    [TestCase("select id from patients where id = 1", "nowhere.id", true, Description = "a name that nobody knows says nothing")]
    [TestCase("select ssn from patients where id = 1", "patients.ssn", false)]
    [TestCase("select ssn from patients where id = 1", "patients.id", false)]
    [TestCase("select ssn from patients where id = 1", "wards.name", false)]
    [TestCase("select ssn from patients where id = 1", ".", false, Description = "as if it were computed")]
    [TestCase("select concat(ssn, '!') as id from patients where id = 1", "patients.id", false)]
    [TestCase("select count(*) as n from patients where id = 1", "patients.surname", false)]
    public async Task A_column_is_shown_only_where_both_say_that_it_is_no_PHI(string sql, string origin, bool isShown) =>
        Assert.That((await PlanAsync(sql, origin))[0].Kind is MaskKind.Show, Is.EqualTo(isShown));

    [Test]
    public async Task A_result_of_more_or_fewer_columns_than_the_statement_has_shows_nothing()
    {
        foreach (var origins in (string[][])[["patients.id", "wards.floor"], []])
        {
            var plan = await PlanAsync("select id from patients where id = 1", origins);
            for (var i = 0; i < origins.Length; i++) Assert.That(plan[i].Kind, Is.Not.EqualTo(MaskKind.Show));
            Assert.That(origins.Length > 0 && plan.ShowsEverything, Is.False);
        }
    }

    private async Task<MySqlMaskPlan> PlanAsync(string sql, params string[] origins)
    {
        var snapshot = await MySqlLineageFixture.SnapshotAsync();
        var judge = new SessionJudge(
            Agent, "test", MySqlLineageFixture.Hospital, new SwitchablePolicy(MySqlJudgedGateway.Masked(more: RiskClasses.PhiOrdering | RiskClasses.Inference)), new FixedCatalogue(snapshot), new MaskPlanner(_keys), TimeProvider.System);
        var analysis = await MySqlLineageFixture.FrontEnd.AnalyseAsync(Encoding.UTF8.GetBytes(sql), CancellationToken.None);
        var judgement = judge.Judge(analysis, new NoPreparedStatements());
        Assert.That(judgement.Decision.IsForwarded, Is.True, judgement.Decision.Refusal?.ToString());
        return judgement.PlanFor(statement: 0, [.. origins.Select(static origin => Column(origin.Split('.')))]);
    }

    private static MySqlResultColumn Column(string[] origin) => new(
        origin[0].Length > 0 ? MySqlLineageFixture.Hospital : "", origin[0], origin[1], MySqlFieldType.VarString, Flags: 0, Collation: 45, Length: 44, Decimals: 0, IsBinary: false);

    private sealed class NoPreparedStatements : INamedStatements
    {
        public RiskAssessment? Prepared(string name) => null;

        public RiskAssessment? Cursor(string name) => null;
    }
}
