namespace Proxy.Host.Transport;

/// <summary>
/// What must stand in a data plane's environment before its runtime starts, because the runtime reads it once. Whoever starts one sets
/// <see cref="Variables"/>; the data plane itself calls <see cref="Missing"/> and does not run without them: half the speed and a stack overflow
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

    /// <summary>The variables that are not in force in this process, as NAME=VALUE; empty when all are.</summary>
    public static IReadOnlyList<string> Missing() =>
        [.. Variables
            .Where(variable => Environment.GetEnvironmentVariable(variable.Key) != variable.Value)
            .Select(variable => $"{variable.Key}={variable.Value}")];
}
