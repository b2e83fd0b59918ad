using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Host.DataPlane;
using Proxy.Host.Identity.Revocation;
using Proxy.Protocols;

namespace Proxy.Tests.Host.DataPlane;

/// <summary>When sessions are told to end, and when they are cut.</summary>
public sealed class LiveSessionsTests
{
    private readonly List<string> _said = [];
    private FakeTimeProvider _time = null!;
    private LiveSessions _sessions = null!;

    [SetUp]
    public void Begin()
    {
        _said.Clear();
        _time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        _sessions = new LiveSessions(_time, RevocationList.InMemory(_time), TimeSpan.FromMinutes(1));
    }

    [Test]
    public void A_session_is_told_when_its_token_expires_and_cut_after_a_grace()
    {
        using var session = Enter(TimeSpan.FromMinutes(5));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(_said, Is.EqualTo(new[] { "session-expired" }));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(_said, Is.EqualTo(new[] { "session-expired", "abort" }));
    }

    [Test]
    public void Sessions_that_are_to_end_together_end_one_by_one_and_none_of_them_late()
    {
        var sessions = Enumerable.Range(0, 200).Select(_ => Enter(TimeSpan.FromHours(1))).ToArray();
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.That(_said, Is.Empty);
        var perSecond = new List<int>();
        for (var second = 0; second < 60; second++)
        {
            var before = _said.Count;
            _time.Advance(TimeSpan.FromSeconds(1));
            perSecond.Add(_said.Count - before);
        }

        Assert.That(_said, Has.Count.EqualTo(200).And.All.EqualTo("session-expired"));
        Assert.That(perSecond.Count(static ends => ends > 0), Is.GreaterThan(30));
        foreach (var session in sessions)
            session.Dispose();
    }

    [Test]
    public void A_session_ends_with_its_grant_when_that_is_sooner_than_its_token()
    {
        using var session = Enter(TimeSpan.FromHours(1), endsAfter: TimeSpan.FromMinutes(5));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(_said, Is.EqualTo(new[] { "session-expired" }));
    }

    [Test]
    public async Task A_revocation_is_over_when_the_sessions_that_it_is_about_are()
    {
        var session = Enter(TimeSpan.FromHours(1));
        var revoking = _sessions.RevokeAsync(new AccessRevocation { Subject = RevokedSubject.Agent, Value = "agent", RevokedBy = "root" });
        Assert.That((_said, revoking.IsCompleted), Is.EqualTo((new List<string> { "session-revoked" }, false)));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_said, Is.EqualTo(new[] { "session-revoked", "abort" }));
        session.Dispose();
        Assert.That(await revoking, Is.EqualTo(1));
    }

    [Test]
    public void A_session_whose_access_was_withdrawn_is_told_at_once_and_cut_within_two_seconds()
    {
        using var session = Enter(TimeSpan.FromMinutes(5));
        _sessions.Reconsider(static _ => false);
        Assert.That(_said, Is.EqualTo(new[] { "sign-in-not-allowed" }));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_said, Is.EqualTo(new[] { "sign-in-not-allowed", "abort" }));
    }

    [Test]
    public void A_session_that_enters_after_its_access_was_withdrawn_is_told_as_well()
    {
        _sessions.Reconsider(static _ => false);
        using var session = Enter(TimeSpan.FromMinutes(5));
        Assert.That(_said, Is.EqualTo(new[] { "sign-in-not-allowed" }));
    }

    [Test]
    public void A_session_that_is_still_admitted_hears_nothing()
    {
        using var session = Enter(TimeSpan.FromMinutes(5));
        _sessions.Reconsider(static _ => true);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(_said, Is.Empty);
    }

    [Test]
    public void A_session_that_signs_in_during_a_drain_is_told()
    {
        _sessions.EndAllWhenIdle(Refusals.Drain.Because("draining"));
        using var session = Enter(TimeSpan.FromMinutes(5));
        Assert.That(_said, Is.EqualTo(new[] { "drain" }));
    }

    [Test]
    public void A_session_that_is_over_hears_nothing_more()
    {
        Enter(TimeSpan.FromMinutes(5)).Dispose();
        _sessions.EndAllWhenIdle(Refusals.Drain.Because("draining"));
        _sessions.AbortAll();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That((_said.Count, _sessions.Count), Is.EqualTo((0, 0)));
    }

    private IDisposable Enter(TimeSpan lifetime, TimeSpan? endsAfter = null) => _sessions.Enter(
        Guid.NewGuid(),
        new Admission { Principal = new Principal { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = _time.GetUtcNow() + lifetime }, EndsAt = _time.GetUtcNow() + (endsAfter ?? lifetime) },
        new SessionControls(refusal => _said.Add(refusal.Code), refusal => _said.Add(refusal.Code), () => _said.Add("abort")));
}
