using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Host.DataPlane;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;

namespace Proxy.Tests.Host.DataPlane;

public sealed class SessionPlacesTests
{
    private SessionPlaces _places = null!;

    [SetUp]
    public void Begin() => _places = new SessionPlaces();

    [Test]
    public void A_place_that_was_given_back_can_be_taken_again()
    {
        TryTake("a", "one", max: 1)!.Dispose();
        Assert.That(TryTake("a", "one", max: 1), Is.Not.Null);
    }

    [Test]
    public void Giving_a_place_back_twice_frees_one()
    {
        var place = TryTake("a", "one", max: 2)!;
        TryTake("a", "one", max: 2);
        place.Dispose();
        place.Dispose();
        TryTake("a", "one", max: 2);
        Assert.That(TryTake("a", "one", max: 2), Is.Null);
    }

    [Test]
    public void Each_limit_has_its_own_refusal()
    {
        TryTake("a", "one", max: 9);
        _places.TryTake(Who("a"), new Nowhere("one"), 1, 9, 9, out var full);
        _places.TryTake(Who("a"), new Nowhere("two"), 9, 1, 9, out var identity);
        _places.TryTake(Who("b"), new Nowhere("one"), 9, 9, 1, out var target);
        Assert.That(
            new[] { full?.Why, identity?.Why, target?.Why },
            Is.EqualTo(new[] { "the gateway is full", "this identity has too many sessions", "target one is full" }));
    }

    [Test]
    public async Task Sign_ins_at_the_same_moment_cannot_pass_a_limit_together()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => TryTake("a", "one", max: 7))));
        Assert.That(taken.Count(place => place is not null), Is.EqualTo(7));
    }

    private IDisposable? TryTake(string subject, string target, int max) => _places.TryTake(Who(subject), new Nowhere(target), max, max, max, out _);

    private static Principal Who(string subject) => new() { Issuer = "https://issuer.test", Subject = subject, ExpiresAt = DateTimeOffset.MaxValue };

    private sealed class Nowhere(string name) : ITarget
    {
        public string Name => name;

        public string Database => "db";

        public string User => "user";

        public bool RequiresTls => true;

        public ScramKeyCache ScramKeys { get; } = new();

        public ValueTask<IConnection> ConnectAsync(CancellationToken cancellationToken) => throw new InvalidOperationException();

        public ValueTask<ServerCredential> GetCredentialAsync(CancellationToken cancellationToken) => throw new InvalidOperationException();
    }
}
