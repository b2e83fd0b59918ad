namespace Proxy.Core.Policy;

/// <summary>What is done with a statement. Zero refuses.</summary>
public enum Verdict : byte
{
    Refuse = 0,

    /// <summary>Needs a human's approval. Until approvals exist it is refused with a ticket-shaped error.</summary>
    Hold,

    /// <summary>Runs, and PHI in its answer is masked with the decision's profile.</summary>
    Mask,

    /// <summary>Runs, and its answer is shown as it is.</summary>
    Allow,
}
