using System.Globalization;
using System.Text;

namespace Proxy.Host.Metrics;

/// <summary>The value, or the buckets, of one set of label values.</summary>
internal sealed class MeasuredSeries(KeyValuePair<string, object?>[] tags, double[]? boundaries)
{
    private readonly long[]? _buckets = boundaries is null ? null : new long[boundaries.Length + 1];
    private double _value; // A histogram's sum.

    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> others)
    {
        if (others.Length != tags.Length)
            return false;
        for (var i = 0; i < tags.Length; i++)
        {
            if (!Equals(tags[i].Value, others[i].Value) || tags[i].Key != others[i].Key)
                return false;
        }
        return true;
    }

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        if (boundaries is not null)
        {
            var bucket = 0;
            while (bucket < boundaries.Length && value > boundaries[bucket])
                bucket++;
            Interlocked.Increment(ref _buckets![bucket]);
        }
        for (var seen = Volatile.Read(ref _value); ;)
        {
            var before = Interlocked.CompareExchange(ref _value, seen + value, seen);
            if (before.Equals(seen))
                return;
            seen = before;
        }
    }

    public void Render(string name, StringBuilder text)
    {
        if (boundaries is null)
        {
            AppendLine(text, name, null, _value);
            return;
        }
        var count = 0L;
        for (var i = 0; i <= boundaries.Length; i++)
        {
            count += Volatile.Read(ref _buckets![i]);
            var limit = i < boundaries.Length ? boundaries[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            AppendLine(text, name + "_bucket", limit, count);
        }
        AppendLine(text, name + "_sum", null, _value);
        AppendLine(text, name + "_count", null, count);
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private void AppendLine(StringBuilder text, string name, string? limit, double value)
    {
        text.Append(name);
        var labels = tags.Select(tag => $"{tag.Key}=\"{Escape(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "")}\"");
        if (limit is not null)
            labels = labels.Append($"le=\"{limit}\"");
        var joined = string.Join(',', labels);
        if (joined.Length > 0)
            text.Append('{').Append(joined).Append('}');
        text.Append(CultureInfo.InvariantCulture, $" {value}\n");
    }
}
