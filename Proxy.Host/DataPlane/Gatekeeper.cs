using System.Text;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Host.Configuration;
using Proxy.Host.Identity;
using Proxy.Host.Transport;
using Proxy.Protocols;

namespace Proxy.Host.DataPlane;

/// <summary>
/// Who comes in: (1) the token proves an identity, (2) the database names a target, (3) some rule could let this identity do something there,
/// (4) there is room. In this order, so that nobody without a token learns which targets exist.
/// </summary>
internal sealed class Gatekeeper(
    TokenValidator tokens, TargetDirectory targets, ConfigurationWatcher configuration, IPolicySource policy, LiveSessions sessions,
    MaskPlanner planner, string? fixedTarget, TimeProvider time) : IGatekeeper
{
    public async ValueTask<Admission> AdmitAsync(SignInRequest request, ReadOnlyMemory<byte> token, CancellationToken cancellationToken)
    {
        var outcome = await OffSocketThread.Run(() => tokens.ValidateAsync(Encoding.UTF8.GetString(token.Span), cancellationToken).AsTask());
        if (outcome.Principal is not { } principal)
            return Admission.Refused(outcome.Refusal ?? Refusals.SignInFailed.Because("refused"), outcome.Detail);
        if (targets.Find(request.Database, fixedTarget) is not { } target)
            return Admission.Refused(Refusals.TargetUnknown.Because("no such target"), $"{principal} asked for an unknown target");
        var rules = policy.Current.For(principal, target.Name, target.Database);
        if (!rules.CanEverForward)
            return Admission.Refused(Refusals.SignInNotAllowed.Because("no rule concerns this identity and target"), principal.ToString());
        if (sessions.Count >= configuration.Current.Limits.SessionsMax)
            return Admission.Refused(Refusals.TooManySessions.Because("the gateway is full"), principal.ToString());
        if (sessions.CountOf(principal) >= configuration.Current.Limits.SessionsPerIdentityMax)
            return Admission.Refused(Refusals.TooManySessions.Because("this identity has too many sessions"), principal.ToString());
        return new Admission
        {
            Principal = principal,
            Target = target,
            Judge = new SessionJudge(principal, target.Name, target.Database, policy, target.Catalogue, planner, time),
            SessionSettings = SettingsOf(rules.Session),
            Detail = principal.ToString(),
        };
    }

    private static Dictionary<string, string> SettingsOf(SessionSettings settings)
    {
        var startup = new Dictionary<string, string>();
        if (settings.ReadOnly) startup["default_transaction_read_only"] = "on";
        if (settings.StatementTimeoutMs is { } statement) startup["statement_timeout"] = $"{statement}";
        if (settings.LockTimeoutMs is { } locks) startup["lock_timeout"] = $"{locks}";
        if (settings.IdleInTransactionTimeoutMs is { } idle) startup["idle_in_transaction_session_timeout"] = $"{idle}";
        return startup;
    }
}
