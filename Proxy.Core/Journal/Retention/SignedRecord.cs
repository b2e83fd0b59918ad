using Proxy.Core.Journal.Heads;

namespace Proxy.Core.Journal.Retention;

/// <summary>Waits for the head that covers a record: nothing is deleted on the strength of one that nobody has signed.</summary>
internal static class SignedRecord
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>False when no head came in time.</summary>
    public static async Task<bool> WhenAsync(string directory, long record, TimeProvider time, CancellationToken cancellation)
    {
        var heads = new HeadFile(directory);
        long since = time.GetTimestamp();
        while (heads.ReadLast() is not { } last || last.Head.LastRecord < record)
        {
            if (time.GetElapsedTime(since) > Patience)
                return false;
            await Task.Delay(Interval, time, cancellation);
        }
        return true;
    }
}
