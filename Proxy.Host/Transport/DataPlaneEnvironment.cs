using System.Globalization;

namespace Proxy.Host.Transport;

/// <summary>
/// What must stand in a data plane's environment before its runtime starts, because the runtime reads it once. Whoever starts one calls
/// <see cref="Complete"/>; the data plane itself calls <see cref="Missing"/> and does not run without them: half the speed and a stack overflow
/// are not things to find out in production.
/// </summary>
public static class DataPlaneEnvironment
{
    /// <summary>
    /// Inline completions halve the CPU per statement (facts: 15.7–18.5 against 26–30 µs). Socket threads then run session code, some of it deep
    /// (a grammar in WebAssembly), so threads get 8 MB of stack (the value is hexadecimal).
    /// </summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
        ["DOTNET_DefaultStackSize"] = "800000",
    };

    /// <summary>
    /// What an operator may set otherwise. One socket thread for two cores: more of them take fewer events a turn each, and take the cores from
    /// handshakes, the journal's notary and the kernel (measured on 2 cores, point queries of 16 clients under TLS: 37 µs of CPU with one, 46 µs with
    /// two). One arena of malloc: OpenSSL allocates on every thread that shakes hands, and each further arena keeps what it once had (measured: 12 KB
    /// for each idle session). A heap that is compacted when more than four tenths of it are holes: what sign-ins leave between sessions is given back
    /// (measured with 2,000 idle sessions under TLS: 82 KB each with it, 94 KB without).
    /// </summary>
    public static IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>
    {
        ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = Math.Max(1, Environment.ProcessorCount / 2).ToString(CultureInfo.InvariantCulture),
        ["MALLOC_ARENA_MAX"] = "1",
        ["DOTNET_GCConserveMemory"] = "6",
    };

    /// <summary>Puts what is needed into the environment of a data plane that is about to start.</summary>
    public static void Complete(IDictionary<string, string?> environment)
    {
        foreach (var (name, value) in Variables)
            environment[name] = value;
        foreach (var (name, value) in Defaults)
            environment.TryAdd(name, value);
    }

    /// <summary>The variables that are not in force in this process, as NAME=VALUE; empty when all are.</summary>
    public static IReadOnlyList<string> Missing() =>
        [.. Variables
            .Where(variable => Environment.GetEnvironmentVariable(variable.Key) != variable.Value)
            .Select(variable => $"{variable.Key}={variable.Value}")];
}
