using Proxy.Core.Policy;

namespace Proxy.Protocols;

/// <summary>The ways to end one live session. Each may be called from any thread, at any time, more than once.</summary>
/// <param name="EndWhenIdle">Ends it between transactions, with this refusal as its last words.</param>
/// <param name="TakeNoMore">Forwards no further request from now on, lets what is under way finish, and ends with this refusal.</param>
/// <param name="Abort">Ends it at once.</param>
public sealed record SessionControls(Action<Refusal> EndWhenIdle, Action<Refusal> TakeNoMore, Action Abort);
