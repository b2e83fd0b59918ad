using System.Globalization;
using Proxy.Host.Evidence.Index;

namespace Proxy.Host.Evidence.Reports;

/// <summary>How reports put times, identities and masks into words.</summary>
internal static class ReportTexts
{
    public static string Time(DateTimeOffset time) => Time(time.UtcDateTime);

    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number of things, such as <c>1 statement</c>.</summary>
    public static string Count(long number, string noun) => $"{Number(number)} {noun}{(number == 1 ? "" : "s")}";

    /// <summary>On whose behalf, with how that is known; an agent without a human acts for its own subject.</summary>
    public static string Behalf(StatementRow row, SessionRow? session) =>
        row.Human.Length > 0 ? $"{row.Human}{Known(session, "human")}" : $"nobody named (subject {row.Subject})";

    public static string By(StatementRow row, SessionRow? session) => row.Agent.Length > 0 ? $"{row.Agent}{Known(session, "agent")}" : row.Subject;

    /// <summary>Whether PHI was named and the answer was not masked.</summary>
    public static bool IsUnmasked(StatementRow row) => row.PhiClasses.Length > 0 && row is { Verdict: "allow", Profile: "unmasked" };

    public static string Shown(StatementRow row) => IsUnmasked(row) ? "unmasked" : row.MaskedColumns switch
    {
        < 0 => $"{row.Profile}, every column",
        0 => $"{row.Profile}, no column masked",
        1 => $"{row.Profile}, 1 column masked",
        var columns => $"{row.Profile}, {columns} columns masked",
    };

    /// <summary>The first few of many numbers.</summary>
    public static string Records(IEnumerable<long> numbers, int max = 5)
    {
        var all = numbers.Distinct().Order().ToArray();
        var shown = string.Join(", ", all.Take(max).Select(Number));
        return all.Length > max ? $"{shown} and {all.Length - max} more" : shown;
    }

    private static string Known(SessionRow? session, string fact)
    {
        foreach (var known in session?.KnownAs.Split(' ') ?? [])
            if (known.StartsWith(fact + "=", StringComparison.Ordinal))
                return $" ({known[(fact.Length + 1)..]})";
        return "";
    }
}
