using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// The server's half of a MySQL session: takes whole packets out of what was received, streams what need not be whole, and has rows masked.
/// What a packet does to the session is said by <see cref="MySqlReplyTable"/>. Synchronous; owned by the reply relay, the only one that
/// writes to the client.
/// </summary>
internal sealed class MySqlReplies(
    MySqlReplyTable table, MySqlRowMasking masking, MySqlSubjectRows subjects, MySqlSessionFacts facts, Limits limits, AnswerCuts cuts)
{
    private readonly OversizedRow _oversized = new();
    private readonly RowRun _run = new();
    private bool _isAmongRows;
    private int _streaming;
    private int _skipping;
    private bool _skipContinues;
    private bool _continues;

    /// <summary>Whether the client has got only part of a packet or row: then nothing more can be said to it.</summary>
    public bool IsInMessage => _streaming > 0 || _continues || _oversized.IsActive;

    public ReplyStep Take(Memory<byte> received, Outbound toClient)
    {
        var step = TakePackets(received, toClient);
        // Behind a row comes another or what ends them, whatever becomes of the statement.
        return _isAmongRows ? step with { IsMidAnswer = true } : step;
    }

    private ReplyStep TakePackets(Memory<byte> received, Outbound toClient)
    {
        var position = 0;
        table.Attribute(toClient);
        table.AnswerLocally(toClient);
        while (true)
        {
            if (_streaming > 0)
            {
                var part = Math.Min(_streaming, received.Length - position);
                if (_oversized.IsActive && !_oversized.TryTake(received.Span.Slice(position, part))) return Violate(position, "a row over the limit cannot be masked");
                toClient.Forward(position, part);
                position += part;
                _streaming -= part;
                if (_streaming > 0) return new ReplyStep(position, SessionEnd.None);
                if (!_continues && _oversized.IsActive && !_oversized.TryEnd()) return Violate(position, "a row over the limit is malformed");
            }

            if (_skipping > 0)
            {
                var part = Math.Min(_skipping, received.Length - position);
                position += part;
                _skipping -= part;
                if (_skipping > 0) return new ReplyStep(position, SessionEnd.None);
            }

            table.Attribute(toClient);
            if (!MySqlFraming.TryReadHeader(received.Span[position..], out var length, out _))
                return new ReplyStep(position, received.Length == position ? table.EndWhenIdle() : SessionEnd.None);
            if (_skipContinues)
            {
                if (!table.TryNextSequence(received.Span[position..])) return Violate(position, "a packet is out of order");
                BeginSkip(length, ref position);
                continue;
            }

            if (_continues)
            {
                if (!table.TryNextSequence(received.Span[position..])) return Violate(position, "a packet is out of order");
                BeginStream(length, ref position, toClient);
                if (length == 0 && _oversized.IsActive && !_oversized.TryEnd()) return Violate(position, "a row over the limit is malformed");
                continue;
            }

            var available = received.Length - position - MySqlFraming.HeaderLength;
            if (length == 0) return Violate(position, "an empty packet");
            if (table.RowsOf(available > 0 ? received.Span[position + MySqlFraming.HeaderLength] : ReplyCode.Error, length) is { } head)
            {
                if (available < 1) return new ReplyStep(position, SessionEnd.None);
                _isAmongRows = true;
                if (head.IsCut)
                {
                    if (!table.TryNextSequence(received.Span[position..])) return Violate(position, "a packet is out of order");
                    BeginSkip(length, ref position);
                    continue;
                }

                var shape = AnswerFacts.ShapeOf(head);
                var plan = shape.Plan;
                if (length == MySqlFraming.PayloadMax || (available < length && (plan.ShowsEverything || length > limits.RowBytesMax)))
                {
                    if (!cuts.TryShow(head, plan, length, toClient)) continue;
                    if (!table.TryNextSequence(received.Span[position..])) return Violate(position, "a packet is out of order");
                    table.CountRow(head, length, toClient);
                    subjects.Miss(plan.Subjects);
                    if (!plan.ShowsEverything) _oversized.Begin(plan, shape.Types, shape.IsBinary);
                    BeginStream(length, ref position, toClient);
                    continue;
                }

                if (available < length) return new ReplyStep(position, SessionEnd.None);
                if (TakeRows(head, shape, received.Span, ref position, toClient) is not SessionEnd.None and var broken) return new ReplyStep(position, broken);
                continue;
            }

            if (available < length)
                return length > limits.MessageBytesMax || length == MySqlFraming.PayloadMax
                    ? Violate(position, "a packet is too long")
                    : new ReplyStep(position, SessionEnd.None);
            if (table.AwaitsCatalogue(received.Span[position + MySqlFraming.HeaderLength])) return new ReplyStep(position, SessionEnd.None, AwaitsCatalogue: true);
            _isAmongRows = false;
            if (!table.TryNextSequence(received.Span[position..])) return Violate(position, "a packet is out of order");
            var end = table.Take(
                new ReplyFrame(position, received.Span[position + MySqlFraming.SequenceOffset], received.Span.Slice(position + MySqlFraming.HeaderLength, length)),
                table.CurrentHead() is { IsCut: true } ? cuts.Nowhere(received) : toClient);
            if (end is SessionEnd.ServerViolation) table.PutBack();
            position += MySqlFraming.HeaderLength + length;
            table.Conclude(toClient);
            table.AnswerLocally(toClient);
            if (end is not SessionEnd.None) return new ReplyStep(position, end);
        }
    }

    private void BeginSkip(int length, ref int position)
    {
        position += MySqlFraming.HeaderLength;
        _skipping = length;
        _skipContinues = length == MySqlFraming.PayloadMax;
    }

    private void BeginStream(int length, ref int position, Outbound toClient)
    {
        toClient.Forward(position, MySqlFraming.HeaderLength);
        position += MySqlFraming.HeaderLength;
        _streaming = length;
        _continues = length == MySqlFraming.PayloadMax;
    }

    /// <summary>Takes every whole row that lies here in a row: the head and its plan are looked up once for all of them.</summary>
    private SessionEnd TakeRows(PendingReply head, MySqlRowShape shape, Span<byte> received, ref int position, Outbound toClient)
    {
        if (!shape.Fits) return table.Violate("a plan of other columns");
        return shape.Plan.ShowsEverything ? TakeShown(head, shape, received, ref position, toClient) : TakeMasked(head, shape, received, ref position, toClient);
    }

    private SessionEnd TakeMasked(PendingReply head, MySqlRowShape shape, Span<byte> received, ref int position, Outbound toClient)
    {
        var (shift, deprecatesEof, counts) = (head.SequenceShift, facts.DeprecatesEof, cuts.Counts(shape.Plan));
        // Where rows are counted, an answer may be cut in front of any of them.
        var max = counts ? 1 : RowRun.RowsMax;
        masking.Begin();
        do
        {
            _run.Find(received, position, shape, head.Sequence, deprecatesEof, max);
            if (counts && _run.Count > 0 && !cuts.TryShow(head, shape.Plan, _run.PayloadLengthOf(0), toClient)) return SessionEnd.None;
            subjects.Take(shape, _run, received);
            masking.Make(shape, _run, received);
            for (var row = 0; row < _run.Count; row++)
            {
                table.CountRow(head, _run.PayloadLengthOf(row), toClient);
                if (!masking.TryForward(shape, _run, row, shift, received, toClient)) return table.Violate("a masked row is too long");
                head.Sequence++;
                position = _run.StartOf(row + 1);
            }
        }
        while (_run.Count == max);

        return _run.Fault is { } fault ? table.Violate(fault) : SessionEnd.None;
    }

    /// <summary>Rows that need not be looked at.</summary>
    private SessionEnd TakeShown(PendingReply head, MySqlRowShape shape, Span<byte> received, ref int position, Outbound toClient)
    {
        var (plan, shift, deprecatesEof, counts) = (shape.Plan, head.SequenceShift, facts.DeprecatesEof, cuts.Counts(shape.Plan));
        while (MySqlFraming.TryReadHeader(received[position..], out var length, out _)
            && length is > 0 and < MySqlFraming.PayloadMax && length <= received.Length - position - MySqlFraming.HeaderLength)
        {
            var payload = received.Slice(position + MySqlFraming.HeaderLength, length);
            if (MySqlReplyTable.IsEndOfRows(payload[0], length, deprecatesEof)) return SessionEnd.None;
            if (counts && !cuts.TryShow(head, plan, length, toClient)) return SessionEnd.None;
            ref var sequence = ref received[position + MySqlFraming.SequenceOffset];
            if (sequence != head.Sequence++) return table.Violate("a packet is out of order");
            if (shift != 0) sequence += shift;
            table.CountRow(head, length, toClient);
            subjects.Take(plan.Subjects, shape.Columns, shape.IsBinary, payload);
            toClient.Forward(position, MySqlFraming.HeaderLength + length);
            position += MySqlFraming.HeaderLength + length;
        }

        return SessionEnd.None;
    }

    private ReplyStep Violate(int consumed, string what) => new(consumed, table.Violate(what));
}
