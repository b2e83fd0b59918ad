using Proxy.Core.Masking;
using Proxy.Core.Policy;

namespace Proxy.Protocols.Postgres;

/// <summary>A portal: one statement generation, one judgement, one plan. Pooled by <see cref="PortalPool"/>, so that a Bind allocates nothing.</summary>
internal sealed class Portal
{
    public byte[] Name { get; set; } = [];

    /// <summary>Null for a SQL cursor.</summary>
    public PreparedStatement? Statement { get; set; }

    public Judgement? Judgement { get; set; }

    /// <summary>Which statement of the judged text it runs: 0 but for cursors declared within a longer text.</summary>
    public int StatementIndex { get; set; }

    /// <summary>Set when the description has arrived; rows that come before are masked whole.</summary>
    public MaskPlan? Plan { get; set; }

    /// <summary>Whether a Describe for it is on its way or done. If not, Execute asks for one first, and the reply is not shown.</summary>
    public bool IsDescribed { get; set; }

    /// <summary>The record of the execution.</summary>
    public long Execution { get; set; }

    /// <summary>The execution is recorded and has no outcome yet: a portal that is dropped without having run was skipped.</summary>
    public bool OwesOutcome { get; set; }

    /// <summary>For EXECUTE and FETCH: what they named at Bind.</summary>
    public NamedGeneration Names { get; set; }

    public bool IsHoldable { get; set; }

    /// <summary>The transaction and the savepoint depth in which it was made: both decide when the server drops it.</summary>
    public long Transaction { get; set; }

    public int SavepointDepth { get; set; }

    /// <summary>The table and the pending replies that still refer to it.</summary>
    public int References { get; set; }

    public override string ToString() => $"portal of {Statement}";
}
