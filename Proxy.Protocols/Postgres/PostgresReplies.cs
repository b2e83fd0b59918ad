using System.Buffers.Binary;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// The server's half of a PostgreSQL session: takes whole frames out of what was received, streams what need not be whole, and has rows masked.
/// What a reply does to the session is said by <see cref="PostgresReplyTable"/>. Synchronous; owned by the reply relay, the only one that
/// writes to the client.
/// </summary>
internal sealed class PostgresReplies(PostgresReplyTable table, PostgresRowMasking masking, PostgresAsides asides, SubjectRows subjects, Limits limits)
{
    private readonly OversizedRow _oversized = new();
    private int _streaming;

    /// <summary>Whether the client has got only part of a message: then nothing more can be said to it.</summary>
    public bool IsInMessage => _streaming > 0 || _oversized.IsActive;

    public ReplyStep Take(Memory<byte> received, Outbound toClient)
    {
        var position = 0;
        table.Attribute(toClient);
        table.AnswerLocally(toClient);
        while (true)
        {
            if (_streaming > 0)
            {
                var part = Math.Min(_streaming, received.Length - position);
                toClient.Forward(position, part);
                position += part;
                _streaming -= part;
                if (_streaming > 0) return new ReplyStep(position, SessionEnd.None);
            }

            if (_oversized.IsActive)
            {
                if (!_oversized.TryTake(received.Span[position..], out var taken)) return Violate(position, "a row over the limit cannot be masked");
                toClient.Forward(position, taken);
                position += taken;
                if (_oversized.IsActive) return new ReplyStep(position, SessionEnd.None);
            }

            table.Attribute(toClient);
            var rest = received.Span[position..];
            switch (PostgresFraming.TryReadHeader(rest, out var type, out var length))
            {
                case FrameStatus.Malformed:
                    return Violate(position, "a message has an impossible length");
                case FrameStatus.Incomplete when length == 0:
                    return new ReplyStep(position, table.EndWhenIdle());
                case FrameStatus.Incomplete when MayStream(type, rest):
                    subjects.Miss(SubjectsOf(type));
                    _streaming = length;
                    continue;
                case FrameStatus.Incomplete when type is BackendCode.DataRow && length > limits.RowBytesMax:
                    if (TakeOversizedHeader(length) is not SessionEnd.None and var refused) return new ReplyStep(position, refused);
                    toClient.Forward(position, PostgresFraming.HeaderLength);
                    position += PostgresFraming.HeaderLength;
                    continue;
                case FrameStatus.Incomplete when type is not BackendCode.DataRow && length > limits.MessageBytesMax:
                    return Violate(position, $"message type 0x{type:x2} is too long");
                case FrameStatus.Incomplete:
                    return new ReplyStep(position, SessionEnd.None);
                case FrameStatus.Complete:
                    break;
            }

            SessionEnd end;
            if (type is BackendCode.DataRow)
            {
                end = TakeRows(received.Span, ref position, toClient);
            }
            else if (type is BackendCode.CopyData && table.CurrentHead() is { IsCopyOut: true, CopyPlan.ShowsEverything: false } copy)
            {
                end = TakeCopyData(copy, position, length, received.Span, toClient);
                position += length;
            }
            else if (type is BackendCode.CopyData && table.CurrentHead() is { IsCopyOut: true, CopyPlan.Subjects: not null } shown)
            {
                subjects.TakeCopy(shown.CopyPlan, rest[PostgresFraming.HeaderLength..length], shown.CopyMessages++ == 0);
                end = table.Take(new ReplyFrame(type, position, length, rest[PostgresFraming.HeaderLength..length]), toClient);
                position += length;
            }
            else if (type is BackendCode.RowDescription && table.AwaitsCatalogue(rest[PostgresFraming.HeaderLength..length]))
            {
                return new ReplyStep(position, SessionEnd.None, AwaitsCatalogue: true);
            }
            else
            {
                end = table.Take(new ReplyFrame(type, position, length, rest[PostgresFraming.HeaderLength..length]), toClient);
                position += length;
                table.Conclude(toClient);
            }

            if (end is not SessionEnd.None) return new ReplyStep(position, end);
        }
    }

    private SessionEnd TakeOversizedHeader(int length)
    {
        if (table.CurrentHead() is not { Kind: PendingKind.Query or PendingKind.Execute, HasFailed: false } head) return table.Violate("DataRow");
        head.Rows++;
        head.Bytes += length;
        subjects.Miss(PlanOf(head).Subjects);
        _oversized.Begin(PlanOf(head), length - PostgresFraming.HeaderLength);
        return SessionEnd.None;
    }

    /// <summary>Takes every whole row that lies here in a row: the head and its plan are looked up once for all of them.</summary>
    private SessionEnd TakeRows(Span<byte> received, ref int position, Outbound toClient)
    {
        if (table.CurrentHead() is not { Kind: PendingKind.Query or PendingKind.Execute, HasFailed: false } head) return table.Violate("DataRow");
        var plan = PlanOf(head);
        var start = position;
        var rows = 0;
        while (PostgresFraming.TryReadHeader(received[position..], out var type, out var length) is FrameStatus.Complete && type is BackendCode.DataRow)
        {
            subjects.Take(plan.Subjects, received.Slice(position + PostgresFraming.HeaderLength, length - PostgresFraming.HeaderLength));
            var isWhole = plan.ShowsEverything
                ? HasColumns(received[position..], plan.ColumnCount)
                : masking.TryForward(position, length, plan, received, toClient);
            if (!isWhole) return table.Violate("malformed DataRow");
            position += length;
            rows++;
        }

        if (plan.ShowsEverything) toClient.Forward(start, position - start);
        head.Rows += rows;
        head.Bytes += position - start;
        return SessionEnd.None;
    }

    private SessionEnd TakeCopyData(PendingReply copy, int position, int length, Span<byte> received, Outbound toClient)
    {
        copy.Bytes += length;
        subjects.TakeCopy(copy.CopyPlan, received.Slice(position + PostgresFraming.HeaderLength, length - PostgresFraming.HeaderLength), copy.CopyMessages == 0);
        return masking.Copies.TryForward(copy, asides.DateStyle, position, length, received, toClient)
            ? SessionEnd.None
            : table.Violate("a COPY that is not one row a message, or has other columns than the catalogue says");
    }

    private MaskPlan PlanOf(PendingReply head) =>
        ((head.Kind is PendingKind.Query ? head.Plan : head.Portal?.Plan) ?? MaskPlan.Everything).In(asides.DateStyle);

    /// <summary>Whether a message need not be whole to be shown: COPY data, and rows that are shown as they are.</summary>
    private bool MayStream(byte type, ReadOnlySpan<byte> rest)
    {
        if (table.CurrentHead() is not { } head) return false;
        return type switch
        {
            BackendCode.DataRow => head is { Kind: PendingKind.Query or PendingKind.Execute, HasFailed: false }
                && PlanOf(head) is { ShowsEverything: true } plan && HasColumns(rest, plan.ColumnCount),
            BackendCode.CopyData => head is { IsCopyOut: true, CopyPlan.ShowsEverything: true },
            _ => false,
        };
    }

    /// <summary>Whose rows the head's answer holds, when a message of it passes in parts.</summary>
    private SubjectPlan? SubjectsOf(byte type) =>
        table.CurrentHead() is { } head ? type is BackendCode.CopyData ? head.CopyPlan?.Subjects : PlanOf(head).Subjects : null;

    /// <summary>A row that is not looked at must at least have the columns that were found to be clean; a plan of none shows everything, too.</summary>
    private static bool HasColumns(ReadOnlySpan<byte> row, int count) =>
        row.Length >= PostgresFraming.HeaderLength + sizeof(short)
        && BinaryPrimitives.ReadInt16BigEndian(row[PostgresFraming.HeaderLength..]) == count;

    private ReplyStep Violate(int consumed, string what) => new(consumed, table.Violate(what));
}
