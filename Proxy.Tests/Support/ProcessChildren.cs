using System.Globalization;

namespace Proxy.Tests.Support;

/// <summary>What a process has started that has not ended, from /proc: children stand under the thread that started them.</summary>
internal static class ProcessChildren
{
    public static IReadOnlyList<int> Of(int processId)
    {
        var found = new List<int>();
        foreach (var thread in Directory.GetDirectories($"/proc/{processId}/task"))
        {
            try
            {
                found.AddRange(File.ReadAllText(Path.Combine(thread, "children"))
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(static child => int.Parse(child, CultureInfo.InvariantCulture)));
            }
            catch (IOException)
            {
                // The thread has ended.
            }
        }
        return found;
    }

    /// <summary>The same, of one program, by the name that the kernel gives it (its first 15 letters).</summary>
    public static bool HasRunning(int processId, string program) => Of(processId).Any(child => NameOf(child) == program);

    private static string? NameOf(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/comm").TrimEnd();
        }
        catch (IOException)
        {
            return null; // It has ended.
        }
    }
}
