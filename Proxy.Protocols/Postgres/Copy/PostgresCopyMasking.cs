using System.Buffers.Binary;
using Proxy.Core.Masking;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres.Copy;

/// <summary>
/// Masks the CopyData messages of a COPY … TO STDOUT. The protocol lets a message hold any part of the data; PostgreSQL puts one row, or one header
/// line, into each, and in binary the header in front of the first row and the trailer into one of its own. Nothing else is taken: a message that
/// holds less or more ends the session. https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY
/// </summary>
internal sealed class PostgresCopyMasking : IDisposable
{
    private const short Trailer = -1;

    private readonly CopyRowBuffers _buffers = new();
    private readonly RowScratch _scratch = new();

    /// <summary>Masks one whole message. False when it is not as it should be: nothing of it was forwarded, and the session must end.</summary>
    /// <param name="copy">The COPY under way; counts its messages and rows.</param>
    /// <param name="style">The session's.</param>
    /// <param name="start">Of the message in the received memory.</param>
    /// <param name="length">Of the message.</param>
    /// <param name="received">What was received.</param>
    /// <param name="toClient">Where it goes.</param>
    public bool TryForward(PendingReply copy, DateStyle style, int start, int length, Span<byte> received, Outbound toClient)
    {
        if (copy.CopyPlan is not { Options: { } options } plan || copy.IsCopyAtTrailer)
            return false;
        var isFirst = copy.CopyMessages++ == 0;
        var masks = plan.Masks.In(style);
        var frame = received.Slice(start, length);
        if (options.Format is CopyFormat.Binary)
            return TryForwardBinary(copy, masks, isFirst, start, frame, toClient);

        var isHeader = isFirst && options.HasHeader;
        var row = frame[PostgresFraming.HeaderLength..];
        if (!(options.Format is CopyFormat.Csv
                ? CopyCsvRow.TryMask(plan, masks, row, isHeader, _buffers)
                : CopyTextRow.TryMask(plan, masks, row, isHeader, _buffers)))
            return false;
        if (!isHeader)
            copy.Rows++;
        Forward(default, _buffers.Row, start, frame, toClient);
        return true;
    }

    public void Dispose()
    {
        _buffers.Dispose();
        _scratch.Dispose();
    }

    public override string ToString() => nameof(PostgresCopyMasking);

    private bool TryForwardBinary(PendingReply copy, MaskPlan masks, bool isFirst, int start, Span<byte> frame, Outbound toClient)
    {
        var prefix = isFirst ? CopyBinaryHeader.LengthOf(frame[PostgresFraming.HeaderLength..]) : 0;
        if (prefix < 0)
            return false;
        var tupleStart = PostgresFraming.HeaderLength + prefix;
        var tuple = frame[tupleStart..];
        if (tuple.Length == sizeof(short) && BinaryPrimitives.ReadInt16BigEndian(tuple) == Trailer)
        {
            copy.IsCopyAtTrailer = true;
            toClient.Forward(start, frame.Length);
            return true;
        }
        switch (DataRowMasker.Mask(masks, tuple, free: 0, _scratch, out var length))
        {
            case RowOutcome.InPlace:
                WriteLength(frame, prefix + length);
                toClient.Forward(start, tupleStart + length);
                break;
            case RowOutcome.InScratch:
                Forward(frame.Slice(PostgresFraming.HeaderLength, prefix), _scratch.Row(length).Span, start, frame, toClient);
                break;
            default:
                return false;
        }
        copy.Rows++;
        return true;
    }

    /// <summary>In the memory of the message where it fits, else beside it.</summary>
    private static void Forward(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> row, int start, Span<byte> frame, Outbound toClient)
    {
        var length = prefix.Length + row.Length;
        if (prefix.IsEmpty && length <= frame.Length - PostgresFraming.HeaderLength)
        {
            row.CopyTo(frame[PostgresFraming.HeaderLength..]);
            WriteLength(frame, length);
            toClient.Forward(start, PostgresFraming.HeaderLength + length);
            return;
        }
        Span<byte> header = stackalloc byte[PostgresFraming.HeaderLength];
        header[0] = BackendCode.CopyData;
        WriteLength(header, length);
        toClient.Insert(header);
        toClient.Insert(prefix);
        toClient.Insert(row);
    }

    private static void WriteLength(Span<byte> frame, int bodyLength) => BinaryPrimitives.WriteInt32BigEndian(frame[1..], sizeof(int) + bodyLength);
}
