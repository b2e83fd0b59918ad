using System.Text.Json;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Identity;
using Proxy.Host.Identity.Credentials;
using Proxy.Host.Identity.Revocation;
using Proxy.Host.Transport;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;

namespace Proxy.Host.DataPlane;

/// <summary>
/// Who comes in: (1) a token, or a one-time credential, proves an identity, (2) nobody has revoked it, (3) the database names a target, (4) some rule
/// could let this identity do something there, (5) the target is one that masking can survive on, (6) there is room. In this order, so that nobody
/// without a proof learns which targets exist.
/// </summary>
internal sealed class Gatekeeper : IGatekeeper
{
    private readonly TokenValidator _tokens;
    private readonly TargetDirectory _targets;
    private readonly LimitOptions _limits;
    private readonly IPolicySource _policy;
    private readonly SessionPlaces _places;
    private readonly MaskPlanner _planner;
    private readonly TokenBooks _books;
    private readonly BudgetBook _budgets;
    private readonly AccessState _access;
    private readonly TimeProvider _time;
    private readonly string? _fixedTarget;
    private readonly bool _takesOAuth;

    /// <param name="tokens">Judges tokens.</param>
    /// <param name="targets">Where one can go.</param>
    /// <param name="limits">How many can be there.</param>
    /// <param name="policy">What the rules say now.</param>
    /// <param name="places">Who is there.</param>
    /// <param name="planner">For the sessions' judges.</param>
    /// <param name="books">What tokens stand for.</param>
    /// <param name="budgets">What identities have used up.</param>
    /// <param name="access">Credentials, revocations, and who tried too often.</param>
    /// <param name="listener">Where the clients of this gatekeeper come from.</param>
    /// <param name="oauthIssuer">The issuer that the listener sends clients without a token to; null where it takes tokens as passwords.</param>
    /// <param name="time">The clock.</param>
    public Gatekeeper(
        TokenValidator tokens, TargetDirectory targets, LimitOptions limits, IPolicySource policy, SessionPlaces places, MaskPlanner planner, TokenBooks books, BudgetBook budgets,
        AccessState access, ListenerOptions listener, IssuerOptions? oauthIssuer, TimeProvider time)
    {
        _tokens = tokens;
        _targets = targets;
        _limits = limits;
        _policy = policy;
        _places = places;
        _planner = planner;
        _books = books;
        _budgets = budgets;
        _access = access;
        _time = time;
        _fixedTarget = listener.Target;
        _takesOAuth = listener.Oauthbearer is not null;
        OAuthChallenge = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["status"] = "invalid_token",
            ["openid-configuration"] = oauthIssuer is null ? "" : DiscoveryAddress.Of(oauthIssuer).AbsoluteUri,
            ["scope"] = listener.Oauthbearer?.Scope ?? "",
        });
    }

    public string OAuthChallenge { get; }

    public SignInMethod MethodFor(SignInRequest request) =>
        CredentialStore.IsName(request.User) ? SignInMethod.Scram
        : _takesOAuth ? SignInMethod.OAuthBearer
        : SignInMethod.Token;

    public async ValueTask<Admission> AdmitAsync(SignInRequest request, ReadOnlyMemory<byte> token, CancellationToken cancellationToken)
    {
        if (_access.Throttle.IsBlocked(request.RemoteEndPoint))
            return Admission.Refused(Refusals.SignInThrottled.Because("failed sign-ins from this address"), "too many failed sign-ins from this address");
        var outcome = await OffSocketThread.Run(() => _tokens.ValidateAsync(token, cancellationToken, request.CertificateThumbprint).AsTask());
        if (outcome.Principal is not { } principal)
        {
            _access.Throttle.Failed(request.RemoteEndPoint);
            return Admission.Refused(outcome.Refusal ?? Refusals.SignInFailed.Because("refused"), outcome.Detail);
        }
        return _access.Throttle.TryTake(principal)
            ? AdmitPrincipal(request, principal, credential: null)
            : Admission.Refused(Refusals.SignInThrottled.Because("sign-ins of this identity"), principal.ToString());
    }

    public ScramVerifier VerifierFor(SignInRequest request) => _access.Credentials.VerifierFor(request.User);

    public ValueTask<Admission> AdmitCredentialAsync(SignInRequest request, bool isProven, CancellationToken cancellationToken)
    {
        if (_access.Throttle.IsBlocked(request.RemoteEndPoint))
            return ValueTask.FromResult(Admission.Refused(
                Refusals.SignInThrottled.Because("failed sign-ins from this address"), "too many failed sign-ins from this address"));
        if (!isProven || _access.Credentials.Find(request.User) is not { } credential)
        {
            _access.Throttle.Failed(request.RemoteEndPoint);
            return ValueTask.FromResult(Admission.Refused(
                Refusals.SignInFailed.Because("unknown user or wrong password"),
                $"{request.User}: {(_access.Credentials.Find(request.User) is null ? "no such credential" : "wrong password, or another channel")}"));
        }
        return ValueTask.FromResult(AdmitHolder(request, credential));
    }

    private Admission AdmitHolder(SignInRequest request, OneTimeCredential credential)
    {
        if (!_access.Credentials.IsGood(credential))
            return Admission.Refused(Refusals.CredentialSpent.Because("expired"), $"{credential} of {credential.Principal}: expired");
        if (!credential.TryUse())
            return Admission.Refused(Refusals.CredentialSpent.Because("no connection left"), $"{credential} of {credential.Principal}: no connection left");
        var admission = AdmitPrincipal(request, credential.Principal, credential);
        if (admission.Refusal is not null)
            credential.GiveBack();
        return admission;
    }

    private Admission AdmitPrincipal(SignInRequest request, Principal principal, OneTimeCredential? credential)
    {
        // The issuer's clock may be behind ours, so the token is good still; but a session ends with its token, and this one would be over when it begins.
        if (principal.ExpiresAt <= _time.GetUtcNow())
            return Admission.Refused(Refusals.TokenExpired.Because("expired"), $"{principal}: expired, within the clock skew");
        if (_access.Revocations.Find(principal, credential?.Name, sessionId: null) is { } revocation)
            return Admission.Refused(Refusals.AccessRevoked.Because("revoked"), $"{principal}: {AccessRevocation.NameOf(revocation.Subject)} revoked");
        if (_targets.Find(request.Database, _fixedTarget) is not { } target
            || (credential is not null && (credential.Target, credential.Database) != (target.Name, target.Database)))
            return Admission.Refused(Refusals.TargetUnknown.Because("no such target"), $"{principal} asked for an unknown target");
        var rules = _policy.Current.For(principal, target.Name, target.Database);
        if (!rules.CanEverForward)
            return Admission.Refused(Refusals.SignInNotAllowed.Because("no rule concerns this identity and target"), principal.ToString());
        if (target.As(rules.Session.DatabaseUser) is not { } arrival)
            return Admission.Refused(Refusals.SignInNotAllowed.Because("the rules name a database user that the target does not have"), principal.ToString());
        if (target.Review.Problem is { } problem)
            return Admission.Refused(Refusals.ServerUnavailable.Because(problem), principal.ToString());
        if (_places.TryTake(principal, arrival, _limits.SessionsMax, _limits.SessionsPerIdentityMax, target.SessionsMax, out var full) is not { } place)
            return Admission.Refused(full!, principal.ToString());
        return new Admission
        {
            Principal = principal,
            Target = arrival,
            Judge = new SessionJudge(principal, target.Name, target.Database, _policy, target.Catalogue,
                _planner.With(_books.Of(principal, target.Name, target.Database)), _time, _budgets, other => MayUse(other, principal, target)),
            Settings = rules.Session,
            Place = place,
            Detail = principal.ToString(),
            EndsAt = EndOf(principal, credential),
            Grant = credential?.Name,
            IsForOneRequest = credential is { IsForOneRequest: true },
            Reason = credential?.Reason,
        };
    }

    /// <summary>
    /// Whether a session may go from its database to another one by USE: the configuration names it, and the same rules concern the identity there. That what
    /// it reads there is judged is no question of this: a name with a database is judged from anywhere.
    /// </summary>
    private bool MayUse(string other, Principal principal, TargetDatabase target) =>
        _targets.Find($"{target.Name}/{other}", target.Name) is not null
        && _policy.Current.For(principal, target.Name, other).Rules.SequenceEqual(_policy.Current.For(principal, target.Name, target.Database).Rules);

    private DateTimeOffset EndOf(Principal principal, OneTimeCredential? credential)
    {
        var end = _time.GetUtcNow().AddSeconds(_limits.SessionLifetimeSecondsMax);
        if (principal.ExpiresAt < end)
            end = principal.ExpiresAt;
        return credential is not null && credential.SessionsEndAt < end ? credential.SessionsEndAt : end;
    }
}
