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

    public PostgresCopyMasking Copies { get; } = new();

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

    private static void WriteHeader(Span<byte> destination, int length)
    {
        destination[0] = BackendCode.DataRow;
        BinaryPrimitives.WriteInt32BigEndian(destination[1..], sizeof(int) + length);
    }
}
