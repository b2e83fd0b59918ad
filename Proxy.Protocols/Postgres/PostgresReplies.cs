using System.Buffers.Binary;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking;
using Proxy.Core.Policy.Budgets;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// The server's half of a PostgreSQL session: takes whole frames out of what was received, streams what need not be whole, and has rows masked.
/// What a reply does to the session is said by <see cref="PostgresReplyTable"/>. Synchronous; owned by the reply relay, the only one that
/// writes to the client.
/// </summary>
internal sealed class PostgresReplies(
    PostgresReplyTable table, PostgresRowMasking masking, PostgresAsides asides, SubjectRows subjects, Limits limits, RowBudget budget, AnswerCuts cuts)
{
    private readonly OversizedRow _oversized = new();
    private int _streaming;
    private int _skipping;
    private bool _isAmongRows;

    /// <summary>Whether the client has got only part of a message: then nothing more can be said to it.</summary>
    public bool IsInMessage => _streaming > 0 || _oversized.IsActive;

    public ReplyStep Take(Memory<byte> received, Outbound toClient)
    {
        var step = TakeFrames(received, toClient);
        // Behind a row comes another or what ends them, whatever becomes of the statement.
        return _isAmongRows ? step with { IsMidAnswer = true } : step;
    }

    private ReplyStep TakeFrames(Memory<byte> received, Outbound toClient)
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

            if (_skipping > 0)
            {
                var part = Math.Min(_skipping, received.Length - position);
                position += part;
                _skipping -= part;
                if (_skipping > 0) return new ReplyStep(position, SessionEnd.None);
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
                case FrameStatus.Incomplete when IsCutAway(type):
                    _skipping = length;
                    continue;
                case FrameStatus.Incomplete when MayStream(type, rest):
                    if (!TryBeginStream(type, length, toClient, out var uncut)) return new ReplyStep(position, uncut);
                    if (_streaming > 0) subjects.Miss(SubjectsOf(type));
                    continue;
                case FrameStatus.Incomplete when type is BackendCode.DataRow && length > limits.RowBytesMax:
                    if (TakeOversizedHeader(length, toClient) is not SessionEnd.None and var refused) return new ReplyStep(position, refused);
                    if (!_oversized.IsActive) continue; // It was cut.
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
            _isAmongRows = type is BackendCode.DataRow or BackendCode.CopyData;
            if (type is BackendCode.DataRow)
            {
                end = TakeRows(received.Span, ref position, toClient);
            }
            else if (IsCutAway(type))
            {
                end = SessionEnd.None;
                position += length;
            }
            else if (type is BackendCode.CopyData && table.CurrentHead() is { IsCopyOut: true } copy)
            {
                end = TakeCopyData(copy, position, length, received.Span, toClient);
                position += length;
            }
            else if (type is BackendCode.RowDescription or BackendCode.CopyOutResponse && table.AwaitsCatalogue(rest[PostgresFraming.HeaderLength..length]))
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

    private SessionEnd TakeOversizedHeader(int length, Outbound toClient)
    {
        if (table.CurrentHead() is not { Kind: PendingKind.Query or PendingKind.Execute, HasFailed: false } head) return table.Violate("DataRow");
        if (PlanOf(head).HoldsPhi && !budget.TryShowUnknown()) return Cut(head, BudgetKind.PhiRows, toClient);
        head.Rows++;
        head.Bytes += length;
        subjects.Miss(PlanOf(head).Subjects);
        _oversized.Begin(PlanOf(head) is { Groups: { } groups } ? groups.Small : PlanOf(head), length - PostgresFraming.HeaderLength);
        return SessionEnd.None;
    }

    /// <summary>Takes every whole row that lies here in a row: the head and its plan are looked up once for all of them.</summary>
    private SessionEnd TakeRows(Span<byte> received, ref int position, Outbound toClient)
    {
        if (table.CurrentHead() is not { Kind: PendingKind.Query or PendingKind.Execute, HasFailed: false } head) return table.Violate("DataRow");
        if (head.IsCut)
        {
            SkipRows(received, ref position);
            return SessionEnd.None;
        }

        var plan = PlanOf(head);
        var counts = budget.Counts(plan);
        var isSpent = false;
        var start = position;
        var rows = 0;
        if (!counts && !plan.ShowsEverything && plan.Shape is { } shape && !masking.TryForward(shape, plan, received, ref position, subjects, toClient, out rows))
        {
            // Those before it go out.
            head.Rows += rows;
            head.Bytes += position - start;
            return table.Violate("malformed DataRow");
        }

        while (PostgresFraming.TryReadHeader(received[position..], out var type, out var length) is FrameStatus.Complete && type is BackendCode.DataRow)
        {
            if (counts && !budget.TryShow(plan, received.Slice(position + PostgresFraming.HeaderLength, length - PostgresFraming.HeaderLength)))
            {
                isSpent = true;
                break;
            }

            var rowPlan = plan.ForRow(received.Slice(position + PostgresFraming.HeaderLength, length - PostgresFraming.HeaderLength));
            subjects.Take(plan.Subjects, received.Slice(position + PostgresFraming.HeaderLength, length - PostgresFraming.HeaderLength));
            var isWhole = plan.ShowsEverything
                ? HasColumns(received[position..], plan.ColumnCount)
                : masking.TryForward(position, length, rowPlan, received, toClient);
            if (!isWhole) return table.Violate("malformed DataRow");
            position += length;
            rows++;
        }

        if (plan.ShowsEverything) toClient.Forward(start, position - start);
        head.Rows += rows;
        head.Bytes += position - start;
        var hasRoom = budget.TrySend(position - start);
        return isSpent ? Cut(head, BudgetKind.PhiRows, toClient)
            : hasRoom || ReferenceEquals(plan, MaskPlan.Everything) ? SessionEnd.None
            : Cut(head, BudgetKind.Bytes, toClient);
    }

    private static void SkipRows(Span<byte> received, ref int position)
    {
        while (PostgresFraming.TryReadHeader(received[position..], out var type, out var length) is FrameStatus.Complete && type is BackendCode.DataRow)
            position += length;
    }

    /// <summary>The rest of the answer is not shown: nothing of it where it can fail, NULL where it cannot.</summary>
    private SessionEnd Cut(PendingReply head, BudgetKind kind, Outbound toClient)
    {
        if (cuts.TryCut(head, kind, out var refusal)) return SessionEnd.None;
        if (head.IsCopyOut) return table.LoseTrack("a COPY that must not fail has to be cut");
        head.Plan = MaskPlan.Everything;
        if (head.Portal is { } portal) portal.Plan = MaskPlan.Everything;
        toClient.Insert(PostgresRefusal.Warning(refusal));
        return SessionEnd.None;
    }

    private bool IsCutAway(byte type) => type is BackendCode.DataRow or BackendCode.CopyData && table.CurrentHead() is { IsCut: true };

    /// <summary>False when the session ends. What is cut instead is skipped when it is looked at again.</summary>
    private bool TryBeginStream(byte type, int length, Outbound toClient, out SessionEnd end)
    {
        end = SessionEnd.None;
        var head = table.CurrentHead()!;
        if (type is BackendCode.CopyData && head.Judgement is { MayShowPhi: true } && !budget.TryShowUnknown()) end = Cut(head, BudgetKind.PhiRows, toClient);
        else if (budget.TrySend(length)) _streaming = length;
        else end = Cut(head, BudgetKind.Bytes, toClient);
        return end is SessionEnd.None;
    }

    private SessionEnd TakeCopyData(PendingReply copy, int position, int length, Span<byte> received, Outbound toClient)
    {
        if (copy.Judgement is { MayShowPhi: true } && !budget.TryShowUnknown()) return Cut(copy, BudgetKind.PhiRows, toClient);
        if (!budget.TrySend(length)) return Cut(copy, BudgetKind.Bytes, toClient);
        copy.Bytes += length;
        subjects.TakeCopy(copy.CopyPlan, received.Slice(position + PostgresFraming.HeaderLength, length - PostgresFraming.HeaderLength), copy.CopyMessages == 0);
        if (copy.CopyPlan is { ShowsEverything: true })
        {
            copy.CopyMessages++;
            toClient.Forward(position, length);
            return SessionEnd.None;
        }

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
                && PlanOf(head) is { ShowsEverything: true } plan && !budget.Counts(plan) && HasColumns(rest, plan.ColumnCount),
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
