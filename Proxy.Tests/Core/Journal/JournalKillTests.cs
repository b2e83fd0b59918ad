using System.Buffers.Binary;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Journal;

public sealed class JournalKillTests
{
    [Test]
    public async Task Every_acknowledged_record_of_a_killed_process_is_in_the_journal()
    {
        using var directory = new JournalDirectory();
        string acknowledgements = Path.Combine(directory.Path, "acknowledgements");
        await File.WriteAllBytesAsync(acknowledgements, new byte[EndlessAppender.Threads * EndlessAppender.AcknowledgementBytes]);
        for (int round = 0; round < 3; round++)
        {
            int firstSegment = directory.Segments().Length + 1;
            await KillWhileAppendingAsync(directory, acknowledgements, segments: firstSegment + 6 + round);
            await AssertAllAcknowledgedAsync(directory, firstSegment, await File.ReadAllBytesAsync(acknowledgements));
        }
    }

    private static async Task KillWhileAppendingAsync(JournalDirectory directory, string acknowledgements, int segments)
    {
        await File.WriteAllBytesAsync(acknowledgements, new byte[EndlessAppender.Threads * EndlessAppender.AcknowledgementBytes]);
        string[] commandLine =
            ["dotnet", "exec", typeof(EndlessAppender).Assembly.Location, EndlessAppender.Command, directory.Path, acknowledgements];
        await using ChildProcess child = await ChildProcess.StartAsync(commandLine);
        await JournalDirectory.EventuallyAsync(() => child.HasExited
            || (directory.Segments().Length >= segments && HaveAllAppended(acknowledgements)));
        await child.SignalAsync("KILL");
        Assert.That(await child.WaitForExitAsync(CancellationToken.None), Is.EqualTo(128 + 9), child.Output);
    }

    private static bool HaveAllAppended(string acknowledgements)
    {
        byte[] seen = File.ReadAllBytes(acknowledgements);
        return Enumerable.Range(0, EndlessAppender.Threads)
            .All(thread => BitConverter.ToInt64(seen, thread * EndlessAppender.AcknowledgementBytes) > 0);
    }

    private static async Task AssertAllAcknowledgedAsync(JournalDirectory directory, int firstSegment, byte[] acknowledgements)
    {
        await using MappedJournal journal = await directory.OpenAsync(EndlessAppender.SegmentBytes);
        Assert.That(journal.Recovery.WasClean, Is.False);
        // One record per thread can have been cut off in the middle.
        Assert.That(journal.Recovery.TornCount, Is.LessThanOrEqualTo(EndlessAppender.Threads));

        (List<JournalEntry> entries, _) = directory.ReadAll();
        List<JournalEntry> intents = [.. entries.Where(entry => entry.Kind == RecordKind.Intent && entry.Segment >= firstSegment)];
        for (int thread = 0; thread < EndlessAppender.Threads; thread++)
        {
            ReadOnlySpan<byte> own = acknowledgements.AsSpan(thread * EndlessAppender.AcknowledgementBytes);
            long count = BinaryPrimitives.ReadInt64LittleEndian(own);
            Guid session = EndlessAppender.SessionOf(thread);
            HashSet<long> found = [.. intents.Select(entry => (DecodedIntent)RecordDecoder.Decode(entry))
                .Where(intent => intent.SessionId == session).Select(intent => intent.StatementNumber)];
            Assert.That(count, Is.Positive, "the test must have seen the thread append");
            Assert.That(Enumerable.Range(1, (int)count).Where(number => !found.Contains(number)), Is.Empty, $"thread {thread}");
        }
    }
}
