using System.Globalization;

namespace Proxy.Tests.Support;

/// <summary>Core dumps that .NET itself writes of processes that were started with <see cref="Environment"/>.</summary>
public sealed class CoreDumps : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["DOTNET_DbgEnableMiniDump"] = "1",
        ["DOTNET_DbgMiniDumpType"] = "2", // All private memory.
        ["DOTNET_DbgMiniDumpName"] = _directory.Combine("core.%p"),
    };

    /// <summary>Has the process write one. (The signal alone does not end it.)</summary>
    /// <returns>The file.</returns>
    public async Task<string> WriteAsync(int processId)
    {
        var id = processId.ToString(CultureInfo.InvariantCulture);
        await Command.RunAsync("kill", ["-s", "ABRT", id]);
        var dump = _directory.Combine($"core.{id}");
        // .NET has a program of its own write it, as a child of the process.
        await Eventually.IsTrueAsync(() => Task.FromResult(File.Exists(dump) && !ProcessChildren.HasRunning(processId, "createdump")), "the dump is written");
        return dump;
    }

    public void Dispose() => _directory.Dispose();
}
