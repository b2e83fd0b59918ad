using System.Globalization;

namespace Proxy.Host.Evidence.Reports;

/// <summary>The records that a review covers, as its event says: <c>records 1 to 90, report …</c>.</summary>
internal readonly record struct ReviewedRecords(long First, long Last)
{
    public bool Contains(long number) => number >= First && number <= Last;

    public static bool TryParse(string detail, out ReviewedRecords records)
    {
        records = default;
        if (detail.Split(' ') is not ["records", var first, "to", var last, ..]
            || !long.TryParse(first, CultureInfo.InvariantCulture, out var from) || !long.TryParse(last.TrimEnd(','), CultureInfo.InvariantCulture, out var to))
            return false;
        records = new ReviewedRecords(from, to);
        return true;
    }
}
