using Proxy.Core.Policy;

namespace Proxy.Protocols;

/// <summary>Ends a session that runs into refusals again and again. For the request relay.</summary>
/// <param name="recorder">Has counted them.</param>
/// <param name="limits">How many there may be.</param>
/// <param name="end">Ends the session between transactions.</param>
internal sealed class RefusalLimit(SessionRecorder recorder, Limits limits, Action<Refusal> end)
{
    /// <summary>Why somebody should look at this session; null where nobody need.</summary>
    public string? Alarm { get; private set; }

    /// <summary>The step, or the session's end instead of what it waits for.</summary>
    /// <param name="step">What became of requests.</param>
    /// <param name="isEnding">Whether the session has been told to end.</param>
    public RequestStep Check(RequestStep step, bool isEnding)
    {
        var isStuck = recorder.RepeatedRefusals >= limits.RepeatedRefusalsMax;
        if (recorder.RefusalCount < limits.RefusalsMax && !isStuck) return step;
        if (!isEnding)
        {
            Alarm = isStuck ? $"the same refusal {recorder.RepeatedRefusals} times in a row" : $"{limits.RefusalsMax} refusals";
            end(Refusals.TooManyRefusals.Because(Alarm));
        }

        // One that hides in a transaction gets as many again, and is then ended where it stands.
        return recorder.RefusalCount >= 2L * limits.RefusalsMax && step.Wait is not RequestWait.End
            ? step with { Wait = RequestWait.End, End = SessionEnd.Drained }
            : step with { WakesReplies = true };
    }
}
