using System.Collections.Immutable;
using System.Text;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// What EXPLAIN prints, without how wide values are: the average width of a column that is PHI is computed from it, and so is what sorts, hashes and
/// the log of changes took with ANALYZE. The size of <c>greatest(ssn, 'long text')</c> would compare, and which method fitted into work_mem would measure.
/// Nor how many blocks were read: a long public value is fetched from its TOAST table only where <c>CASE WHEN ssn LIKE '9%' THEN length(value) END</c> needs it.
/// Such numbers become 0, such words a dash; all else stays. The answer is never longer than the value, and is written from its beginning on.
/// </summary>
internal static class PlanMask
{
    private static readonly ImmutableArray<(byte[] Spelling, Hiding Hiding)> Spellings =
    [
        .. Spelled(Hiding.Number, "width=", " bytes="),
        .. Properties(Hiding.Number,
            "Plan Width", "Sort Space Used", "Average Sort Space Used", "Peak Sort Space Used", "Peak Memory Usage", "Disk Usage", "Maximum Storage", "WAL Bytes",
            "Shared Hit Blocks", "Shared Read Blocks", "Shared Dirtied Blocks", "Shared Written Blocks",
            "Temp Read Blocks", "Temp Written Blocks", "Local Hit Blocks", "Local Read Blocks", "Local Dirtied Blocks", "Local Written Blocks",
            "Hash Batches", "Original Hash Batches", "Hash Buckets", "Original Hash Buckets", "HashAgg Batches"),
        .. Spelled(Hiding.Word,
            "Sort Methods: ", "Buckets: ", "Batches: ", "Memory Usage: ", "Buffers: ", "I/O Timings: "),
        .. Properties(Hiding.Word, "Sort Method", "Sort Space Type", "Storage"),
    ];

    public static bool TryWrite(ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (destination.Length < value.Length)
            return false;
        while (!value.IsEmpty)
        {
            var end = value.IndexOf((byte)'\n');
            var line = end < 0 ? value : value[..(end + 1)];
            WriteLine(line, destination, ref length);
            value = value[line.Length..];
        }
        return true;
    }

    private static void WriteLine(ReadOnlySpan<byte> line, Span<byte> destination, ref int length)
    {
        while (!line.IsEmpty)
        {
            var (start, hiding) = Next(line);
            line[..start].CopyTo(destination[length..]);
            length += start;
            line = line[start..];
            if (line.IsEmpty)
                return;
            destination[length++] = hiding is Hiding.Word ? (byte)'-' : (byte)'0';
            var end = hiding is Hiding.Number ? line.IndexOfAnyExceptInRange((byte)'0', (byte)'9') : line.IndexOfAny("\n\r\"<"u8);
            line = end < 0 ? [] : line[end..];
        }
    }

    /// <summary>Where the next thing to be hidden begins; the length of the line where there is none.</summary>
    private static (int Start, Hiding Hiding) Next(ReadOnlySpan<byte> line)
    {
        var (first, hiding) = (line.Length, Hiding.Number);
        foreach (var (spelling, how) in Spellings)
            for (var from = 0; from < first;)
            {
                var found = line[from..].IndexOf(spelling);
                if (found < 0)
                    break;
                from += found + spelling.Length;
                if (from >= first || from >= line.Length)
                    break;
                if (!(how is Hiding.Number ? char.IsAsciiDigit((char)line[from]) : line[from] is not ((byte)'"' or (byte)'\n' or (byte)'<')))
                    continue;
                (first, hiding) = (from, how);
                break;
            }
        return (first, hiding);
    }

    private enum Hiding
    {
        /// <summary>The digits.</summary>
        Number,

        /// <summary>Up to the end of the line, or of the value.</summary>
        Word,
    }

    private static IEnumerable<(byte[], Hiding)> Spelled(Hiding hiding, params string[] spellings) =>
        spellings.Select(spelling => (Encoding.ASCII.GetBytes(spelling), hiding));

    /// <summary>A property's name in front of its value, in JSON, YAML and XML.</summary>
    private static IEnumerable<(byte[], Hiding)> Properties(Hiding hiding, params string[] names) => names.SelectMany(name =>
        Spelled(hiding, $"{name}\": ", $"{name}\": \"", $"{name}: ", $"{name}: \"", $"<{name.Replace(' ', '-')}>"));
}
