using System.Collections.Concurrent;
using System.Globalization;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Segments;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Journal;

/// <summary>With `flushed`, what was said to be durable survives a disk that forgets whatever was not synced; with `written` it need not.</summary>
public sealed class FlushedTests
{
    private const int Writers = 8;

    [Test]
    public async Task Whatever_was_acknowledged_as_flushed_is_there_after_the_power_failed()
    {
        var rounds = Proof.Size(5, 100);
        var random = new Random(Proof.Seed);
        var acknowledged = 0;
        for (var round = 0; round < rounds; round++)
        {
            var (found, promised) = await PlayAsync(Durability.Flushed, random.Next(40, 400));
            Assert.That(promised.Where(number => !found.Contains(number)), Is.Empty, $"round {round}");
            acknowledged += promised.Count;
        }

        Assert.That(acknowledged, Is.Positive);
        Proof.Record("flushed on a disk that forgets", string.Create(
            CultureInfo.InvariantCulture, $"{rounds} power failures, seed {Proof.Seed}: {acknowledged:n0} records acknowledged, none lost"));
    }

    [Test]
    public async Task The_disk_does_forget_what_was_only_written()
    {
        var (found, promised) = await PlayAsync(Durability.Written, records: 400);
        Assert.That(promised.Where(number => !found.Contains(number)), Is.Not.Empty);
    }

    /// <returns>The records on the disk after the failure, and those that were acknowledged before it.</returns>
    private static async Task<(HashSet<long> Found, IReadOnlyCollection<long> Promised)> PlayAsync(Durability durability, int records)
    {
        using var directory = new EvidenceDirectory();
        using var kept = new TemporaryDirectory();
        var disk = new ForgetfulDisk(kept.Path);
        var options = directory.Options(segmentBytes: 64 * 1024, durability) with { Sync = disk };
        // Heads of what comes after the failure would be anchored, too.
        options = options with { Evidence = options.Evidence! with { Anchors = [] } };
        if (durability is Durability.Written) options = options with { Evidence = options.Evidence! with { HeadInterval = TimeSpan.FromHours(1) } };
        var acknowledged = new ConcurrentBag<long>();
        IReadOnlyCollection<long> promised;
        await using (var journal = await MappedJournal.OpenAsync(options, TimeProvider.System, CancellationToken.None))
        {
            var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(journal, acknowledged, writer, records))).ToArray();
            await Eventually.IsTrueAsync(() => Task.FromResult(acknowledged.Count >= records), "enough was acknowledged");
            promised = [.. acknowledged];
            disk.Fail(directory.Journal.Path);
            await Task.WhenAll(writers);
        }

        // The next owner finds what the disk kept, and goes on with it.
        await using (await MappedJournal.OpenAsync(options with { Directory = kept.Path, Sync = DiskSync.Instance }, TimeProvider.System, CancellationToken.None))
        {
        }

        var report = directory.Verify(kept.Path);
        // What was only written may be lost anywhere, a whole end of a segment, too: that is a finding, and rightly so.
        if (durability is Durability.Flushed) Assert.That(report.Findings, Is.Empty, string.Join('\n', report.Findings));
        using var reader = new JournalReader(kept.Path);
        var found = new HashSet<long>();
        while (reader.Read() is var step and not JournalReadResult.End)
            if (step is JournalReadResult.Record && reader.Entry.Kind is RecordKind.Intent)
                found.Add(reader.Entry.Number);
        return (found, promised);
    }

    private static async Task WriteAsync(MappedJournal journal, ConcurrentBag<long> acknowledged, int writer, int records)
    {
        for (var i = 0; acknowledged.Count < records * 2 && i < records * 100; i++)
        {
            if (!TryAppend(journal, writer, i, out var number))
                await Task.Delay(1);
            else if (await journal.WhenDurableAsync(number, CancellationToken.None))
                acknowledged.Add(number);
        }
    }

    private static bool TryAppend(MappedJournal journal, int writer, int i, out long number)
    {
        var intent = new IntentRecord { SessionId = EndlessAppender.SessionOf(writer), StatementNumber = i, Text = "select name from patient where id = $1"u8 };
        return journal.TryAppend(in intent, out number);
    }
}
