using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Host.DataPlane;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.DataPlane;

public sealed class BudgetFileTests
{
    private static readonly Principal Agent = new() { Issuer = "https://issuer.test", Subject = "agent-7", ExpiresAt = DateTimeOffset.MaxValue };
    private static readonly Budget Limits = new() { PhiRows = 10, Refusals = 3 };

    private TemporaryDirectory _directory = null!;
    private FakeTimeProvider _time = null!;

    private string FilePath => Path.Combine(_directory.Path, BudgetFile.Name);

    [SetUp]
    public void Prepare()
    {
        _directory = new TemporaryDirectory();
        _time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero));
    }

    [TearDown]
    public void Remove() => _directory.Dispose();

    [Test]
    public void What_was_used_outlives_a_process_that_is_killed_a_few_seconds_later()
    {
        using var killed = Open();
        var session = Session(killed);
        session.TryShow(1);
        session.TryShow(2);
        session.Refused(Refusals.RuleRefused.Because("x"));
        _time.Advance(TimeSpan.FromSeconds(5));

        using var next = Open();

        Assert.That(Session(next).Describe().ToDictionary(), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["budget phi-rows"] = "up to 2 of 10 in the last hour",
            ["budget refusals"] = "1 of 3 in the last hour",
        }));
    }

    [Test]
    public void The_file_names_nobody()
    {
        using (var file = Open())
            Session(file).TryShow(1);

        Assert.That(File.ReadAllText(FilePath), Does.Not.Contain("agent-7").And.Not.Contain("issuer").And.Contain("PhiRows"));
    }

    [Test]
    public void A_damaged_file_is_no_way_to_a_new_budget()
    {
        File.WriteAllText(FilePath, "{\"x\":");

        Assert.That(Open, Throws.InstanceOf<IOException>().With.Message.Contains("damaged"));
    }

    private BudgetFile Open() => BudgetFile.Open(FilePath, _time, NullLogger.Instance);

    private static SessionBudget Session(BudgetFile file) => new(file.Book, Agent, "hospital", () => Limits);
}
