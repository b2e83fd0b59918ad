using System.CommandLine;
using Proxy.Host.Configuration.Gateway;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.Commands;

/// <summary>No process of the gateway may be dumped, unless the operator says so in gateway.yaml (docs/identity.md: what memory holds).</summary>
internal static class DumpGuard
{
    /// <summary>False when dumps are switched on in the environment and not in the configuration, or cannot be switched off; standard error says so.</summary>
    public static async Task<bool> TryForbidAsync(AdminOptions admin, InvocationConfiguration console)
    {
        if (admin.AllowCoreDumps)
            return true;
        if (ProcessDumps.SwitchedOnBy is { } variable)
        {
            await console.Error.WriteLineAsync(
                $"phigate cannot start: {variable} would have .NET write this process's memory, which has PHI in it, into a file: unset it, or write admin.allow-core-dumps into gateway.yaml");
            return false;
        }
        try
        {
            ProcessDumps.Forbid();
            return true;
        }
        catch (IOException reason)
        {
            await console.Error.WriteLineAsync($"phigate cannot start: {reason.Message}");
            return false;
        }
    }
}
