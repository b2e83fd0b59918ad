using NUnit.Framework;

namespace Proxy.Tests.Live.Usefulness;

/// <summary>Unknown names and bad syntax get the server's own error, whatever the policy and the protocol: it is about the text, and prints no row.</summary>
[TestFixture("lookup")]
[TestFixture("strict")]
public sealed class MistakeTests(string policy)
{
    private WorkPlace _place = null!;

    [OneTimeSetUp]
    public async Task Open() => _place = await WorkPlace.OpenAsync(policy);

    [OneTimeTearDown]
    public async Task Close()
    {
        if (_place is not null)
            await _place.DisposeAsync();
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Gets_the_servers_own_error(WorkCase work)
    {
        var (direct, through) = await _place.PlayAsync(work);

        Assert.That(WorkOutcome.Of(direct, through), Is.EqualTo(work.Expected), () => $"{WorkOutcome.Of(direct, through)}\n{string.Join("\n", [.. direct, .. through])}");
        Assert.That(through, Is.EqualTo(direct));
    }

    private static IEnumerable<TestCaseData<WorkCase>> Cases() =>
        from work in WorkCase.In("Mistakes")
        from isExtended in (bool[])[false, true]
        let played = isExtended ? work with { Title = $"{work.Title}, extended", Steps = [.. work.Steps.Select(Extended)] } : work
        select new TestCaseData<WorkCase>(played).SetArgDisplayNames(played.ToString());

    private static WorkStep Extended(WorkStep step) => step with { Parameters = step.Parameters ?? [] };
}
