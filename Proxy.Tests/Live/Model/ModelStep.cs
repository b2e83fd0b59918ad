namespace Proxy.Tests.Live.Model;

/// <summary>One step of a sequence: what the gateway gets, and what the server itself gets in the run that it is compared with.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Label">What it is, for a reproduction.</param>
/// <param name="Gateway">Messages for the gateway.</param>
/// <param name="Direct">The same messages; where the gateway refuses one, a message of the same kind that is bound to fail.</param>
public sealed record ModelStep(ModelAction Action, string Label, byte[] Gateway, byte[] Direct)
{
    public override string ToString() => Action is ModelAction.Send ? Label : Action.ToString();
}
