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

    public static Admission Refused(Refusal refusal, string detail) => new() { Refusal = refusal, Detail = detail };
}
