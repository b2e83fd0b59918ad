using Proxy.Core.Masking;
using Proxy.Core.Masking.Copy;
using Proxy.Core.Policy;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// One entry of the queue of expected replies. Slots are re-used; <see cref="Clear"/> lets go of everything.
/// The request relay fills a slot before the message is sent; afterwards only the reply relay touches it.
/// </summary>
internal sealed class PendingReply : IPendingReply
{
    public PendingKind Kind;

    /// <summary>We sent the message on our own account: its success is not shown to the client.</summary>
    public bool IsHidden;

    /// <summary>Counts Syncs and Queries: messages with equal numbers succeed or are dropped together.</summary>
    public long Segment;

    public PreparedStatement? Statement;
    public Portal? Portal;
    public byte[]? Name;
    public Judgement? Judgement;

    /// <summary>Which statement of a Query is being answered.</summary>
    public int StatementIndex;

    /// <summary>The plan of the answer under way of a Query; null until its RowDescription.</summary>
    public MaskPlan? Plan;

    /// <summary>It runs a statement that may define or drop names.</summary>
    public bool ChangesNames;

    /// <summary>It runs a statement that may change which relations the session sees.</summary>
    public bool ChangesRelations;

    /// <summary>Named statements and portals that its success would add; they count against the limits from the moment they are sent.</summary>
    public int StatementsAdded;
    public int PortalsAdded;

    public bool IsCopyOut;

    /// <summary>How the COPY … TO STDOUT under way is masked.</summary>
    public CopyPlan? CopyPlan;

    /// <summary>CopyData messages so far.</summary>
    public long CopyMessages;

    /// <summary>The end of the data of a COPY in binary has come.</summary>
    public bool IsCopyAtTrailer;
    public bool HasFailed;

    /// <summary>The rest of its answer is not shown: <see cref="Answer"/> comes in its place when the server is done.</summary>
    public bool IsCut;

    /// <summary>Number of the record that the outcome refers to; 0 when nothing was recorded.</summary>
    public long Record;

    public long StartedAt;
    public long Rows;
    public long Bytes;

    /// <summary>Our own bytes for <see cref="PendingKind.Local"/>, the refusal's ErrorResponse for <see cref="PendingKind.Refused"/>.</summary>
    public byte[]? Answer;

    public void Clear()
    {
        Kind = PendingKind.None;
        IsHidden = ChangesNames = ChangesRelations = IsCopyOut = IsCopyAtTrailer = HasFailed = IsCut = false;
        CopyPlan = null;
        Segment = CopyMessages = Record = StartedAt = Rows = Bytes = 0;
        Statement = null;
        Portal = null;
        Name = null;
        Judgement = null;
        StatementIndex = StatementsAdded = PortalsAdded = 0;
        Plan = null;
        Answer = null;
    }

    public override string ToString() => $"{Kind}{(IsHidden ? " (hidden)" : "")} of segment {Segment}";
}
