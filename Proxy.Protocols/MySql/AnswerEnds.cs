using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>What the client gets of the packets that end results, and of answers of our own.</summary>
internal static class AnswerEnds
{
    /// <summary>
    /// Shows the end of a result. How many warnings there are tells how many rows something failed for, and how many rows were changed whether they had that
    /// value before: of PHI neither is shown.
    /// </summary>
    public static void Show(in ReplyFrame frame, PendingReply head, in OkPacket ok, bool tracksSession, Outbound toClient)
    {
        if (AnswerFacts.TouchesPhi(head) && (ok.Warnings != 0 || !ok.Info.IsEmpty))
        {
            var status = head.IsFollowed ? ok.Status | ServerStatus.MoreResults : ok.Status;
            toClient.Insert(ok.WithoutInfo(frame.First, frame.Sequence, status, tracksSession));
            return;
        }

        if (head.IsFollowed) frame.Payload[ok.StatusOffset] |= (byte)ServerStatus.MoreResults;
        toClient.Forward(frame.Start, frame.Length);
    }

    public static void ShowEof(in ReplyFrame frame, PendingReply head, Outbound toClient)
    {
        if (AnswerFacts.TouchesPhi(head)) frame.Payload.Slice(EofPacket.WarningsOffset, sizeof(ushort)).Clear();
        if (head.IsFollowed) frame.Payload[EofPacket.StatusOffset] |= (byte)ServerStatus.MoreResults;
        toClient.Forward(frame.Start, frame.Length);
    }

    /// <summary>Gives an answer of our own, whose packets are numbered already.</summary>
    public static void Give(PendingReply head, Outbound toClient)
    {
        ReadOnlySpan<byte> answer = head.Answer;
        toClient.Insert(answer);
        if (!head.IsPart) return;
        head.HasFailed = answer[MySqlFraming.HeaderLength] is ReplyCode.Error;
        while (MySqlFraming.TryReadHeader(answer, out var length, out var sequence))
        {
            head.Sequence = (byte)(sequence + 1 - head.SequenceShift);
            answer = answer[(MySqlFraming.HeaderLength + length)..];
        }
    }
}
