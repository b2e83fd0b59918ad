namespace Proxy.Tests.Live.Refusals;

/// <summary>Messages of which one is refused, and what a server gets instead to fail at the same place.</summary>
/// <param name="Name">For the test's name.</param>
/// <param name="Code">The refusal's code.</param>
/// <param name="SqlState">The refusal's SQLSTATE.</param>
/// <param name="Gateway">What the gateway gets; the last message that matters is the refused one.</param>
/// <param name="Direct">The same with a message that is bound to fail in its place.</param>
public sealed record RefusedMessage(string Name, string Code, string SqlState, byte[] Gateway, byte[] Direct)
{
    /// <summary>Messages of the batch before, answered before the cause sets in.</summary>
    public byte[] Before { get; init; } = [];

    public RefusedCause Cause { get; init; }

    /// <summary>Where the message gets as far as its refusal.</summary>
    public Func<Situation, bool> Fits { get; init; } = static _ => true;

    public override string ToString() => Name;
}
