using System.IO.MemoryMappedFiles;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;

namespace Proxy.Tests.Core.Journal;

/// <summary>
/// Appends from several threads until it is killed. Each thread stores the number of its last acknowledged record in a mapped file, which survives
/// the kill as the journal does, so that the test knows what had been promised.
/// </summary>
internal static class EndlessAppender
{
    public const string Command = "append-until-killed";
    public const int Threads = 4;
    public const int SegmentBytes = 1024 * 1024;

    /// <summary>Per thread: how many appends it was told are written, and the number of the last.</summary>
    public const int AcknowledgementBytes = 16;

    public static async Task RunAsync(string directory, string acknowledgements)
    {
        MappedJournal journal = await MappedJournal.OpenAsync(
            new JournalOptions { Directory = directory, SegmentBytes = SegmentBytes, SegmentsReady = 4 }, TimeProvider.System, CancellationToken.None);
        using var file = MemoryMappedFile.CreateFromFile(acknowledgements, FileMode.Open);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor();
        var threads = new List<Task>();
        for (int thread = 0; thread < Threads; thread++)
        {
            int own = thread;
            threads.Add(Task.Factory.StartNew(
                () => AppendForever(journal, view, own), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }
        await Task.WhenAll(threads);
    }

    public static Guid SessionOf(int thread) => new(thread, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

    private static void AppendForever(MappedJournal journal, MemoryMappedViewAccessor view, int thread)
    {
        byte[] text = new byte[3000];
        new Random(thread).NextBytes(text);
        for (long appended = 1; ;)
        {
            var intent = new IntentRecord { SessionId = SessionOf(thread), StatementNumber = appended, Text = text.AsSpan(0, (int)(appended % text.Length)) };
            if (!journal.TryAppend(in intent, out long number))
            {
                Thread.Yield();
                continue;
            }
            view.Write(thread * AcknowledgementBytes + 8, number);
            view.Write(thread * AcknowledgementBytes, appended++);
        }
    }
}
