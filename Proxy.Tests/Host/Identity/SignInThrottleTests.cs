using System.Net;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Identity;

namespace Proxy.Tests.Host.Identity;

/// <summary>Who has to wait for the next minute.</summary>
public sealed class SignInThrottleTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
    private SignInThrottle _throttle = null!;

    [SetUp]
    public void Begin() =>
        _throttle = new SignInThrottle(new LimitOptions { SignInFailuresPerMinutePerAddressMax = 3, SignInsPerMinutePerIdentityMax = 2 }, _time);

    private static IPEndPoint At(string address) => new(IPAddress.Parse(address), 5000);

    [Test]
    public void An_address_that_fails_too_often_waits_for_the_next_minute_and_no_other_does()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.That(_throttle.IsBlocked(At("192.0.2.1")), Is.False);
            _throttle.Failed(At("192.0.2.1"));
        }

        Assert.That((_throttle.IsBlocked(At("192.0.2.1")), _throttle.IsBlocked(At("192.0.2.2"))), Is.EqualTo((true, false)));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(_throttle.IsBlocked(At("192.0.2.1")), Is.False);
    }

    [Test]
    public void All_addresses_of_an_ipv6_network_are_one()
    {
        for (var i = 0; i < 3; i++)
            _throttle.Failed(At($"2001:db8::{i + 1}"));

        Assert.That((_throttle.IsBlocked(At("2001:db8::ffff")), _throttle.IsBlocked(At("2001:db8:0:1::1"))), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_flood_of_addresses_shares_counts_and_takes_no_memory()
    {
        for (var i = 0; i < 200_000; i++)
            _throttle.Failed(new IPEndPoint(new IPAddress(BitConverter.GetBytes(i)), 1));

        Assert.That(_throttle.IsBlocked(At("198.51.100.200")));
    }

    [Test]
    public void One_address_behind_a_flood_does_not_block_the_others()
    {
        for (var i = 0; i < 50_000; i++)
            _throttle.Failed(new IPEndPoint(new IPAddress(BitConverter.GetBytes(i)), 1));
        for (var i = 0; i < 3; i++)
            _throttle.Failed(At("198.51.100.200"));

        Assert.That(_throttle.IsBlocked(At("198.51.100.200")));
        Assert.That(Enumerable.Range(0, 200).Count(i => _throttle.IsBlocked(At($"203.0.113.{i}"))), Is.LessThan(100), "one of a thousand shares its count");
    }

    [Test]
    public void An_identity_has_so_many_sign_ins_a_minute()
    {
        var principal = new Principal { Issuer = "https://issuer.test", Subject = "a", ExpiresAt = DateTimeOffset.MaxValue };

        Assert.That(new[] { _throttle.TryTake(principal), _throttle.TryTake(principal), _throttle.TryTake(principal) }, Is.EqualTo(new[] { true, true, false }));
        Assert.That(_throttle.TryTake(principal with { Subject = "b" }));
    }
}
