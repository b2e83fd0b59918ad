using NUnit.Framework;

namespace Proxy.Tests.Live.Usefulness;

/// <summary>Ordinary work of agents, analysts, object-relational mappers, drivers and psql under the policy "lookup", each with its decision.</summary>
public sealed class UsefulnessTests
{
    private const int CasesMin = 150;
    private const double RunningMin = 0.97;
    private WorkPlace _place = null!;

    [OneTimeSetUp]
    public async Task Open() => _place = await WorkPlace.OpenAsync("lookup");

    [OneTimeTearDown]
    public async Task Close()
    {
        if (_place is not null)
            await _place.DisposeAsync();
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Ordinary_work_is_decided_as_expected(WorkCase work)
    {
        var (direct, through) = await _place.PlayAsync(work);

        Assert.That(direct.Where(WorkOutcome.IsError), Is.Empty, "It fails without the gateway, too.");
        var outcome = WorkOutcome.Of(direct, through);
        Assert.That(outcome, Is.EqualTo(work.Expected), () => $"{outcome}\n{string.Join("\n", through.Take(40))}");
    }

    [Test]
    public void Nearly_all_of_it_runs()
    {
        var cases = WorkCase.In("Statements");

        Assert.That(cases, Has.Count.GreaterThanOrEqualTo(CasesMin));
        Assert.That((double)cases.Count(work => work.Runs) / cases.Count, Is.GreaterThanOrEqualTo(RunningMin));
    }

    private static IEnumerable<TestCaseData<WorkCase>> Cases() =>
        WorkCase.In("Statements").Select(work => new TestCaseData<WorkCase>(work).SetArgDisplayNames(work.ToString()));
}
