using System.Globalization;

namespace Proxy.Core.Journal.Segments;

/// <summary><c>segment-0000000042.journal</c>; while it is being prepared, <c>segment-0000000042.preparing</c>.</summary>
internal static class SegmentFileName
{
    private const string Prefix = "segment-";
    private const string Extension = ".journal";
    private const string PreparingExtension = ".preparing";

    public static string Of(string directory, long number) => Path.Combine(directory, Name(number) + Extension);

    public static string Preparing(string directory, long number) => Path.Combine(directory, Name(number) + PreparingExtension);

    public static string[] AllPreparing(string directory) => Directory.GetFiles(directory, Prefix + "*" + PreparingExtension);

    /// <summary>The numbers of the segments in a directory, ascending.</summary>
    public static List<long> Numbers(string directory)
    {
        var numbers = new List<long>();
        foreach (string path in Directory.EnumerateFiles(directory, Prefix + "*" + Extension))
        {
            ReadOnlySpan<char> digits = Path.GetFileNameWithoutExtension(path.AsSpan())[Prefix.Length..];
            if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0)
                numbers.Add(number);
        }
        numbers.Sort();
        return numbers;
    }

    private static string Name(long number) => Prefix + number.ToString("D10", CultureInfo.InvariantCulture);
}
