using System.Buffers.Binary;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Retention;
using Proxy.Core.Journal.Segments;

namespace Proxy.Tests.Core.Journal;

/// <summary>What somebody with the journal's disk, and in some cases its keys, may do to it. Each method does one thing at a random place.</summary>
internal sealed class Tampering(string directory, Random random, LocalHeadSigner signer)
{
    private const int HeaderBytes = SegmentHeader.Bytes;

    private readonly string[] _segments = [.. Directory.GetFiles(directory, "segment-*.journal").Order(StringComparer.Ordinal)];

    public string[] Kinds => [.. Actions.Keys];

    private Dictionary<string, Func<Task>> Actions => new()
    {
        ["flip in a segment"] = () => Sync(FlipInSegment),
        ["flip in the heads"] = () => Sync(FlipInHeads),
        ["delete a record"] = () => Sync(DeleteRecord),
        ["insert a record"] = () => Sync(InsertRecord),
        ["swap two records"] = () => Sync(SwapRecords),
        ["change a record and its checksum"] = () => Sync(() => ChangeRecord(_segments.Length)),
        ["truncate a segment"] = () => Sync(Truncate),
        ["swap two segments"] = () => Sync(SwapSegments),
        ["delete a segment"] = () => Sync(() => File.Delete(Any(_segments))),
        ["replace a signature"] = () => Sync(ReplaceSignature),
        ["take heads out"] = () => Sync(TakeHeadsOut),
        ["re-chain with another key"] = ReChainWithAnotherKeyAsync,
        ["re-sign with the same key behind the last anchor"] = ReSignAsync,
        ["cut the tail behind the last anchor and re-sign"] = CutAsync,
    };

    public Task DoAsync(string kind) => Actions[kind]();

    private static Task Sync(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private void FlipInSegment()
    {
        string path = Any(_segments);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
        File.WriteAllBytes(path, bytes);
    }

    private void FlipInHeads()
    {
        byte[] bytes = File.ReadAllBytes(HeadsPath);
        bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
        File.WriteAllBytes(HeadsPath, bytes);
    }

    private void DeleteRecord()
    {
        (string path, byte[] bytes, List<(int Start, int End)> records) = AnyRecords();
        (int start, int end) = records[random.Next(records.Count)];
        File.WriteAllBytes(path, [.. bytes[..start], .. bytes[end..], .. new byte[end - start]]);
    }

    private void InsertRecord()
    {
        (string path, byte[] bytes, List<(int Start, int End)> records) = AnyRecords();
        (int start, int end) = records[random.Next(records.Count)];
        int at = records[random.Next(records.Count)].Start;
        byte[] changed = [.. bytes[..at], .. bytes[start..end], .. bytes[at..]];
        File.WriteAllBytes(path, changed[..bytes.Length]);
    }

    private void SwapRecords()
    {
        (string path, byte[] bytes, List<(int Start, int End)> records) = AnyRecords();
        int first = random.Next(records.Count - 1);
        (int start, int middle) = records[first];
        int end = records[first + 1].End;
        File.WriteAllBytes(path, [.. bytes[..start], .. bytes[middle..end], .. bytes[start..middle], .. bytes[end..]]);
    }

    /// <summary>As somebody does who has read the format: the checksum is right again.</summary>
    private void ChangeRecord(int segmentsMax)
    {
        (string path, byte[] bytes, List<(int Start, int End)> records) = AnyRecords(segmentsMax);
        int start = records[random.Next(records.Count)].Start;
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(start));
        bytes[start + random.Next(RecordHeader.Bytes, length)] ^= (byte)random.Next(1, 256);
        uint checksum = RecordChecksum.Compute(SegmentHeader.Read(bytes, path).ChecksumSeed, bytes.AsSpan(start + 8, length - 8));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(start + 4), checksum);
        File.WriteAllBytes(path, bytes);
    }

    private void Truncate()
    {
        using FileStream file = File.Open(Any(_segments), FileMode.Open);
        file.SetLength(random.NextInt64(file.Length));
    }

    private void SwapSegments()
    {
        int first = random.Next(_segments.Length), second = (first + random.Next(1, _segments.Length)) % _segments.Length;
        File.Move(_segments[first], directory + "/aside");
        File.Move(_segments[second], _segments[first]);
        File.Move(directory + "/aside", _segments[second]);
    }

    private void ReplaceSignature()
    {
        List<SignedHead> heads = Heads();
        int at = random.Next(heads.Count);
        heads[at] = heads[at] with { Signature = heads[(at + random.Next(1, heads.Count)) % heads.Count].Signature };
        Write(heads);
    }

    private void TakeHeadsOut()
    {
        List<SignedHead> heads = Heads();
        int from = random.Next(heads.Count);
        heads.RemoveRange(from, random.Next(1, heads.Count - from + 1));
        Write(heads);
    }

    private async Task ReChainWithAnotherKeyAsync()
    {
        ChangeRecord(_segments.Length);
        using var another = new LocalHeadSigner(LocalHeadSigner.Generate());
        await ReChainAsync(another);
    }

    private Task ReSignAsync()
    {
        ChangeRecord(_segments.Length - 1);
        return ReChainAsync(signer);
    }

    /// <summary>The journal as if it had been closed earlier: nothing in it contradicts itself.</summary>
    private Task CutAsync()
    {
        int last = random.Next(_segments.Length);
        foreach (string later in _segments[(last + 1)..])
            File.Delete(later);
        byte[] bytes = File.ReadAllBytes(_segments[last]);
        List<(int Start, int End)> records = Records(_segments[last]);
        (int start, int end) = records[random.Next(records.Count - 1)];
        bytes.AsSpan(end).Clear();
        long next = EntryChain.NumberOf(bytes.AsSpan(start)) + 1;
        SegmentHeader.WriteEnding(bytes.AsSpan(SegmentHeader.EndingOffset), SegmentEnding.Clean, end, next);
        File.WriteAllBytes(_segments[last], bytes);
        return ReChainAsync(signer);
    }

    /// <summary>Makes heads anew that agree with whatever the segments hold now.</summary>
    public async Task ReChainAsync(LocalHeadSigner with)
    {
        Guid journalId = Heads()[0].Head.JournalId;
        File.Delete(HeadsPath);
        var file = new HeadFile(directory);
        var filing = new HeadFiling(journalId, file, with, last: null, TimeProvider.System);
        await filing.FileAsync(Beginning(), CancellationToken.None);
        try
        {
            await filing.FileAsync(new ChainResumption(directory, file, with).Run(CancellationToken.None).State, CancellationToken.None);
        }
        catch (JournalFormatException)
        {
            // What was changed says where the journal begins: the gateway itself would not go on from there.
        }
    }

    /// <summary>Of nothing, or of what was purged.</summary>
    private TreeState Beginning()
    {
        var chain = new EntryChain();
        return PurgedBeginning.Find(directory, SegmentFileName.Numbers(directory)) is { Purge: var purge } purged && purged.TryRestore(chain)
            ? TreeState.Of(chain, purge.LastRecord, purge.LastSegment, 0)
            : TreeState.Of(chain, 0, 0, 0);
    }

    private string HeadsPath => Path.Combine(directory, "journal.heads");

    private List<SignedHead> Heads() => [.. SignedHead.ParseAll(File.ReadAllBytes(HeadsPath), out _)];

    private void Write(List<SignedHead> heads) => File.WriteAllText(HeadsPath, string.Concat(heads.Select(head => head.ToString())));

    private (string Path, byte[] Bytes, List<(int Start, int End)> Records) AnyRecords(int segmentsMax = int.MaxValue)
    {
        string path = _segments[random.Next(Math.Min(segmentsMax, _segments.Length))];
        return (path, File.ReadAllBytes(path), Records(path));
    }

    private static List<(int Start, int End)> Records(string path)
    {
        var records = new List<(int Start, int End)>();
        using SegmentScanner scanner = SegmentScanner.Open(path, isWriterDead: true);
        for (int start = HeaderBytes; scanner.Read() == JournalReadResult.Record; start = (int)scanner.Offset)
            records.Add((start, (int)scanner.Offset));
        return records;
    }

    private string Any(string[] paths) => paths[random.Next(paths.Length)];
}
