using System.Globalization;

namespace Proxy.Host.Evidence.Shipping;

/// <summary>The last segment that the store has, and how many bytes of the heads, in a file of one line; 0 when there is none.</summary>
internal static class ShippingPosition
{
    public static string PathFor(string journalDirectory) => Path.Combine(Streaming.StreamPosition.DirectoryFor(journalDirectory), "shipped");

    /// <summary>What is not a number counts as none: what is shipped again is found to be there.</summary>
    public static long Read(string path) => ReadBoth(path).Segment;

    /// <summary>In one file, so that no crash parts them.</summary>
    public static (long Segment, long HeadBytes) ReadBoth(string path)
    {
        var parts = File.Exists(path) ? File.ReadAllText(path).Trim().Split(' ') : Array.Empty<string>();
        return parts.Length == 2 && IsNumber(parts[0], out var segment) && IsNumber(parts[1], out var headBytes) ? (segment, headBytes) : default;
    }

    public static void Write(string path, long segment, long headBytes)
    {
        File.WriteAllText(path + ".new", string.Create(CultureInfo.InvariantCulture, $"{segment} {headBytes}\n"));
        File.Move(path + ".new", path, overwrite: true);
    }

    private static bool IsNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
