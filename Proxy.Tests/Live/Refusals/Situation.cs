using Proxy.Tests.Live.Model;

namespace Proxy.Tests.Live.Refusals;

/// <summary>What the session is in the middle of when the refused message comes.</summary>
/// <param name="Name">For the test's name.</param>
/// <param name="Before">What was sent before.</param>
/// <param name="IsAnswered">Whether everything before has been answered by then; only so can a cause outside the session set in behind it.</param>
public sealed record Situation(string Name, ModelStep[] Before, bool IsAnswered)
{
    /// <summary>The server skips the message up to the Sync, so there is nothing to refuse.</summary>
    public bool IsSkipped { get; init; }

    public override string ToString() => Name;
}
