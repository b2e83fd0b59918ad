using System.Security.Cryptography;
using System.Text;
using Wasmtime;

namespace Proxy.Core.Sql.Postgres.Host;

/// <summary>
/// PostgreSQL's own grammar, compiled: the engine with its limits, the module of libpg-query and the trampoline. Shared by all instances.
/// </summary>
internal sealed class PostgresGrammar : IDisposable
{
    /// <summary>
    /// Of the calling thread's stack. It stops recursion long before the thread's own stack ends. Never 2 MiB or more: Wasmtime aborts the
    /// process then (measured).
    /// </summary>
    public const int WasmStackBytes = 1 << 20;

    private const string ResourceName = "libpg-query.wasm";

    public PostgresGrammar(string? moduleCacheDirectory)
    {
        byte[] wasm = ReadEmbedded();
        using Config config = new Config()
            .WithExceptions(true)
            .WithEpochInterruption(true)
            .WithMaximumStackSize(WasmStackBytes)
            .WithOptimizationLevel(OptimizationLevel.Speed);
        Engine = new Engine(config);
        var cache = new CompiledModuleCache(moduleCacheDirectory);
        Main = cache.Load(Engine, "grammar", wasm, () => Module.FromBytes(Engine, "grammar", wasm));
        TableSize = (int)Main.Exports.OfType<TableExport>().Single(export => export.Name == GrammarNames.Table).Minimum;
        string trampoline = LongjmpTrampoline.TextFor(Main, TableSize);
        Trampoline = cache.Load(
            Engine, "trampoline", Encoding.UTF8.GetBytes(trampoline), () => Module.FromText(Engine, "trampoline", trampoline));
        Clock = new EpochClock(Engine);
    }

    public Engine Engine { get; }

    /// <summary>Whoever calls the grammar tells it, or there is no deadline.</summary>
    public EpochClock Clock { get; }

    public Module Main { get; }

    public Module Trampoline { get; }

    public int TableSize { get; }

    public void Dispose()
    {
        Clock.Dispose();
        Trampoline.Dispose();
        Main.Dispose();
        Engine.Dispose();
    }

    private static byte[] ReadEmbedded()
    {
        using Stream stream = typeof(PostgresGrammar).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The assembly does not contain {ResourceName}.");
        byte[] wasm = new byte[stream.Length];
        stream.ReadExactly(wasm);
        string hash = Convert.ToHexStringLower(SHA256.HashData(wasm));
        return hash == GrammarNames.Sha256
            ? wasm
            : throw new InvalidOperationException($"{ResourceName} has the SHA-256 {hash}, expected {GrammarNames.Sha256}.");
    }
}
