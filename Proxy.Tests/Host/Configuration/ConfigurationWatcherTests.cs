using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Proxy.Host.Configuration;

namespace Proxy.Tests.Host.Configuration;

[CancelAfter(60_000)]
public sealed class ConfigurationWatcherTests
{
    private static readonly TimeSpan NeverPolls = TimeSpan.FromHours(1);

    private ConfigurationDirectory _directory = null!;

    [SetUp]
    public void Start() => _directory = new ConfigurationDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    private async Task<ConfigurationWatcher> WatchAsync(TimeSpan pollInterval) =>
        new((await _directory.ReadAsync()).Snapshot!, TimeProvider.System, NullLogger.Instance, pollInterval);

    [Test]
    public async Task A_good_version_replaces_the_old_one_as_a_whole(CancellationToken cancellationToken)
    {
        await using var watcher = await WatchAsync(NeverPolls);
        var before = watcher.Current;
        var announced = new TaskCompletionSource<ConfigurationSnapshot>();
        watcher.Changed += _ => throw new InvalidOperationException("a subscriber that fails must not keep others from hearing");
        watcher.Changed += snapshot => announced.TrySetResult(snapshot);

        _directory.Replace("rules.yaml", "name: agents-read", "name: agents-look");
        var next = await announced.Task.WaitAsync(cancellationToken);

        Assert.That(watcher.Current, Is.SameAs(next));
        Assert.That(next.Policy.Rules[^1].Name, Is.EqualTo("agents-look"));
        Assert.That(before.Policy.Rules[^1].Name, Is.EqualTo("agents-read"));
        Assert.That((watcher.Reloads, watcher.Rejections), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_bad_version_is_counted_and_the_old_one_stays(CancellationToken cancellationToken)
    {
        await using var watcher = await WatchAsync(NeverPolls);
        var before = watcher.Current;
        var line = _directory.Replace("rules.yaml", "verdict: refuse", "verdict: deny");

        await watcher.ReloadAsync(cancellationToken);

        Assert.That(watcher.Current, Is.SameAs(before));
        Assert.That(watcher.Rejections, Is.EqualTo(1));
        Assert.That(watcher.Rejection, Does.StartWith($"rules.yaml:{line}:14: "));
    }

    [Test]
    public async Task The_same_bad_version_is_counted_once(CancellationToken cancellationToken)
    {
        await using var watcher = await WatchAsync(NeverPolls);
        _directory.Replace("rules.yaml", "verdict: refuse", "verdict: deny");

        await watcher.ReloadAsync(cancellationToken);
        await watcher.ReloadAsync(cancellationToken);

        Assert.That(watcher.Rejections, Is.EqualTo(1));
    }

    [Test]
    public async Task Going_back_to_the_running_version_clears_the_complaint(CancellationToken cancellationToken)
    {
        await using var watcher = await WatchAsync(NeverPolls);
        _directory.Replace("rules.yaml", "verdict: refuse", "verdict: deny");
        await watcher.ReloadAsync(cancellationToken);

        _directory.Replace("rules.yaml", "verdict: deny", "verdict: refuse");
        await watcher.ReloadAsync(cancellationToken);

        Assert.That(watcher.Rejection, Is.Null);
        Assert.That(watcher.Reloads, Is.Zero);
    }

    [Test]
    public async Task A_version_after_a_bad_one_is_taken_over(CancellationToken cancellationToken)
    {
        await using var watcher = await WatchAsync(NeverPolls);
        _directory.Replace("rules.yaml", "verdict: refuse", "verdict: deny");
        await watcher.ReloadAsync(cancellationToken);

        _directory.Replace("rules.yaml", "verdict: deny", "verdict: hold");
        await watcher.ReloadAsync(cancellationToken);

        Assert.That(watcher.Current.Version, Is.EqualTo((await _directory.ReadAsync()).Version));
        Assert.That(watcher.Rejection, Is.Null);
    }

    [Test]
    public async Task A_directory_that_is_swapped_by_a_link_is_noticed_by_looking(CancellationToken cancellationToken)
    {
        // How Kubernetes updates a mounted ConfigMap: the directory's own entries do not change, the link behind them does.
        using var other = new ConfigurationDirectory();
        other.Replace("rules.yaml", "name: agents-read", "name: agents-look");
        var link = _directory.Path + "-link";
        Directory.CreateSymbolicLink(link, _directory.Path);
        try
        {
            var first = (await ConfigurationLoader.ReadAsync(link, cancellationToken)).Snapshot!;
            await using var watcher = new ConfigurationWatcher(first, TimeProvider.System, NullLogger.Instance, TimeSpan.FromMilliseconds(50));
            var announced = new TaskCompletionSource<ConfigurationSnapshot>();
            watcher.Changed += snapshot => announced.TrySetResult(snapshot);

            Directory.Delete(link);
            Directory.CreateSymbolicLink(link, other.Path);
            var next = await announced.Task.WaitAsync(cancellationToken);

            Assert.That(next.Policy.Rules[^1].Name, Is.EqualTo("agents-look"));
        }
        finally
        {
            Directory.Delete(link);
        }
    }
}
