using System.Buffers.Binary;
using Proxy.Core.Masking;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Copy;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>Puts masked DataRows where they belong: closed up behind the frames before them in the received memory, or, when a row grew, copied.</summary>
internal sealed class PostgresRowMasking : IDisposable
{
    private readonly RowScratch _scratch = new();
    private readonly RowRun _run = new();
    private readonly TextTokenBatch _tokens = new();
    private byte[] _fields = []; // What values are replaced by: for each masked column and row of a run a token's place.

    public PostgresCopyMasking Copies { get; } = new();

    /// <summary>
    /// Masks all rows that lie here whole, several at a time. False when one is malformed: nothing of it was forwarded, and the session must end.
    /// </summary>
    /// <param name="shape">The plan's.</param>
    /// <param name="plan">Of the portal.</param>
    /// <param name="received">What was received; what a row gives up is written over.</param>
    /// <param name="position">Where the first begins; afterwards where they end.</param>
    /// <param name="subjects">Is shown the rows before they are masked.</param>
    /// <param name="toClient">Where they go.</param>
    /// <param name="rows">How many there were.</param>
    public bool TryForward(MaskedRowShape shape, MaskPlan plan, Span<byte> received, ref int position, SubjectRows subjects, Outbound toClient, out int rows)
    {
        rows = 0;
        var isCopied = false;
        do
        {
            _run.Find(received, position, shape, plan.ColumnCount);
            subjects.Take(plan.Subjects, shape, received, _run);
            var hasTokens = TryMakeTokens(shape, plan, received);
            for (var row = 0; row < _run.Count; row++)
            {
                if (hasTokens) Forward(shape, row, received, toClient, ref isCopied);
                else if (!TryForward(_run.StartOf(row), _run.StartOf(row + 1) - _run.StartOf(row), plan, received, toClient)) return false;
            }

            rows += _run.Count;
            position = _run.End;
        }
        while (_run.Count == RowRun.RowsMax);

        return !_run.EndsMalformed;
    }

    /// <summary>False when the row is malformed: nothing of it was forwarded, and the session must end.</summary>
    public bool TryForward(int start, int frameLength, MaskPlan plan, Span<byte> received, Outbound toClient)
    {
        var destination = toClient.DestinationOf(start);
        var body = destination + PostgresFraming.HeaderLength;
        var region = received[body..(start + frameLength)];
        switch (DataRowMasker.Mask(plan, region, start - destination, _scratch, out var length))
        {
            case RowOutcome.InPlace:
                WriteHeader(received[destination..], length);
                toClient.ForwardRewritten(destination, PostgresFraming.HeaderLength + length);
                return true;
            case RowOutcome.InScratch:
                Span<byte> header = stackalloc byte[PostgresFraming.HeaderLength];
                WriteHeader(header, length);
                toClient.Insert(header);
                toClient.Insert(_scratch.Row(length).Span);
                return true;
            default:
                return false;
        }
    }

    public void Dispose()
    {
        _scratch.Dispose();
        Copies.Dispose();
    }

    /// <summary>False when the keys are gone.</summary>
    private bool TryMakeTokens(MaskedRowShape shape, MaskPlan plan, ReadOnlySpan<byte> received)
    {
        var bytes = shape.Masked.Length * RowRun.RowsMax * TextTokenBatch.StrideBytes;
        if (_fields.Length < bytes) _fields = new byte[bytes];
        for (var i = 0; i < shape.Masked.Length; i++)
        {
            ref readonly var mask = ref plan[shape.Columns[shape.Masked[i]]];
            if (mask.Kind is MaskKind.Pseudonym && !_tokens.TryMake(mask, received, _run.ValuesOf(shape.Masked[i]), _fields.AsSpan(i * RowRun.RowsMax * TextTokenBatch.StrideBytes)))
                return false;
        }

        return true;
    }

    /// <param name="shape">The plan's.</param>
    /// <param name="row">In the run.</param>
    /// <param name="received">What was received.</param>
    /// <param name="toClient">Where it goes.</param>
    /// <param name="isCopied">Whether a row before it was too long for its place: then this one goes behind it, and what has been gathered is not copied again.</param>
    private void Forward(MaskedRowShape shape, int row, Span<byte> received, Outbound toClient, ref bool isCopied)
    {
        var start = _run.StartOf(row);
        var end = _run.StartOf(row + 1);
        var destination = toClient.DestinationOf(start);
        var room = start - destination;
        var growth = 0;
        for (var i = 0; i < shape.Masked.Length; i++)
        {
            var value = _run.ValueOf(shape.Masked[i], row);
            if (value.IsNull) continue;
            growth += shape.Lengths[i] - sizeof(int) - value.Length;
            // In place, what is written must never go further than what has been read.
            isCopied |= growth > room;
        }

        var length = end - start + growth;
        if (isCopied)
        {
            Write(shape, row, received, toClient.Room(length + MaskedRowShape.ChunkBytes), length, int.MaxValue / 2);
            toClient.Wrote(length);
            return;
        }

        Write(shape, row, received, received[destination..], length, room);
        toClient.ForwardRewritten(destination, length);
    }

    /// <summary>Runs of columns that are shown, and fields in place of the others.</summary>
    /// <param name="shape">The plan's.</param>
    /// <param name="row">In the run.</param>
    /// <param name="received">What was received.</param>
    /// <param name="target">Begins where the row is to begin, and may lie over it, further in front.</param>
    /// <param name="length">How long the row will be.</param>
    /// <param name="room">How far in front.</param>
    private void Write(MaskedRowShape shape, int row, ReadOnlySpan<byte> received, Span<byte> target, int length, int room)
    {
        var start = _run.StartOf(row);
        var read = start;
        var written = 0;
        for (var i = 0; i < shape.Masked.Length; i++)
        {
            var value = _run.ValueOf(shape.Masked[i], row);
            if (value.IsNull) continue;
            var shown = value.Start - sizeof(int) - read;
            ChunkCopy.Copy(received[read..], shown, target[written..], room + read + shown - start - written);
            written += shown;
            read = value.Start + value.Length;
            var field = shape.Constants[i] is { } constant ? constant : _fields.AsSpan(((i * RowRun.RowsMax) + row) * TextTokenBatch.StrideBytes, TextTokenBatch.StrideBytes);
            ChunkCopy.Copy(field, shape.Lengths[i], target[written..], room + read - start - written);
            written += shape.Lengths[i];
        }

        ChunkCopy.Copy(received[read..], length - written, target[written..], free: 0);
        BinaryPrimitives.WriteInt32BigEndian(target[sizeof(byte)..], length - sizeof(byte));
    }

    private static void WriteHeader(Span<byte> destination, int length)
    {
        destination[0] = BackendCode.DataRow;
        BinaryPrimitives.WriteInt32BigEndian(destination[1..], sizeof(int) + length);
    }
}
