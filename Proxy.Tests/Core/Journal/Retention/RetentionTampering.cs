using System.Buffers.Binary;
using System.Security.Cryptography;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Retention;
using Proxy.Core.Journal.Segments;

namespace Proxy.Tests.Core.Journal.Retention;

/// <summary>
/// What somebody may do to what retention leaves behind: with the disk, or with the keys and the gateway as well, which then signs what it never saw. Each method
/// does one thing at a random place.
/// </summary>
/// <param name="directory">A copy of an <see cref="AgedJournal"/>.</param>
/// <param name="random">Where.</param>
/// <param name="evidence">The keys.</param>
internal sealed class RetentionTampering(string directory, Random random, EvidenceDirectory evidence)
{
    private const int WrappedKeyLengthOffset = 162;
    private const int WrappedKeyOffset = 680;
    private const int EntryHashOffset = 2728;

    private readonly Tampering _tampering = new(directory, random, evidence.Signer);

    public string[] Kinds => [.. Actions.Keys];

    private Dictionary<string, Func<Task>> Actions => new()
    {
        ["change a record of retention and its checksum"] = () => Sync(ChangeRecord),
        ["change a record of retention and re-sign with the same key"] = ChangeAndSignAsync,
        ["delete a record of retention"] = () => Sync(DeleteRecord),
        ["flip in the header of an erased segment"] = () => Sync(FlipInErasedHeader),
        ["put a key into the header of an erased segment"] = () => Sync(PutKey),
        ["say that an erased segment was never erased"] = () => Sync(UnErase),
        ["erase a key without a record"] = () => Sync(() => EraseKey()),
        ["delete the oldest segments"] = () => Sync(DeleteOldest),
        ["keep a record that never was, signed"] = KeepForgedAsync,
        ["purge with a state that never was, signed"] = PurgeForgedAsync,
        ["erase with headers that never were, signed"] = EraseForgedAsync,
    };

    public Task DoAsync(string kind) => Actions[kind]();

    /// <summary>Keeps a genuine record once more: nothing is wrong with that.</summary>
    public Task KeepGenuineAsync() => AppendAsync(journal => TryKeep(journal, Any(KeptRecords()), forgery: null));

    private static Task Sync(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private void ChangeRecord()
    {
        var (path, start, _) = Any(RecordsOfRetention());
        var bytes = File.ReadAllBytes(path);
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(start));
        Flip(bytes.AsSpan((start + RecordHeader.Bytes)..(start + length)));
        var checksum = RecordChecksum.Compute(SegmentHeader.Read(bytes, path).ChecksumSeed, bytes.AsSpan(start + RecordHeader.ChecksumFrom, length - RecordHeader.ChecksumFrom));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(start + 4), checksum);
        File.WriteAllBytes(path, bytes);
    }

    private Task ChangeAndSignAsync()
    {
        ChangeRecord();
        return _tampering.ReChainAsync(evidence.Signer);
    }

    private void DeleteRecord()
    {
        var (path, start, end) = Any(RecordsOfRetention());
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, [.. bytes[..start], .. bytes[end..], .. new byte[end - start]]);
    }

    private void FlipInErasedHeader() => Change(Any(Erased()), page => Flip(page));

    private void PutKey() => Change(Any(Erased()), page =>
    {
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(WrappedKeyLengthOffset), 60);
        random.NextBytes(page.AsSpan(WrappedKeyOffset, 60));
    });

    private void UnErase() => Change(Any(Erased()), page =>
    {
        page.AsSpan(EntryHashOffset, SHA256.HashSizeInBytes).Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(WrappedKeyLengthOffset), 60);
        random.NextBytes(page.AsSpan(WrappedKeyOffset, 60));
    });

    /// <summary>As retention does it, with the right hash: the chain agrees.</summary>
    /// <returns>Of which segment.</returns>
    private long EraseKey()
    {
        var numbers = SegmentFileName.Numbers(directory);
        var victim = Any(numbers.Except(Erased()).ToList());
        using var walk = new SignedWalk(directory);
        if (!walk.TryBegin(PurgedBeginning.Find(directory, numbers))) throw new InvalidOperationException("the copy cannot be walked along");
        WalkedSegment? walked = null;
        foreach (var number in numbers.Where(number => number <= victim))
            walked = walk.Take(number);
        SegmentHeader.EraseKey(SegmentFileName.Of(directory, victim), walked!.HeaderHash);
        return victim;
    }

    private void DeleteOldest()
    {
        var numbers = SegmentFileName.Numbers(directory);
        foreach (var number in numbers.Take(random.Next(1, numbers.Count)))
            File.Delete(SegmentFileName.Of(directory, number));
    }

    private Task KeepForgedAsync()
    {
        var heads = SignedHead.ParseAll(File.ReadAllBytes(new HeadFile(directory).Path), out _);
        var genuine = Any(KeptRecords());
        var forgery = new KeptForgery(random, heads);
        return AppendAsync(journal => TryKeep(journal, genuine, forgery));
    }

    private async Task PurgeForgedAsync()
    {
        var numbers = SegmentFileName.Numbers(directory);
        var last = numbers[random.Next(0, numbers.Count / 2)];
        var purged = PurgedBeginning.Find(directory, numbers)!.Purge;
        byte[] chain = [.. purged.Chain], edge = [.. purged.Edge];
        Flip(random.Next(2) == 0 ? chain : edge);
        await AppendAsync(journal =>
        {
            var record = new PurgedRecord
            {
                FirstSegment = numbers[0],
                LastSegment = last,
                FirstRecord = purged.LastRecord + 1,
                LastRecord = RecordBehind(last) - 1,
                Newest = purged.Newest,
                Entries = purged.Entries,
                Chain = chain,
                Edge = edge,
                Rule = purged.Rule,
            };
            return journal.TryAppend(in record, out _);
        });
        foreach (var number in numbers.Where(number => number <= last))
            File.Delete(SegmentFileName.Of(directory, number));
    }

    private Task EraseForgedAsync()
    {
        var victim = EraseKey();
        return AppendAsync(journal =>
        {
            var record = new ContentErasedRecord
            {
                FirstSegment = victim,
                LastSegment = victim,
                FirstRecord = 1,
                LastRecord = 1,
                Newest = DateTimeOffset.UnixEpoch,
                Headers = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes),
                Rule = "content older than 0 days",
            };
            return journal.TryAppend(in record, out _);
        });
    }

    private long RecordBehind(long segment)
    {
        var path = SegmentFileName.Of(directory, segment);
        return SegmentHeader.Read(SegmentHeader.PageOf(path), path).NextRecordNumber;
    }

    /// <summary>Has the gateway, with all its keys, append a record and sign it. The anchors hear nothing of that.</summary>
    public async Task AppendAsync(Func<MappedJournal, bool> append)
    {
        var options = evidence.Options();
        await using var journal = await MappedJournal.OpenAsync(
            options with { Directory = directory, Evidence = options.Evidence! with { Anchors = [] } }, TimeProvider.System, CancellationToken.None);
        await JournalDirectory.EventuallyAsync(() => append(journal));
    }

    private static bool TryKeep(MappedJournal journal, DecodedKept genuine, KeptForgery? forgery)
    {
        var kept = forgery?.Of(genuine) ?? new KeptParts(genuine);
        var record = new KeptRecord
        {
            Segment = genuine.Segment,
            Index = kept.Index,
            Before = kept.Before,
            Entry = kept.Entry,
            Path = kept.Path,
            Head = kept.Head,
        };
        return journal.TryAppend(in record, out _);
    }

    private List<DecodedKept> KeptRecords()
    {
        using var reader = new JournalReader(directory);
        var kept = new List<DecodedKept>();
        while (reader.Read() is var step and not JournalReadResult.End)
            if (step is JournalReadResult.Record && RecordDecoder.Decode(reader.Entry) is DecodedKept one)
                kept.Add(one);
        return kept;
    }

    private List<(string Path, int Start, int End)> RecordsOfRetention()
    {
        var found = new List<(string, int, int)>();
        foreach (var path in SegmentFileName.Numbers(directory).Select(number => SegmentFileName.Of(directory, number)))
        {
            using var scanner = SegmentScanner.Open(path, isWriterDead: true);
            for (var start = (int)scanner.Offset; scanner.Read() is JournalReadResult.Record; start = (int)scanner.Offset)
                if (scanner.Entry.Kind is RecordKind.Kept or RecordKind.Purged or RecordKind.ContentErased)
                    found.Add((path, start, (int)scanner.Offset));
        }
        return found;
    }

    private List<long> Erased() =>
        [.. SegmentFileName.Numbers(directory).Where(number => !SegmentHeader.EntryHashOf(SegmentHeader.PageOf(SegmentFileName.Of(directory, number))).IsEmpty)];

    private void Change(long segment, Action<byte[]> change)
    {
        var path = SegmentFileName.Of(directory, segment);
        var page = SegmentHeader.PageOf(path);
        change(page);
        using var file = File.OpenWrite(path);
        file.Write(page);
    }

    private void Flip(Span<byte> bytes) => bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);

    private T Any<T>(List<T> things) => things[random.Next(things.Count)];
}
