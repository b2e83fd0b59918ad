using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Protocols.Postgres;

namespace Proxy.Tests.Protocols.Postgres;

public sealed class CancelKeysTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task So_many_requests_are_passed_on_within_a_second_over_all_sessions()
    {
        var keys = new CancelKeys(_time, requestsPerSecondMax: 2);
        var passed = new List<bool>();
        for (var i = 0; i < 3; i++)
            passed.Add(await keys.CancelAsync(keys.Issue(0, () => Task.CompletedTask)));
        Assert.That(passed, Is.EqualTo(new[] { true, true, false }));
    }

    [Test]
    public async Task The_next_second_has_its_own()
    {
        var keys = new CancelKeys(_time, requestsPerSecondMax: 1);
        await keys.CancelAsync(keys.Issue(0, () => Task.CompletedTask));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await keys.CancelAsync(keys.Issue(0, () => Task.CompletedTask)), Is.True);
    }
}
