using Proxy.Core.Masking.MySql;
using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.MySql;

/// <summary>Puts masked rows where they belong: closed up behind the packets before them in the received memory, or, when a row grew, copied.</summary>
internal sealed class MySqlRowMasking : IDisposable
{
    private readonly RowScratch _scratch = new();
    private readonly TokenRun _tokens = new();

    /// <summary>Rows follow that lie in other memory than those before, or have another plan.</summary>
    public void Begin() => _tokens.Clear();

    /// <summary>False when the row is malformed: nothing of it was forwarded, and the session must end.</summary>
    public bool TryForward(
        in ReplyFrame frame, MySqlMaskPlan plan, ReadOnlySpan<MySqlFieldType> types, bool isBinary, Span<byte> received, Outbound toClient)
    {
        var destination = toClient.DestinationOf(frame.Start);
        var region = received[(destination + MySqlFraming.HeaderLength)..(frame.Start + frame.Length)];
        var tokens = _tokens.Of(plan, types, isBinary, received, frame.Start);
        switch (RowMasker.Mask(
            plan, types, isBinary, region, frame.Start - destination, _scratch, out var length, tokens, destination + MySqlFraming.HeaderLength))
        {
            case RowOutcome.InPlace:
                WriteHeader(received[destination..], length, frame.Sequence);
                toClient.ForwardRewritten(destination, MySqlFraming.HeaderLength + length);
                return true;
            case RowOutcome.InScratch when length < MySqlFraming.PayloadMax:
                var room = toClient.Room(MySqlFraming.HeaderLength + length);
                WriteHeader(room, length, frame.Sequence);
                _scratch.Row(length).Span.CopyTo(room[MySqlFraming.HeaderLength..]);
                toClient.Wrote(MySqlFraming.HeaderLength + length);
                return true;
            default:
                return false;
        }
    }

    public void Dispose() => _scratch.Dispose();

    private static void WriteHeader(Span<byte> destination, int length, byte sequence)
    {
        MySqlFraming.WriteLength(destination, length);
        destination[3] = sequence;
    }
}
