using Proxy.Core.Policy;

namespace Proxy.Protocols.MySql;

/// <summary>
/// One entry of the queue of expected replies. Slots are re-used; <see cref="Clear"/> lets go of everything.
/// The request relay fills a slot before the command is sent; afterwards only the reply relay touches it.
/// </summary>
internal sealed class PendingReply : IPendingReply
{
    public PendingKind Kind;
    public ReplyPhase Phase;
    public Judgement? Judgement;
    public PreparedStatement? Statement;

    /// <summary>The number that the next packet of the server has to have.</summary>
    public byte Sequence;

    /// <summary>What the client's numbers are ahead of the server's: of a text of several statements each has an answer that begins at 1 there.</summary>
    public byte SequenceShift;

    /// <summary>It answers one statement of a text of several.</summary>
    public bool IsPart;

    /// <summary>Another statement of the same text follows: the end of the answer is to announce another result.</summary>
    public bool IsFollowed;

    /// <summary>The server answered with an error.</summary>
    public bool HasFailed;

    /// <summary>Definitions of the phase that are still to come.</summary>
    public int Definitions;

    /// <summary>Columns of the result under way.</summary>
    public int Columns;

    /// <summary>Results before this one, of a procedure.</summary>
    public int Results;

    /// <summary>Of the rows under way, with the plan that masks them; null until all columns are known.</summary>
    public MySqlRowShape? Shape;

    /// <summary>It may change which relations the session sees, or how its texts are read: nothing is judged until it is settled.</summary>
    public bool ChangesReading;

    /// <summary>A COM_STMT_PREPARE that the server is not told of: behind it, nothing was prepared last.</summary>
    public bool ForgetsLast;

    /// <summary>A budget was used up in its middle: the client has got an error, and what still comes is not shown.</summary>
    public bool IsCut;

    /// <summary>Number of the record that the outcome refers to; 0 when nothing was recorded.</summary>
    public long Record;

    public long StartedAt;
    public long Rows;
    public long Bytes;

    /// <summary>Our own packets for <see cref="PendingKind.Local"/>, the refusal for <see cref="PendingKind.Probe"/>.</summary>
    public byte[]? Answer;

    /// <summary>Rows come in the binary protocol.</summary>
    public bool IsBinary => Kind is PendingKind.Execute or PendingKind.Fetch;

    /// <summary>The client has not asked for it.</summary>
    public bool IsHidden => Kind is PendingKind.Setup;

    /// <summary>The number that the next packet for the client has to have.</summary>
    public byte ClientSequence => (byte)(Sequence + SequenceShift);

    public void Clear()
    {
        Kind = PendingKind.None;
        Phase = ReplyPhase.Header;
        Judgement = null;
        Statement = null;
        Sequence = SequenceShift = 0;
        Definitions = Columns = Results = 0;
        Shape = null;
        ChangesReading = ForgetsLast = IsCut = IsPart = IsFollowed = HasFailed = false;
        Record = StartedAt = Rows = Bytes = 0;
        Answer = null;
    }

    public override string ToString() => $"{Kind}, {Phase}";
}
