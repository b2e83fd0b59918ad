using System.Text;
using Proxy.Core.Journal.Heads;

namespace Proxy.Core.Journal.Replication;

/// <summary>Reads <c>journal.heads</c> as it grows. A head is handed out when everything that it covers has been: it would speak of what is not there.</summary>
internal sealed class HeadFeed(string directory)
{
    private readonly string _path = new HeadFile(directory).Path;
    private const int ReadBytesMax = 64 * 1024;
    private const int HeadBytesMax = 1024;

    private byte[] _waiting = [];
    private long _offset;

    public void MoveTo(long offset)
    {
        _waiting = [];
        _offset = offset;
        if (offset > Length())
            throw new ReplicaProtocolException($"The replica has heads that {_path} has not: this journal is not what it was.");
    }

    /// <summary>Looks for new heads.</summary>
    public void Look()
    {
        long length = Length();
        if (length <= _offset + _waiting.Length || _waiting.Length >= HeadBytesMax)
            return;
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = _offset;
        _waiting = new byte[Math.Min(length - _offset, ReadBytesMax)];
        file.ReadExactly(_waiting);
    }

    /// <summary>Heads of what lies before this place, as they are in the file.</summary>
    public bool TryNext(long segment, int offset, out long at, out ReadOnlyMemory<byte> bytes)
    {
        int taken = 0;
        foreach (SignedHead head in SignedHead.ParseAll(_waiting, out _))
        {
            if (head.Head.Segment > segment || (head.Head.Segment == segment && head.Head.Offset > offset))
                break;
            taken += Encoding.UTF8.GetByteCount(head.ToString());
        }
        at = _offset;
        bytes = _waiting.AsMemory(0, taken);
        _waiting = _waiting[taken..];
        _offset += taken;
        return taken > 0;
    }

    public bool IsDone => _waiting.Length == 0 && Length() == _offset;

    private long Length() => new FileInfo(_path) is { Exists: true } file ? file.Length : 0;
}
