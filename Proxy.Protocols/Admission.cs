using Proxy.Core.Policy;

namespace Proxy.Protocols;

/// <summary>The answer to a sign-in: either a refusal, or who it is and where it may go.</summary>
public sealed record Admission
{
    /// <summary>Set when the client may not come in. What it is told; nothing that helps an attacker.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>For the record: what exactly was wrong, or how the identity was verified. Never the token.</summary>
    public string Detail { get; init; } = "";

    public Principal? Principal { get; init; }

    public ITarget? Target { get; init; }

    public IStatementJudge? Judge { get; init; }

    /// <summary>What the rules impose on the session.</summary>
    public SessionSettings Settings { get; init; } = SessionSettings.None;

    /// <summary>The session's place under the limits on sessions; whoever holds the admission gives it back when the session is over or never began.</summary>
    public IDisposable? Place { get; init; }

    /// <summary>When the session ends at the latest: the first of its grant, the issuer's rule and the gateway's own limit.</summary>
    public DateTimeOffset EndsAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>The one-time credential that was used, or null.</summary>
    public string? Grant { get; init; }

    /// <summary>Whether the session is good for one request only: one transaction, or one statement outside of one.</summary>
    public bool IsForOneRequest { get; init; }

    /// <summary>Why, as whoever asked for the credential put it. Never to be trusted.</summary>
    public string? Reason { get; init; }

    /// <summary>How the client proved itself; for the record.</summary>
    public string Method { get; init; } = "token";

    public static Admission Refused(Refusal refusal, string detail) => new() { Refusal = refusal, Detail = detail };
}
