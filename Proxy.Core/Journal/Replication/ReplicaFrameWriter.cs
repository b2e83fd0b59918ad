using System.Buffers.Binary;

namespace Proxy.Core.Journal.Replication;

/// <summary>Puts frames together and writes each at once. Not thread-safe: each end has one thread that writes.</summary>
internal sealed class ReplicaFrameWriter(Stream stream)
{
    /// <summary>"PHIGATER" and the version of the protocol.</summary>
    public static ReadOnlySpan<byte> Greeting => "PHIGATER\x01"u8;

    private const int GuidBytes = 16;

    private byte[] _frame = new byte[64 * 1024];

    /// <summary>Number of the last frame that asks for an acknowledgement.</summary>
    public long Sequence { get; private set; }

    public void Hello(Guid journalId)
    {
        Span<byte> body = Begin(ReplicaFrameKind.Hello, Greeting.Length + GuidBytes);
        Greeting.CopyTo(body);
        journalId.TryWriteBytes(body[Greeting.Length..], bigEndian: true, out _);
        End(body.Length);
    }

    public void Append(long segment, int offset, int segmentBytes, ReadOnlySpan<byte> bytes)
    {
        Span<byte> body = BeginNumbered(ReplicaFrameKind.Append, 16 + bytes.Length);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], segment);
        BinaryPrimitives.WriteInt32LittleEndian(body[16..], offset);
        BinaryPrimitives.WriteInt32LittleEndian(body[20..], segmentBytes);
        bytes.CopyTo(body[24..]);
        End(body.Length);
    }

    public void Ending(long segment, ReadOnlySpan<byte> ending)
    {
        Span<byte> body = BeginNumbered(ReplicaFrameKind.Ending, 8 + ending.Length);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], segment);
        ending.CopyTo(body[16..]);
        End(body.Length);
    }

    public void Heads(long offset, ReadOnlySpan<byte> bytes)
    {
        Span<byte> body = BeginNumbered(ReplicaFrameKind.Heads, 8 + bytes.Length);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], offset);
        bytes.CopyTo(body[16..]);
        End(body.Length);
    }

    public void Subjects(ReadOnlySpan<byte> file)
    {
        Span<byte> body = BeginNumbered(ReplicaFrameKind.Subjects, file.Length);
        file.CopyTo(body[8..]);
        End(body.Length);
    }

    public void Ping() => End(BeginNumbered(ReplicaFrameKind.Ping, 0).Length);

    public void Welcome(ReplicaWelcome welcome) => Write(ReplicaFrameKind.Welcome, welcome.ToBytes());

    public void Acknowledged(long sequence)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Begin(ReplicaFrameKind.Acknowledged, sizeof(long)), sequence);
        End(sizeof(long));
    }

    public void Refused(string reason) => Write(ReplicaFrameKind.Refused, System.Text.Encoding.UTF8.GetBytes(reason));

    private void Write(ReplicaFrameKind kind, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Begin(kind, bytes.Length));
        End(bytes.Length);
    }

    /// <returns>The body; its number is in the first 8 bytes.</returns>
    private Span<byte> BeginNumbered(ReplicaFrameKind kind, int bytes)
    {
        Span<byte> body = Begin(kind, sizeof(long) + bytes);
        BinaryPrimitives.WriteInt64LittleEndian(body, ++Sequence);
        return body;
    }

    private Span<byte> Begin(ReplicaFrameKind kind, int bodyBytes)
    {
        if (ReplicaFrameReader.HeadBytes + bodyBytes > _frame.Length)
            _frame = new byte[ReplicaFrameReader.HeadBytes + bodyBytes];
        BinaryPrimitives.WriteInt32LittleEndian(_frame, bodyBytes);
        _frame[sizeof(int)] = (byte)kind;
        return _frame.AsSpan(ReplicaFrameReader.HeadBytes, bodyBytes);
    }

    private void End(int bodyBytes)
    {
        stream.Write(_frame, 0, ReplicaFrameReader.HeadBytes + bodyBytes);
        stream.Flush();
    }
}
