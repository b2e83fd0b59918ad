namespace Proxy.Tests.Live.Model;

/// <summary>Leaves out steps of a failing sequence as long as it keeps failing.</summary>
internal static class ModelShrinker
{
    private const int RunsMax = 120;

    public static async Task<IReadOnlyList<T>> ShrinkAsync<T>(IReadOnlyList<T> failing, Func<IReadOnlyList<T>, Task<bool>> fails)
    {
        var runs = 0;
        for (var size = Math.Max(1, failing.Count / 2); size >= 1 && runs < RunsMax;)
        {
            var isSmaller = false;
            for (var start = 0; start < failing.Count && runs < RunsMax;)
            {
                T[] shorter = [.. failing.Take(start), .. failing.Skip(start + size)];
                runs++;
                if (shorter.Length > 0 && shorter.Length < failing.Count && await fails(shorter))
                {
                    failing = shorter;
                    isSmaller = true;
                }
                else
                {
                    start += size;
                }
            }

            if (!isSmaller) size /= 2;
        }

        return failing;
    }
}
