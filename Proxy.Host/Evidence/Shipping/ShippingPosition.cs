using System.Globalization;

namespace Proxy.Host.Evidence.Shipping;

/// <summary>The last segment that the store has, in a file of one line; 0 when there is none.</summary>
internal static class ShippingPosition
{
    public static string PathFor(string journalDirectory) => Path.Combine(Streaming.StreamPosition.DirectoryFor(journalDirectory), "shipped");

    /// <summary>What is not a number counts as none: what is shipped again is found to be there.</summary>
    public static long Read(string path) =>
        File.Exists(path) && long.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var segment) ? segment : 0;

    public static void Write(string path, long segment)
    {
        File.WriteAllText(path + ".new", segment.ToString(CultureInfo.InvariantCulture) + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }
}
