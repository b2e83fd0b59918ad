using System.Text;
using NUnit.Framework;
using Proxy.Core.Sql.Postgres.Host;

namespace Proxy.Tests.Core.Sql.Postgres.Host;

public sealed class EpochClockTests
{
    [Test]
    [CancelAfter(30_000)]
    public async Task A_deadline_holds_for_the_first_text_after_the_clock_has_stood_still(CancellationToken cancellation)
    {
        using var grammar = new PostgresGrammar(SharedFrontEnd.ModuleCacheDirectory);
        using var instance = new GrammarInstance(grammar, 512L * 1024 * 1024);
        byte[] stalling = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("/*", 200_000)));
        while (!grammar.Clock.IsStandingStill) await Task.Delay(EpochClock.Period, cancellation);

        ParseOutcome outcome = instance.Parse(stalling, EpochClock.EpochsFor(TimeSpan.FromMilliseconds(100)), out _);

        Assert.That((outcome, instance.TrapReason), Is.EqualTo((ParseOutcome.Trapped, "deadline")));
    }
}
