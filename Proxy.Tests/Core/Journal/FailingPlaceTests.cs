using System.IO.MemoryMappedFiles;
using NUnit.Framework;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Segments;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Journal;

/// <summary>A disk that is slow or cannot be written to, and a key service that goes away: who waits for what, and that it ends by itself.</summary>
public sealed class FailingPlaceTests
{
    private EvidenceDirectory _evidence = null!;

    [SetUp]
    public void MakeDirectory() => _evidence = new EvidenceDirectory();

    [TearDown]
    public void RemoveDirectory() => _evidence.Dispose();

    [Test]
    public async Task On_a_disk_that_does_not_answer_statements_wait_and_appending_does_not()
    {
        using var disk = new StuckDisk();
        await using var journal = await MappedJournal.OpenAsync(
            _evidence.Options(1024 * 1024, Durability.Flushed) with { Sync = disk }, TimeProvider.System, CancellationToken.None);
        disk.Stop();
        var number = JournalDirectory.Append(journal, 100);
        var waiting = journal.WhenDurableAsync(number, CancellationToken.None).AsTask();
        await disk.IsAwaitedAsync();
        Assert.That((JournalDirectory.TryConclude(journal, number), waiting.IsCompleted), Is.EqualTo((true, false)));
        disk.GoOn();
        Assert.That(await waiting, Is.True);
    }

    [Test]
    public async Task When_the_disk_fails_to_keep_something_it_is_not_asked_again_and_the_next_opening_has_what_was_acknowledged()
    {
        var disk = new BrokenDisk();
        long kept;
        await using (var journal = await MappedJournal.OpenAsync(
            _evidence.Options(1024 * 1024, Durability.Flushed) with { Sync = disk }, TimeProvider.System, CancellationToken.None))
        {
            kept = JournalDirectory.Append(journal, 100);
            Assert.That(await journal.WhenDurableAsync(kept, CancellationToken.None), Is.True);
            disk.Break();
            var lost = JournalDirectory.Append(journal, 100);
            Assert.That(await journal.WhenDurableAsync(lost, CancellationToken.None), Is.False);
            await JournalDirectory.EventuallyAsync(() => journal.State is JournalState.Full);
            Assert.That(journal.Reason, Does.Contain("Input/output error"));
            var asked = disk.Failures;
            Assert.That((JournalDirectory.TryAppend(journal, 100, out _), JournalDirectory.TryConclude(journal, kept)), Is.EqualTo((false, true)));
            Assert.That(await journal.WhenDurableAsync(lost, CancellationToken.None), Is.False);
            Assert.That(disk.Failures, Is.EqualTo(asked));
            disk.Mend();
        }

        await using (var journal = await _evidence.OpenAsync(1024 * 1024, Durability.Flushed))
            Assert.That(await journal.WhenDurableAsync(JournalDirectory.Append(journal, 100), CancellationToken.None), Is.True);
        Assert.That(_evidence.Journal.ReadAll().Entries.Select(static entry => entry.Number), Has.Some.EqualTo(kept));
        Assert.That(_evidence.Verify().Findings, Is.Empty);
    }

    [Test]
    public async Task While_the_key_service_is_away_no_segment_begins_and_when_it_is_back_one_does()
    {
        var options = _evidence.Options();
        var keys = new AwayKey(_evidence.SealingKey);
        await using var journal = await MappedJournal.OpenAsync(
            options with { Evidence = options.Evidence! with { SealingKey = keys } }, TimeProvider.System, CancellationToken.None);
        await JournalDirectory.EventuallyAsync(() => journal.Figures.SegmentsReady > 0);
        keys.IsAway = true;
        while (journal.State is not JournalState.Full)
            JournalDirectory.TryAppend(journal, 500, out _);
        await JournalDirectory.EventuallyAsync(() => journal.Reason?.Contains("the key service is away", StringComparison.Ordinal) == true);
        // What still fits is taken, and then nothing.
        while (JournalDirectory.TryAppend(journal, 500, out _))
        {
        }

        keys.IsAway = false;
        await JournalDirectory.EventuallyAsync(() => JournalDirectory.TryAppend(journal, 500, out _));
        Assert.That(_evidence.Verify().Findings, Is.Empty);
    }

    [Test]
    public async Task A_file_system_that_is_read_only_is_no_place_for_a_journal()
    {
        var mounted = await Command.RunAsync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", _evidence.Journal.Path]);
        Assume.That(mounted.ExitCode, Is.Zero, "mounting a file system takes privileges");
        try
        {
            Assert.That(async () => await _evidence.OpenAsync(), Throws.InstanceOf<IOException>().With.Message.Contains("Read-only"));
        }
        finally
        {
            await Command.RunAsync("umount", [_evidence.Journal.Path]);
        }
    }

    private sealed class StuckDisk : IDiskSync, IDisposable
    {
        private readonly ManualResetEventSlim _mayGoOn = new(initialState: true);
        private readonly TaskCompletionSource _isAwaited = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Stop() => _mayGoOn.Reset();

        public void GoOn() => _mayGoOn.Set();

        public Task IsAwaitedAsync() => _isAwaited.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public void Flush(string path, MemoryMappedViewAccessor mapping)
        {
            if (!_mayGoOn.IsSet) _isAwaited.TrySetResult();
            _mayGoOn.Wait(); // As a disk does that does not answer: it blocks the thread that asked.
            mapping.Flush();
        }

        public void FlushNames(string directory)
        {
        }

        public void LetGo(Microsoft.Win32.SafeHandles.SafeFileHandle file)
        {
        }

        public void Dispose() => _mayGoOn.Dispose();
    }

    private sealed class AwayKey(IKeyEncryptionKey inner) : IKeyEncryptionKey
    {
        public volatile bool IsAway;

        public string Id => inner.Id;

        public ValueTask<DataKey> GenerateAsync(SegmentIdentity segment, CancellationToken cancellation) =>
            IsAway ? throw new JournalKeyException("the key service is away") : inner.GenerateAsync(segment, cancellation);

        public ValueTask<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, SegmentIdentity segment, CancellationToken cancellation) =>
            inner.UnwrapAsync(keyId, wrapped, segment, cancellation);
    }
}
