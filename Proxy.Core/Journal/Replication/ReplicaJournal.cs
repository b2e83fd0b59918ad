using System.Security.Cryptography;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Segments;
using Proxy.Core.Journal.Subjects;

namespace Proxy.Core.Journal.Replication;

/// <summary>
/// The copy of one journal, in a directory of its own: files as they are at their origin, so that whatever reads a journal reads this. Takes bytes only
/// where they follow what is there: a hole cannot come about. Not thread-safe.
/// </summary>
internal sealed class ReplicaJournal : IDisposable
{
    /// <summary>Of the heads: what a machine that went down can have lost is younger by far than the first of so many.</summary>
    private const long HeadBytesChecked = 1024 * 1024;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _directory;
    private readonly bool _flushes;
    private readonly HeadFile _heads;
    private readonly DirectoryLock _lock;
    private FileStream? _file;
    private long _segment;
    private int _offset;
    private int _segmentBytes;
    private long _oldestOpen;
    private long _headBytes;
    private bool _isDirty;
    private bool _hasNewNames;
    private FileStream? _headStream;

    private ReplicaJournal(string directory, bool flushes)
    {
        _directory = directory;
        _flushes = flushes;
        _heads = new HeadFile(directory);
        _lock = DirectoryLock.Acquire(directory);
    }

    /// <summary>Finds out what is there; what a crash left half written is cut off, and will be sent again.</summary>
    /// <param name="directory">Of this journal; made if missing.</param>
    /// <param name="flushes">Whether what is acknowledged survives this machine, too.</param>
    /// <exception cref="JournalInUseException">Another process writes there: a second replica, or a gateway that goes on with the copy.</exception>
    public static ReplicaJournal Open(string directory, bool flushes)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        var journal = new ReplicaJournal(directory, flushes);
        try
        {
            journal.FindSegment();
            journal.FindHeads();
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    public ReplicaWelcome Welcome() => new(
        _segment, _offset, _oldestOpen, _headBytes,
        _segment == 0 ? new byte[SHA256.HashSizeInBytes] : SegmentPrefix.Digest(SegmentFileName.Of(_directory, _segment), _offset));

    public void Append(long segment, int offset, int segmentBytes, ReadOnlySpan<byte> bytes)
    {
        if (segment != _segment)
            Begin(segment, offset, segmentBytes, bytes);
        if (offset != _offset || bytes.Length > _segmentBytes - offset)
            throw new ReplicaProtocolException($"Bytes for offset {offset} of segment {segment} came, where {_offset} follows.");
        RandomAccess.Write(_file!.SafeFileHandle, bytes, offset);
        _offset += bytes.Length;
        _isDirty = true;
    }

    /// <summary>Writes into the header of a segment how it ended.</summary>
    public void End(long segment, ReadOnlySpan<byte> late)
    {
        if (segment > _segment || !SegmentPrefix.IsEnding(late) || !File.Exists(SegmentFileName.Of(_directory, segment)))
            throw new ReplicaProtocolException($"An end of segment {segment} came that cannot be.");
        using FileStream file = OpenForWriting(SegmentFileName.Of(_directory, segment), FileMode.Open);
        RandomAccess.Write(file.SafeFileHandle, late, SegmentPrefix.LateFrom);
        file.Flush(_flushes);
        if (segment >= _oldestOpen)
            _oldestOpen = segment + 1;
    }

    public void AppendHeads(long offset, ReadOnlySpan<byte> bytes)
    {
        if (offset != _headBytes)
            throw new ReplicaProtocolException($"Heads for offset {offset} came, where {_headBytes} follows.");
        // What they cover must not be less durable than they are.
        Sync();
        _headStream ??= OpenForWriting(_heads.Path, FileMode.OpenOrCreate);
        _headStream.Position = offset;
        _headStream.Write(bytes);
        _headStream.Flush(_flushes);
        _headBytes += bytes.Length;
    }

    /// <summary>The wrapped key of the subject codes, which never changes.</summary>
    public void KeepSubjects(ReadOnlySpan<byte> file)
    {
        string path = Path.Combine(_directory, SubjectKeyFile.Name);
        if (File.Exists(path) && !File.ReadAllBytes(path).AsSpan().SequenceEqual(file))
            throw new ReplicaProtocolException($"{path} holds another key.");
        if (File.Exists(path))
            return;
        using (var stream = OpenForWriting(path + ".preparing", FileMode.Create))
        {
            stream.Write(file);
            stream.Flush(_flushes);
        }
        File.Move(path + ".preparing", path);
        _hasNewNames = true;
    }

    /// <summary>Makes what came so far as durable as it is to be before it is acknowledged.</summary>
    public void Sync()
    {
        if (!_flushes)
            return;
        if (_isDirty)
            _file!.Flush(flushToDisk: true);
        if (_hasNewNames)
            DiskSync.Instance.FlushNames(_directory);
        _isDirty = _hasNewNames = false;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _headStream?.Dispose();
        _lock.Dispose();
    }

    private void Begin(long segment, int offset, int segmentBytes, ReadOnlySpan<byte> bytes)
    {
        bool follows = _segment == 0 ? segment > 0 : segment == _segment + 1;
        if (!follows || offset != 0 || bytes.Length < SegmentHeader.Bytes || segmentBytes is < JournalOptions.SegmentBytesMin or > JournalOptions.SegmentBytesMax)
            throw new ReplicaProtocolException($"Segment {segment} came, where {_segment + 1} follows.");
        if (SegmentHeader.Read(bytes[..SegmentHeader.Bytes], $"segment {segment}") is var header && (header.Number != segment || header.SegmentBytes != segmentBytes))
            throw new ReplicaProtocolException($"What came for segment {segment} is another one.");
        Sync();
        _file?.Dispose();
        _file = OpenForWriting(SegmentFileName.Of(_directory, segment), FileMode.CreateNew);
        _file.SetLength(segmentBytes);
        (_segment, _offset, _segmentBytes) = (segment, 0, segmentBytes);
        _hasNewNames = true;
        if (_oldestOpen == 0)
            _oldestOpen = segment;
    }

    private void FindSegment()
    {
        List<long> numbers = SegmentFileName.Numbers(_directory);
        while (numbers.Count > 0 && !TryGoOn(numbers[^1]))
        {
            // Its beginning had not come to the disk, so nothing of it was acknowledged.
            File.Delete(SegmentFileName.Of(_directory, numbers[^1]));
            numbers.RemoveAt(numbers.Count - 1);
        }
        int open = numbers.Count;
        while (open > 0 && SegmentPrefix.Ending(SegmentFileName.Of(_directory, numbers[open - 1])) is null)
            open--;
        _oldestOpen = open < numbers.Count ? numbers[open] : _segment == 0 ? 0 : _segment + 1;
    }

    private bool TryGoOn(long number)
    {
        string path = SegmentFileName.Of(_directory, number);
        try
        {
            using SegmentScanner scanner = SegmentScanner.Open(path, isWriterDead: false);
            long offset = scanner.Offset;
            bool isWhole = scanner.Header.Ending != SegmentEnding.Open;
            while (!isWhole && scanner.Read() == JournalReadResult.Record)
                offset = scanner.Offset;
            (_segment, _segmentBytes) = (number, scanner.Header.SegmentBytes);
            _offset = isWhole || scanner.IsAtEnd ? _segmentBytes : (int)offset;
        }
        catch (JournalFormatException)
        {
            return false;
        }
        _file = OpenForWriting(path, FileMode.Open);
        if (_offset < _segmentBytes || _file.Length != _segmentBytes)
        {
            _file.SetLength(_offset);
            _file.SetLength(_segmentBytes);
        }
        return true;
    }

    private void FindHeads()
    {
        if (!_heads.Exists)
            return;
        long torn;
        using (var heads = new HeadReader(_heads.Path))
        {
            heads.MoveToLast(HeadBytesChecked);
            while (heads.Read() is not null)
            {
            }
            torn = heads.Rest;
        }
        if (torn > 0)
            _heads.CutTorn(torn);
        _headBytes = new FileInfo(_heads.Path).Length;
    }

    private static FileStream OpenForWriting(string path, FileMode mode) => new(path, StreamOptions(mode));

    private static FileStreamOptions StreamOptions(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode is not FileMode.Open)
            options.UnixCreateMode = OwnerOnly;
        return options;
    }
}
