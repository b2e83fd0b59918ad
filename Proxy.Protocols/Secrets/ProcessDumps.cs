using System.Globalization;
using System.Runtime.InteropServices;

namespace Proxy.Protocols.Secrets;

/// <summary>
/// Keeps the memory of this process, which has PHI of answers under way and what libraries keep of secrets, out of files and away from other processes of its
/// user (core(5), prctl(2) PR_SET_DUMPABLE, setrlimit(2)). Processes that it starts inherit the limit, and set the attribute anew.
/// </summary>
public static class ProcessDumps
{
    private const int CoreSize = 4; // RLIMIT_CORE
    private const int GetDumpable = 3;
    private const int SetDumpable = 4;

    /// <summary>.NET reads them once, when it starts: nobody can take that back in a process that runs.</summary>
    private static readonly string[] Variables = ["DOTNET_DbgEnableMiniDump", "COMPlus_DbgEnableMiniDump"];

    /// <summary>The variable in this process's environment that has .NET write a dump when it dies; null when none does.</summary>
    public static string? SwitchedOnBy => Variables.FirstOrDefault(static name =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value && !(int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number == 0));

    /// <summary>
    /// From now on the kernel writes no core dump of this process, not even into a program's input (where the limit alone is not looked at), and who is not root
    /// can neither read its memory nor attach to it.
    /// </summary>
    /// <exception cref="IOException">The kernel does not do it.</exception>
    public static void Forbid()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var none = new ResourceLimit { Soft = 0, Hard = 0 };
        if (SetLimit(CoreSize, ref none) != 0 || Control(SetDumpable, 0, 0, 0, 0) != 0 || Control(GetDumpable, 0, 0, 0, 0) != 0)
            throw new IOException($"core dumps cannot be switched off: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "setrlimit", ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, ref ResourceLimit limit);

    [DllImport("libc", EntryPoint = "prctl", ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int option, nint second, nint third, nint fourth, nint fifth);

    /// <summary>struct rlimit.</summary>
    private struct ResourceLimit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
