using Proxy.Core.Journal.Segments;
using Proxy.Core.Journal.Subjects;

namespace Proxy.Core.Journal.Replication;

/// <summary>Everything that a replica is to have, from where it stands: bytes of segments, how they ended, heads, and the wrapped key of subject codes.</summary>
internal sealed class ReplicaFeed : IDisposable
{
    private static readonly TimeSpan SlowInterval = TimeSpan.FromMilliseconds(100);

    private readonly string _directory;
    private readonly long _firstOfRun;
    private readonly SegmentFeed _segments;
    private readonly HeadFeed _heads;
    private readonly TimeProvider _time;
    private long _nextEnding;
    private bool _hasSubjects;
    private long _lookedAt;
    private bool _looks;
    private bool _isClosing;

    public ReplicaFeed(string directory, SegmentChain chain, long firstOfRun, TimeProvider time)
    {
        _directory = directory;
        _firstOfRun = firstOfRun;
        _segments = new SegmentFeed(directory, chain, firstOfRun);
        _heads = new HeadFeed(directory);
        _time = time;
    }

    public long LastRecord => _segments.LastRecord;

    /// <summary>Nothing is left of a journal that was closed.</summary>
    public bool IsDone => _segments.IsSegmentDone && _nextEnding > _segments.Segment && _heads.IsDone;

    /// <summary>Goes on from where the replica stands, if it stands in this journal.</summary>
    /// <exception cref="ReplicaProtocolException">It has what this journal has not.</exception>
    public void MoveTo(ReplicaWelcome welcome)
    {
        long lastRecord = 0;
        if (welcome.Segment != 0)
        {
            string path = SegmentFileName.Of(_directory, welcome.Segment);
            if (!File.Exists(path) || new FileInfo(path).Length < welcome.Offset || !SegmentPrefix.Digest(path, welcome.Offset).AsSpan().SequenceEqual(welcome.Digest))
                throw new ReplicaProtocolException(Departed(welcome.Segment));
            if (welcome.Segment >= _firstOfRun)
                lastRecord = SegmentPrefix.LastRecordBefore(path, welcome.Offset);
        }
        _segments.MoveTo(welcome.Segment, welcome.Offset, lastRecord);
        _heads.MoveTo(welcome.HeadBytes);
        _nextEnding = welcome.OldestOpen != 0 ? welcome.OldestOpen : welcome.Segment == 0 ? 0 : welcome.Segment + 1;
        _hasSubjects = false;
        _lookedAt = 0;
    }

    /// <summary>Looks for heads before a turn's bytes are read, so that the bytes cover what the heads do.</summary>
    public void BeginTurn(bool isClosing)
    {
        _isClosing = isClosing;
        _looks = isClosing || _lookedAt == 0 || _time.GetElapsedTime(_lookedAt) >= SlowInterval;
        if (!_looks)
            return;
        _lookedAt = _time.GetTimestamp();
        _heads.Look();
    }

    /// <summary>Sends the next bytes of a segment; false when there are none now.</summary>
    public bool TrySendNext(ReplicaFrameWriter writer)
    {
        if (!_segments.TryNext(out SegmentChunk chunk))
            return false;
        if (_nextEnding == 0)
            _nextEnding = chunk.Segment;
        writer.Append(chunk.Segment, chunk.Offset, chunk.SegmentBytes, chunk.Bytes.Span);
        return true;
    }

    /// <summary>Sends what goes with the bytes: how segments ended, heads, the key of the subject codes.</summary>
    public void EndTurn(ReplicaFrameWriter writer)
    {
        if (!_looks)
            return;
        SendEndings(writer);
        if (_heads.TryNext(_segments.Segment, _segments.Offset, out long at, out ReadOnlyMemory<byte> heads))
            writer.Heads(at, heads.Span);
        SendSubjects(writer);
    }

    public void Dispose() => _segments.Dispose();

    private void SendEndings(ReplicaFrameWriter writer)
    {
        // One that was full is followed by another; a copy that says so must have that, too.
        bool mayBeLast = _segments.IsSegmentDone && (_isClosing || _segments.Segment < _firstOfRun);
        while (_nextEnding != 0 && (_nextEnding < _segments.Segment || (_nextEnding == _segments.Segment && mayBeLast)))
        {
            string path = SegmentFileName.Of(_directory, _nextEnding);
            if (!File.Exists(path))
                return;
            if (SegmentPrefix.Ending(path) is { } ending)
                writer.Ending(_nextEnding, ending);
            else if (_nextEnding >= _firstOfRun)
                return;
            _nextEnding++;
        }
    }

    private void SendSubjects(ReplicaFrameWriter writer)
    {
        string path = Path.Combine(_directory, SubjectKeyFile.Name);
        if (_hasSubjects || !File.Exists(path))
            return;
        writer.Subjects(File.ReadAllBytes(path));
        _hasSubjects = true;
    }

    private string Departed(long segment) =>
        $"The replica's segment {segment} holds what the one in {_directory} does not: this machine lost what it had written, or the journal was changed. "
        + "Move the directory away and keep it, put a copy of the replica's in its place, and start again.";
}
