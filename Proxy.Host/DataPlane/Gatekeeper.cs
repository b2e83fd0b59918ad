using System.Text;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Identity;
using Proxy.Host.Transport;
using Proxy.Protocols;

namespace Proxy.Host.DataPlane;

/// <summary>
/// Who comes in: (1) the token proves an identity, (2) the database names a target, (3) some rule could let this identity do something there,
/// (4) the target is one that masking can survive on, (5) there is room. In this order, so that nobody without a token learns which targets exist.
/// </summary>
internal sealed class Gatekeeper(
    TokenValidator tokens, TargetDirectory targets, LimitOptions limits, IPolicySource policy, SessionPlaces places,
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
        if (target.Review.Problem is { } problem)
            return Admission.Refused(Refusals.ServerUnavailable.Because(problem), principal.ToString());
        if (places.TryTake(principal, target, limits.SessionsMax, limits.SessionsPerIdentityMax, target.SessionsMax, out var full) is not { } place)
            return Admission.Refused(full!, principal.ToString());
        return new Admission
        {
            Principal = principal,
            Target = target,
            Judge = new SessionJudge(principal, target.Name, target.Database, policy, target.Catalogue, planner, time),
            Settings = rules.Session,
            Place = place,
            Detail = principal.ToString(),
        };
    }
}
