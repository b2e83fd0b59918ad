using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Retention;

namespace Proxy.Tests.Core.Journal.Retention;

/// <summary>
/// A journal that retention has been at for long: its beginning was purged twice, documentation was kept both times, and of the oldest segments that are left the
/// content was erased, records of what was kept and purged among it. Its last head is anchored.
/// </summary>
internal sealed class AgedJournal : IDisposable
{
    private const int ErasedMax = 4;

    private AgedJournal()
    {
    }

    public EvidenceDirectory Evidence { get; } = new();

    public static async Task<AgedJournal> MakeAsync()
    {
        var aged = new AgedJournal();
        var (path, sealing) = (aged.Evidence.Journal.Path, aged.Evidence.SealingKey);
        await using (var journal = await aged.Evidence.OpenAsync())
        {
            var purge = new JournalPurge(path, journal, TimeProvider.System, sealing);
            for (var i = 0; i < 2; i++)
            {
                await FillAsync(journal);
                await aged.Evidence.HaveEndedAsync(journal);
                Assert.That(await purge.RunAsync(new PurgeRule(TimeSpan.Zero, TimeSpan.FromDays(2192)), long.MaxValue, CancellationToken.None), Is.GreaterThan(2));
            }
            await FillAsync(journal);
            await aged.Evidence.HaveEndedAsync(journal);
            var lastErased = aged.Evidence.Segments()[0] + ErasedMax - 1;
            Assert.That(
                await new ContentErasure(path, journal, TimeProvider.System).RunAsync(TimeSpan.Zero, lastErased, CancellationToken.None), Is.EqualTo(ErasedMax));
            await FillAsync(journal);
        }
        await using (var journal = await aged.Evidence.OpenAsync())
            await FillAsync(journal);
        return aged;
    }

    public void Dispose() => Evidence.Dispose();

    /// <summary>A few segments with some documentation in them.</summary>
    private static async Task FillAsync(MappedJournal journal)
    {
        for (var i = 0; i < 900; i++)
        {
            if (i % 100 == 0)
                await JournalDirectory.EventuallyAsync(() => TryDocument(journal));
            await JournalDirectory.EventuallyAsync(() => JournalDirectory.TryAppend(journal, 100 + i % 500, out _));
        }
    }

    private static bool TryDocument(MappedJournal journal)
    {
        var changed = new ConfigurationChangedRecord { NewVersion = "version", ChangedBy = "somebody", Digest = new byte[32] };
        var revoked = new AccessRevokedRecord { Subject = "agent", Value = "a", Reason = "the contract of the vendor ended" };
        return journal.TryAppend(in changed, out _) && journal.TryAppend(in revoked, out _);
    }
}
