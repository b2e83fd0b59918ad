using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Replication;

/// <summary>The beginning of a segment as two machines compare it: without what is written into the header late, which comes to each in its own time.</summary>
internal static class SegmentPrefix
{
    public const int LateFrom = SegmentHeader.FirstNumberOffset;
    public const int LateTo = SegmentHeader.EndingOffset + SegmentHeader.EndingBytes;
    public const int LateBytes = LateTo - LateFrom;

    private const int ReadBytes = 256 * 1024;

    /// <summary>SHA-256 of the first bytes of a file, with the late ones as zeros.</summary>
    public static byte[] Digest(string path, long length)
    {
        using SafeFileHandle file = Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[ReadBytes];
        for (long offset = 0; offset < length;)
        {
            int wanted = (int)Math.Min(ReadBytes, length - offset);
            int read = RandomAccess.Read(file, buffer.AsSpan(0, wanted), offset);
            if (read == 0)
                throw new ReplicaProtocolException($"{path} is shorter than it was.");
            if (offset == 0)
                buffer.AsSpan(LateFrom, LateBytes).Clear();
            hash.AppendData(buffer, 0, read);
            offset += read;
        }
        return hash.GetHashAndReset();
    }

    /// <summary>Number of the last record before this place; 0 when there is none.</summary>
    public static long LastRecordBefore(string path, long offset)
    {
        using SafeFileHandle file = Open(path);
        Span<byte> header = stackalloc byte[RecordHeader.Bytes];
        long last = 0;
        for (long at = SegmentHeader.Bytes; at + RecordHeader.Bytes <= offset && RandomAccess.Read(file, header, at) == header.Length;)
        {
            RecordHeader record = RecordHeader.Read(header);
            if (record.Length < RecordHeader.Bytes || record.Kind == RecordKind.EndOfSegment)
                break;
            last = record.Number;
            at += RecordHeader.Align(record.Length);
        }
        return last;
    }

    /// <summary>What the header says about the end; null while it says nothing.</summary>
    public static byte[]? Ending(string path)
    {
        using SafeFileHandle file = Open(path);
        byte[] page = new byte[SegmentHeader.Bytes];
        if (RandomAccess.Read(file, page, 0) != page.Length || SegmentHeader.Read(page, path).Ending == SegmentEnding.Open)
            return null;
        return page[LateFrom..LateTo];
    }

    public static SafeFileHandle Open(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public static bool IsEnding(ReadOnlySpan<byte> late) =>
        late.Length == LateBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(late[(SegmentHeader.EndingOffset - LateFrom + 16)..])
            == RecordChecksum.Compute(0, late.Slice(SegmentHeader.EndingOffset - LateFrom, 16));
}
