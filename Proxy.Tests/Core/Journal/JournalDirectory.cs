using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Tests.Core.Journal;

/// <summary>A temporary journal directory, and what tests do with one.</summary>
internal sealed class JournalDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("phigate-journal-").FullName;

    public static int SmallSegment => 64 * 1024;

    public JournalOptions Options(int? segmentBytes = null) => new()
    {
        Directory = Path,
        SegmentBytes = segmentBytes ?? SmallSegment,
        RetryInterval = TimeSpan.FromMilliseconds(5),
    };

    public Task<MappedJournal> OpenAsync(int? segmentBytes = null) =>
        MappedJournal.OpenAsync(Options(segmentBytes), TimeProvider.System, CancellationToken.None);

    public JournalDirectory Copy()
    {
        var copy = new JournalDirectory();
        foreach (string segment in Segments())
            File.Copy(segment, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(segment)));
        return copy;
    }

    public string[] Segments()
    {
        string[] segments = Directory.GetFiles(Path, "segment-*.journal");
        Array.Sort(segments, StringComparer.Ordinal);
        return segments;
    }

    public string SegmentPath(long number) => System.IO.Path.Combine(Path, $"segment-{number:D10}.journal");

    /// <summary>Overwrites bytes of a segment file.</summary>
    public void Poke(long segment, long offset, params byte[] bytes)
    {
        using FileStream file = File.Open(SegmentPath(segment), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = offset;
        file.Write(bytes);
    }

    public byte Peek(long segment, long offset)
    {
        using FileStream file = File.Open(SegmentPath(segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = offset;
        return (byte)file.ReadByte();
    }

    /// <summary>Everything up to the end: entries with bodies of their own, and damage.</summary>
    public (List<JournalEntry> Entries, List<JournalDamage> Damage) ReadAll(bool isWriterDead = false)
    {
        using var reader = new JournalReader(Path, isWriterDead);
        return ReadOn(reader);
    }

    public static (List<JournalEntry> Entries, List<JournalDamage> Damage) ReadOn(JournalReader reader)
    {
        var entries = new List<JournalEntry>();
        var damage = new List<JournalDamage>();
        while (true)
        {
            switch (reader.Read())
            {
                case JournalReadResult.Record:
                    entries.Add(reader.Entry with { Body = reader.Entry.Body.ToArray() });
                    break;
                case JournalReadResult.Damage:
                    damage.Add(reader.Damage);
                    break;
                default:
                    return (entries, damage);
            }
        }
    }

    /// <summary>Appends a simple-query Intent with a text of this many bytes, and insists.</summary>
    public static long Append(MappedJournal journal, int textBytes, long statementNumber = 0)
    {
        Assert.That(TryAppend(journal, textBytes, out long number, statementNumber), Is.True, journal.Reason);
        return number;
    }

    public static bool TryAppend(MappedJournal journal, int textBytes, out long number, long statementNumber = 0)
    {
        byte[] text = new byte[textBytes];
        new Random(textBytes).NextBytes(text);
        var intent = new IntentRecord { StatementNumber = statementNumber, Text = text };
        return journal.TryAppend(in intent, out number);
    }

    public static bool TryConclude(MappedJournal journal, long statement)
    {
        var outcome = new OutcomeRecord { Statement = statement, Status = OutcomeStatus.Completed };
        return journal.TryAppend(in outcome, out _);
    }

    /// <summary>For what the keeper does in the background: comes back when it is true.</summary>
    public static async Task EventuallyAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
            await Task.Delay(1, patience.Token);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
