using NUnit.Framework;

namespace Proxy.Tests.Support;

/// <summary>A file system of its own in memory, so that it can be full or read only. Mounting takes privileges: without them the test is not judged.</summary>
public sealed class MemoryFileSystem : IAsyncDisposable
{
    private readonly TemporaryDirectory _place = new();

    private MemoryFileSystem()
    {
    }

    public string Path => _place.Path;

    /// <param name="options">As mount(8) takes them, e.g. "size=5m" or "ro".</param>
    public static async Task<MemoryFileSystem> MountAsync(string options)
    {
        var system = new MemoryFileSystem();
        var mounted = await Command.RunAsync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", system.Path]);
        if (mounted.ExitCode != 0) system._place.Dispose();
        Assume.That(mounted.ExitCode, Is.Zero, "mounting a file system takes privileges");
        return system;
    }

    public Task RemountAsync(string options) => Command.MustRunAsync("mount", ["-o", "remount," + options, Path]);

    /// <summary>Makes a name for it: what deletes that name leaves what is in here.</summary>
    public Task LinkAsync(string name)
    {
        Directory.CreateSymbolicLink(name, Path);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        // Lazily: a program that a failed test left behind may have files open.
        await Command.RunAsync("umount", ["-l", Path]);
        _place.Dispose();
    }
}
