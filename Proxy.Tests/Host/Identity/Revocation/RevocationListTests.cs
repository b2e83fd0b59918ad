using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Host.Identity.Revocation;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Identity.Revocation;

/// <summary>Whom a revocation is about, how long it stands, and that a restart forgets none.</summary>
public sealed class RevocationListTests
{
    private const string Issuer = "https://issuer.test";
    private static readonly Guid Session = Guid.NewGuid();

    private static readonly Principal Delegated = new()
    {
        Issuer = Issuer,
        Subject = "kim",
        Agent = "robot",
        Human = "kim",
        Actors = ["robot", "orchestrator"],
        TokenId = "t-1",
        ExpiresAt = DateTimeOffset.MaxValue,
    };

    private static readonly Principal Alone = new() { Issuer = Issuer, Subject = "nightly", ExpiresAt = DateTimeOffset.MaxValue };

    private TemporaryDirectory _directory = null!;
    private FakeTimeProvider _time = null!;

    [SetUp]
    public void Begin()
    {
        _directory = new TemporaryDirectory();
        _time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
    }

    [TearDown]
    public void End() => _directory.Dispose();

    private string File => _directory.Combine("revocations.jsonl");

    private static AccessRevocation Of(RevokedSubject subject, string value, string? issuer = null, DateTimeOffset? until = null) =>
        new() { Subject = subject, Value = value, Issuer = issuer, RevokedBy = "root", Until = until ?? DateTimeOffset.MaxValue };

    private static IEnumerable<TestCaseData> Concerned()
    {
        yield return new TestCaseData(Of(RevokedSubject.Token, "t-1"), Delegated, true);
        yield return new TestCaseData(Of(RevokedSubject.Token, "t-2"), Delegated, false);
        yield return new TestCaseData(Of(RevokedSubject.Token, "t-1"), Alone, false);
        yield return new TestCaseData(Of(RevokedSubject.Agent, "robot"), Delegated, true);
        yield return new TestCaseData(Of(RevokedSubject.Agent, "orchestrator"), Delegated, true);
        yield return new TestCaseData(Of(RevokedSubject.Agent, "kim"), Delegated, false);
        yield return new TestCaseData(Of(RevokedSubject.Agent, "nightly"), Alone, true);
        yield return new TestCaseData(Of(RevokedSubject.Human, "kim"), Delegated, true);
        yield return new TestCaseData(Of(RevokedSubject.Human, "sam"), Delegated, false);
        yield return new TestCaseData(Of(RevokedSubject.Human, "nightly"), Alone, true);
        yield return new TestCaseData(Of(RevokedSubject.Grant, "once-1"), Delegated, true);
        yield return new TestCaseData(Of(RevokedSubject.Grant, "once-2"), Delegated, false);
        yield return new TestCaseData(Of(RevokedSubject.Session, Session.ToString()), Delegated, true);
        yield return new TestCaseData(Of(RevokedSubject.Session, Guid.NewGuid().ToString()), Delegated, false);
        yield return new TestCaseData(Of(RevokedSubject.Human, "kim", Issuer), Delegated, true);
        yield return new TestCaseData(Of(RevokedSubject.Human, "kim", "https://another.test"), Delegated, false);
    }

    [TestCaseSource(nameof(Concerned))]
    public void A_revocation_is_about_whom_it_names(AccessRevocation revocation, Principal principal, bool isConcerned)
    {
        var list = RevocationList.InMemory(_time);
        list.Add(revocation);

        Assert.That(list.Find(principal, "once-1", Session) is not null, Is.EqualTo(isConcerned));
    }

    [Test]
    public void It_stands_until_its_end_and_a_restart_does_not_forget_it()
    {
        RevocationList.Open(File, _time).Add(Of(RevokedSubject.Agent, "robot", until: _time.GetUtcNow().AddHours(1)));

        Assert.That(RevocationList.Open(File, _time).Find(Delegated, null, null), Is.Not.Null);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.That(RevocationList.Open(File, _time).Find(Delegated, null, null), Is.Null);
    }

    [Test]
    public void It_can_be_lifted()
    {
        var list = RevocationList.Open(File, _time);
        list.Add(Of(RevokedSubject.Human, "kim"));

        Assert.That(list.Lift(RevokedSubject.Human, "kim", null, out _));
        Assert.That(list.Lift(RevokedSubject.Human, "kim", null, out _), Is.False);
        Assert.That(RevocationList.Open(File, _time).Find(Delegated, null, null), Is.Null);
    }

    [Test]
    public void It_stands_even_if_it_cannot_be_kept_and_that_is_said()
    {
        var list = RevocationList.Open(File, _time);
        Directory.CreateDirectory(File + ".new");

        Assert.That(list.Add(Of(RevokedSubject.Human, "kim")), Is.Not.Null);
        Assert.That(list.Find(Delegated, null, null), Is.Not.Null);
    }

    [TestCase("garbage")]
    [TestCase("null")]
    [TestCase("{\"Subject\":\"Human\"}")]
    public void A_damaged_file_is_no_reason_to_start_without_it(string line)
    {
        System.IO.File.WriteAllText(File, line + "\n");

        Assert.That(() => RevocationList.Open(File, _time), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void The_file_is_its_owners_alone()
    {
        RevocationList.Open(File, _time).Add(Of(RevokedSubject.Human, "kim"));

        Assert.That(System.IO.File.GetUnixFileMode(File), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }
}
