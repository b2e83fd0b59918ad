using System.Buffers.Binary;
using System.Text;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Usefulness;

/// <summary>What the gateway made of a case, told from what came with it and without it; in the words of <see cref="WorkCase"/>.</summary>
internal static class WorkOutcome
{
    private const string RefusalStart = "phigate code=";

    public static string Of(IReadOnlyList<WireFrame> direct, IReadOnlyList<WireFrame> through)
    {
        foreach (var frame in through)
            if (RefusalCode(frame) is { } code)
                return $"refused {code}";
        if (direct.SequenceEqual(through))
            return direct.FirstOrDefault(IsError) is { } error ? $"error {error.Field('C')}" : "clean";
        if (direct.Count != through.Count)
            return $"different: {direct.Count} and {through.Count} messages";
        var columns = Array.Empty<string>();
        var masked = new List<string>();
        for (var i = 0; i < direct.Count; i++)
        {
            if (direct[i].Type == 'T')
                columns = Names(direct[i]);
            if (direct[i].Equals(through[i]))
                continue;
            if (direct[i].Type != through[i].Type)
                return $"different: {direct[i]} and {through[i]}";
            if (IsError(direct[i]))
                return $"scrubbed {(direct[i].Field('C') == through[i].Field('C') ? through[i].Field('C') : "SQLSTATE")}";
            if (direct[i].Type != 'D')
                return $"different: {direct[i]} and {through[i]}";
            masked.AddRange(Differing(Values(direct[i]), Values(through[i]), columns));
        }
        return $"masked {string.Join(", ", masked.Distinct())}";
    }

    public static bool IsError(WireFrame frame) => frame.Type == WireFrame.ErrorResponse;

    private static string? RefusalCode(WireFrame frame) =>
        IsError(frame) && frame.Field('D') is { } detail && detail.StartsWith(RefusalStart, StringComparison.Ordinal)
            ? detail[RefusalStart.Length..].Split(' ')[0]
            : null;

    private static IEnumerable<string> Differing(string?[] direct, string?[] through, string[] columns)
    {
        for (var i = 0; i < direct.Length; i++)
            if (direct[i] != through[i])
                yield return columns[i];
    }

    private static string[] Names(WireFrame description)
    {
        const int behindName = 18;
        var names = new string[BinaryPrimitives.ReadInt16BigEndian(description.Body)];
        var rest = description.Body.AsSpan(2);
        for (var i = 0; i < names.Length; i++)
        {
            var end = rest.IndexOf((byte)0);
            names[i] = Encoding.UTF8.GetString(rest[..end]);
            rest = rest[(end + 1 + behindName)..];
        }
        return names;
    }

    private static string?[] Values(WireFrame row)
    {
        var values = new string?[BinaryPrimitives.ReadInt16BigEndian(row.Body)];
        var rest = row.Body.AsSpan(2);
        for (var i = 0; i < values.Length; i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            rest = rest[4..];
            if (length < 0)
                continue;
            values[i] = Encoding.Latin1.GetString(rest[..length]);
            rest = rest[length..];
        }
        return values;
    }
}
