using Microsoft.Extensions.Logging;
using Proxy.Host.Transport;

namespace Proxy.Host.Configuration;

/// <summary>
/// Keeps the newest good configuration. Changes are noticed by the file system where it can tell, and by looking every few seconds where it
/// cannot (network file systems, mounts that are swapped by a link). A version that has errors is logged and counted, and the old one stays.
/// </summary>
public sealed class ConfigurationWatcher : IAsyncDisposable
{
    /// <summary>Two readings this far apart must agree, so that a file is not taken while an editor or a copy is still writing it.</summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(250);

    public static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(5);

    private readonly string _directory;
    private readonly TimeProvider _time;
    private readonly TimeSpan _pollInterval;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _touched = new(0, 1);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly FileSystemWatcher? _files;
    private readonly Task _watching;

    private ConfigurationSnapshot _current;
    private string? _rejectedVersion;
    private long _reloads;
    private long _rejections;
    private volatile string? _rejection;

    /// <param name="first">Loaded before: the process does not start on a configuration that has errors.</param>
    public ConfigurationWatcher(ConfigurationSnapshot first, TimeProvider time, ILogger log, TimeSpan? pollInterval = null)
    {
        _current = first;
        _directory = first.Directory;
        _time = time;
        _pollInterval = pollInterval ?? DefaultPollInterval;
        _log = log;
        _files = WatchFiles();
        _watching = OffSocketThread.Run(WatchAsync).AsTask();
    }

    /// <summary>The newest good configuration. Read it once per statement and use that one reference throughout.</summary>
    public ConfigurationSnapshot Current => Volatile.Read(ref _current);

    /// <summary>How often a new version was taken over.</summary>
    public long Reloads => Interlocked.Read(ref _reloads);

    /// <summary>How often a new version was refused because of errors.</summary>
    public long Rejections => Interlocked.Read(ref _rejections);

    /// <summary>The first error of the version on disk, when it is not the current one; for readiness and people. Null when all is well.</summary>
    public string? Rejection => _rejection;

    /// <summary>Called on a pool thread after <see cref="Current"/> has changed. An exception of a subscriber is logged and harms nobody else.</summary>
    public event Action<ConfigurationSnapshot>? Changed;

    /// <summary>Looks now. True when a new version was taken over.</summary>
    public Task<bool> ReloadAsync(CancellationToken cancellationToken) => ReloadAsync(settled: null, cancellationToken);

    /// <param name="settled">The only version to take; null takes what is there.</param>
    private async Task<bool> ReloadAsync(string? settled, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var reading = await ConfigurationLoader.ReadAsync(_directory, cancellationToken);
            if (reading.Version == Current.Version)
            {
                _rejectedVersion = null;
                _rejection = null;
                return false;
            }
            if (reading.Version == _rejectedVersion || (settled is not null && reading.Version != settled))
                return false;
            return Take(reading);
        }
        finally
        {
            _reading.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _files?.Dispose();
        await OffSocketThread.Await(_watching);
        _stop.Dispose();
        _touched.Dispose();
        _reading.Dispose();
    }

    private bool Take(ConfigurationReading reading)
    {
        if (reading.Snapshot is not { } next)
        {
            _rejectedVersion = reading.Version;
            _rejection = reading.Errors[0].ToString();
            Interlocked.Increment(ref _rejections);
            foreach (var error in reading.Errors)
                Log.ConfigurationRejected(_log, reading.Version, error.File, error.Line, error.Column, error.Message);
            return false;
        }
        var previous = Current;
        Volatile.Write(ref _current, next);
        _rejectedVersion = null;
        _rejection = null;
        Interlocked.Increment(ref _reloads);
        Log.ConfigurationReloaded(_log, previous.Version, next.Version);
        if (previous.GatewayVersion != next.GatewayVersion)
            Log.GatewayFileChanged(_log);
        foreach (var subscriber in (Changed?.GetInvocationList() ?? []).Cast<Action<ConfigurationSnapshot>>())
            Notify(subscriber, next);
        return true;
    }

    private void Notify(Action<ConfigurationSnapshot> subscriber, ConfigurationSnapshot next)
    {
        try
        {
            subscriber(next);
        }
#pragma warning disable CA1031 // Whatever a subscriber throws, the new policy is in force and the others must hear of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.ConfigurationSubscriberFailed(_log, exception);
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await WaitForChangeAsync();
                var seen = await VersionOnDiskAsync();
                if (seen == Current.Version && _rejection is null)
                    continue;
                await Task.Delay(SettleTime, _time, _stop.Token);
                if (await VersionOnDiskAsync() == seen)
                    await ReloadAsync(settled: seen, _stop.Token);
                else
                    Touch();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    /// <summary>Until a file was touched, or the poll interval is over.</summary>
    private async Task WaitForChangeAsync()
    {
        using var poll = new CancellationTokenSource(_pollInterval, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(poll.Token, _stop.Token);
        try
        {
            await _touched.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // Time to look.
        }
    }

    private async Task<string> VersionOnDiskAsync() => (await ConfigurationFiles.ReadAsync(_directory, [], _stop.Token)).Version;

    private FileSystemWatcher? WatchFiles()
    {
        try
        {
            var files = new FileSystemWatcher(_directory) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
            files.Changed += (_, _) => Touch();
            files.Created += (_, _) => Touch();
            files.Renamed += (_, _) => Touch();
            files.Deleted += (_, _) => Touch();
            files.Error += (_, _) => Touch();
            files.EnableRaisingEvents = true;
            return files;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or PlatformNotSupportedException)
        {
            // No inotify instance left, for example. Polling goes on.
            Log.FileWatchUnavailable(_log, exception.Message);
            return null;
        }
    }

    private void Touch()
    {
        try
        {
            _touched.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // A look is due already, or nobody looks any more.
        }
    }
}
