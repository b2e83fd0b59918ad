using System.Globalization;

namespace Proxy.Bench.Load;

/// <summary>What the kernel knows of a process, from /proc.</summary>
internal static class ProcessStatistics
{
    // sysconf(_SC_CLK_TCK) is 100 on every Linux that .NET runs on.
    private const double MicrosecondsPerTick = 10_000;

    /// <summary>User and system time of all threads, ended ones included, in microseconds; steps of 10 ms.</summary>
    public static double ProcessorTime(int processId)
    {
        var fields = StatFields(processId);
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * MicrosecondsPerTick;
    }

    /// <summary>False also for a process that has ended and that its parent has not asked after yet.</summary>
    public static bool IsRunning(int processId)
    {
        try
        {
            return StatFields(processId)[0] != "Z";
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Resident memory in kilobytes.</summary>
    public static long ResidentKilobytes(int processId) => Kilobytes($"/proc/{processId}/status", "VmRSS:");

    /// <summary>Resident memory in kilobytes, each shared page counted by its share.</summary>
    public static long ProportionalKilobytes(int processId) => Kilobytes($"/proc/{processId}/smaps_rollup", "Pss:");

    public static IEnumerable<int> Children(int processId)
        => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Where(candidate => ParentOf(candidate) == processId);

    public static string CommandLine(int processId) => File.ReadAllText($"/proc/{processId}/cmdline").Replace('\0', ' ');

    private static int? ParentOf(int processId)
    {
        try
        {
            return int.Parse(StatFields(processId)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // It ended while we looked.
        }
    }

    // The fields behind the program's name, which may itself hold blanks and parentheses: index 0 is the state.
    private static string[] StatFields(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static long Kilobytes(string path, string key)
    {
        var line = File.ReadLines(path).First(line => line.StartsWith(key, StringComparison.Ordinal));
        return long.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
