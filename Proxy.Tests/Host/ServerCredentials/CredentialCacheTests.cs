using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Host.ServerCredentials;
using Proxy.Protocols;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.ServerCredentials;

/// <summary>When a credential is fetched, and how often.</summary>
public sealed class CredentialCacheTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
    private ScriptedSource _source = null!;
    private CredentialCache _cache = null!;

    [SetUp]
    public void Start()
    {
        _source = new ScriptedSource(_time);
        _cache = new CredentialCache(_source, "phigate", _time, NullLogger.Instance);
    }

    [Test]
    public async Task A_fresh_credential_is_fetched_once()
    {
        Assert.That((await PasswordAsync(), await PasswordAsync(), _source.Fetches), Is.EqualTo(("p1", "p1", 1)));
    }

    [Test]
    public async Task A_new_one_is_fetched_beside_the_old_one_before_that_expires()
    {
        await PasswordAsync();
        _time.Advance(TimeSpan.FromSeconds(81));
        Assert.That(await PasswordAsync(), Is.EqualTo("p1"), "nobody waits");
        await Eventually.IsTrueAsync(async () => await PasswordAsync() == "p2", "the new one is there");
        Assert.That(_source.Fetches, Is.EqualTo(2));
    }

    [Test]
    public async Task An_expired_one_is_never_given()
    {
        await PasswordAsync();
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.That(await PasswordAsync(), Is.EqualTo("p2"));
    }

    [Test]
    public async Task One_that_is_not_to_be_kept_is_fetched_for_each_login()
    {
        _source.Lifetime = null;
        Assert.That((await PasswordAsync(), await PasswordAsync()), Is.EqualTo(("p1", "p2")));
    }

    [Test]
    public async Task All_that_wait_share_one_fetch()
    {
        _source.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = Enumerable.Range(0, 50).Select(_ => PasswordAsync()).ToArray();
        _source.Gate.SetResult();
        Assert.That(await Task.WhenAll(waiting), Has.All.EqualTo("p1"));
        Assert.That(_source.Fetches, Is.EqualTo(1));
    }

    [Test]
    public async Task Who_stops_waiting_does_not_end_the_fetch_of_the_others()
    {
        _source.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var impatience = new CancellationTokenSource();
        var impatient = _cache.GetAsync(impatience.Token);
        var patient = PasswordAsync();
        await impatience.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());
        _source.Gate.SetResult();
        Assert.That(await patient, Is.EqualTo("p1"));
    }

    [Test]
    public async Task The_old_one_serves_while_its_source_fails()
    {
        await PasswordAsync();
        _source.Fails = true;
        _time.Advance(TimeSpan.FromSeconds(90));
        Assert.That((await PasswordAsync(), await PasswordAsync()), Is.EqualTo(("p1", "p1")));
    }

    [Test]
    public async Task A_failure_is_told_and_not_repeated_within_a_second()
    {
        _source.Fails = true;
        Assert.That(PasswordAsync, Throws.InstanceOf<ServerCredentialException>().With.Message.EqualTo("script: it fails"));
        Assert.That(PasswordAsync, Throws.InstanceOf<ServerCredentialException>());
        Assert.That(_source.Fetches, Is.EqualTo(1));
        _source.Fails = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await PasswordAsync(), Is.EqualTo("p2"));
    }

    [Test]
    public async Task A_rejected_one_is_fetched_anew_at_once_for_all_that_were_rejected()
    {
        var rejected = await _cache.GetAsync(CancellationToken.None);
        var newer = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _cache.RenewAsync(rejected, CancellationToken.None)));
        Assert.That(newer.Where(credential => credential is not null).Select(PasswordOf), Is.Not.Empty.And.All.EqualTo("p2"));
        Assert.That((await PasswordAsync(), _source.Fetches), Is.EqualTo(("p2", 2)));
    }

    [Test]
    public async Task A_password_that_stays_wrong_is_looked_for_once_in_ten_seconds()
    {
        _source.StaysTheSame = true;
        var rejected = await _cache.GetAsync(CancellationToken.None);
        for (var i = 0; i < 20; i++)
            Assert.That(await _cache.RenewAsync(rejected, CancellationToken.None), Is.Null);
        Assert.That(_source.Fetches, Is.EqualTo(2));
    }

    [Test]
    public async Task What_is_given_can_be_cleared_without_clearing_it_for_the_next()
    {
        (await _cache.GetAsync(CancellationToken.None)).Dispose();
        Assert.That(await PasswordAsync(), Is.EqualTo("p1"));
    }

    [Test]
    public async Task Nothing_that_holds_it_prints_it()
    {
        using var credential = await _cache.GetAsync(CancellationToken.None);
        Assert.That($"{credential} {_cache} {await _source.FetchAsync(CancellationToken.None)}", Does.Not.Contain("p1").And.Not.Contain("p2"));
    }

    private async Task<string> PasswordAsync() => PasswordOf(await _cache.GetAsync(CancellationToken.None));

    private static string PasswordOf(ServerCredential? credential) => Encoding.UTF8.GetString(credential!.Password);
}
