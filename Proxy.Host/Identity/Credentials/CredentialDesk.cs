using System.Net;
using System.Security.Cryptography;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.DataPlane;
using Proxy.Host.Identity.Revocation;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.Identity.Credentials;

/// <summary>
/// Trades a token for a user name and a password that are good for one target, for minutes, and for so many connections. The token is judged as at a
/// sign-in, the rules are asked as at a sign-in, and the trade is recorded before the credential exists.
/// </summary>
internal sealed class CredentialDesk(
    CredentialDeskOptions options, PublicAddresses addresses, TokenValidator tokens, TargetDirectory targets, IPolicySource policy, RevocationList revocations,
    SignInThrottle throttle, CredentialStore store, IJournal journal, TimeProvider time)
{
    private const int TextCharsMax = 512;

    public async Task<DeskReply> IssueAsync(DeskCall call, CancellationToken cancellationToken)
    {
        var (principal, refusal) = await IdentifyAsync(call, cancellationToken);
        if (principal is null)
            return DeskReply.Refused(refusal!);
        var request = call.Request ?? new CredentialRequest();
        if (Check(request) is { } unusable)
            return Refuse(call, Refusals.CredentialNotIssued.Because(unusable), principal.ToString());
        if (targets.Find(request.Target, fixedTarget: null) is not { } target)
            return Refuse(call, Refusals.TargetUnknown.Because("no such target"), $"{principal} asked for an unknown target");
        if (!policy.Current.For(WithTask(principal, request), target.Name, target.Database).CanEverForward)
            return Refuse(call, Refusals.SignInNotAllowed.Because("no rule concerns this identity and target"), principal.ToString());
        return addresses.Of(target.Name, target.Protocol) is { } address
            ? Issue(call, request, WithTask(principal, request), target, address)
            : Refuse(call, Refusals.CredentialNotIssued.Because("no listener with TLS leads to the target"), principal.ToString());
    }

    public async Task<DeskReply> IdentityAsync(DeskCall call, CancellationToken cancellationToken)
    {
        var (principal, refusal) = await IdentifyAsync(call, cancellationToken);
        return principal is null
            ? DeskReply.Refused(refusal!)
            : new DeskReply
            {
                Identity = IdentityReply.Of(principal, [
                    .. targets.All.Where(target => policy.Current.For(principal, target.Name, target.Database).CanEverForward)
                        .Select(target => target.ToString()).Order(StringComparer.Ordinal),
                ]),
            };
    }

    /// <summary>
    /// Whose credential it is, when the token is of the same identity; null otherwise, and why. Two agents that act for one human are not the same: neither ends
    /// what the other does.
    /// </summary>
    public async Task<(OneTimeCredential? Credential, Principal? Holder, Refusal? Refusal)> FindOwnAsync(DeskCall call, CancellationToken cancellationToken)
    {
        var (principal, refusal) = await IdentifyAsync(call, cancellationToken);
        if (principal is null)
            return (null, null, refusal);
        var credential = store.Find(call.Grant ?? "");
        return credential is { Principal: var holder } && (holder.Issuer, holder.Subject, holder.Agent) == (principal.Issuer, principal.Subject, principal.Agent)
            ? (credential, principal, null)
            : (null, principal, Refusals.CredentialSpent.Because("no such credential of this identity"));
    }

    private async Task<(Principal? Principal, Refusal? Refusal)> IdentifyAsync(DeskCall call, CancellationToken cancellationToken)
    {
        var address = IPEndPoint.TryParse(call.ClientAddress, out var parsed) ? parsed : null;
        if (throttle.IsBlocked(address))
            return (null, Refuse(call, Refusals.SignInThrottled.Because("failed sign-ins from this address"), call.ClientAddress).Refusal);
        var outcome = await tokens.ValidateAsync(call.Token, cancellationToken, call.CertificateThumbprint);
        if (outcome.Principal is not { } principal)
        {
            throttle.Failed(address);
            return (null, Refuse(call, outcome.Refusal ?? Refusals.SignInFailed.Because("refused"), outcome.Detail).Refusal);
        }
        if (revocations.Find(principal, grant: null, sessionId: null) is { } revocation)
            return (null, Refuse(call, Refusals.AccessRevoked.Because("revoked"), $"{principal}: {AccessRevocation.NameOf(revocation.Subject)} revoked").Refusal);
        return throttle.TryTake(principal)
            ? (principal, null)
            : (null, Refuse(call, Refusals.SignInThrottled.Because("sign-ins of this identity"), principal.ToString()).Refusal);
    }

    private string? Check(CredentialRequest request)
    {
        if (request.Scope is not ("session" or "request"))
            return "scope is session or request";
        if (request.Connections < 1 || request.Connections > options.ConnectionsMax)
            return $"connections: 1 to {options.ConnectionsMax}";
        if (request.LifetimeSeconds is { } lifetime && (lifetime < 1 || lifetime > options.LifetimeSecondsMax))
            return $"lifetime-seconds: 1 to {options.LifetimeSecondsMax}";
        if (request.SessionSeconds is { } session && (session < 1 || session > options.SessionSecondsMax))
            return $"session-seconds: 1 to {options.SessionSecondsMax}";
        return request.Reason.Length > TextCharsMax || request.Task.Length > TextCharsMax || !ShownText.IsLine(request.Reason) || !ShownText.IsLine(request.Task)
            ? $"reason and task are lines of at most {TextCharsMax} characters"
            : null;
    }

    /// <summary>A task that the token states is worth more than one that its holder does.</summary>
    private static Principal WithTask(Principal principal, CredentialRequest request) => principal.Task is not null || request.Task.Length == 0
        ? principal
        : principal with { Task = request.Task, Marks = principal.Marks with { Task = Provenance.SelfDeclared } };

    private DeskReply Issue(DeskCall call, CredentialRequest request, Principal principal, TargetDatabase target, NetworkAddress address)
    {
        var now = time.GetUtcNow();
        var password = CredentialStore.NewPassword();
        var sessionsEnd = Earlier(principal.ExpiresAt, now.AddSeconds(request.SessionSeconds ?? options.SessionSecondsMax));
        var credential = new OneTimeCredential(request.Connections)
        {
            Name = CredentialStore.NewName(),
            Scram = ScramVerifier.Of(password, RandomNumberGenerator.GetBytes(ScramVerifier.SaltBytes)),
            CachingSha2 = CredentialStore.CachingSha2Of(password),
            Principal = principal,
            Target = target.Name,
            Database = target.Database,
            IsForOneRequest = request.Scope is "request",
            ExpiresAt = Earlier(sessionsEnd, now.AddSeconds(request.LifetimeSeconds ?? options.LifetimeSecondsMax)),
            SessionsEndAt = sessionsEnd,
            Reason = request.Reason,
        };
        if (!TryRecord(call, request, credential))
        {
            SecretBytes.Clear(password);
            return DeskReply.Refused(Refusals.JournalUnavailable.Because("no room"));
        }
        if (!store.TryAdd(credential, options.OutstandingMax, options.OutstandingPerIdentityMax))
        {
            SecretBytes.Clear(password);
            return Refuse(call, Refusals.CredentialNotIssued.Because("too many are outstanding"), principal.ToString());
        }
        return new DeskReply
        {
            Credential = new CredentialReply
            {
                User = credential.Name,
                Password = password,
                Host = address.Host,
                Port = address.Port,
                // A MySQL client is at one target, and knows databases by their own names.
                Database = target.Protocol is WireProtocol.MySql ? target.Database : request.Target,
                Protocol = target.Protocol is WireProtocol.MySql ? CredentialReply.MySql : CredentialReply.PostgreSql,
                Connections = request.Connections,
                Scope = request.Scope,
                ExpiresAt = credential.ExpiresAt,
                SessionsEndAt = credential.SessionsEndAt,
            },
        };
    }

    private bool TryRecord(DeskCall call, CredentialRequest request, OneTimeCredential credential) => journal.TryAppend(
        new CredentialIssuedRecord
        {
            Grant = credential.Name,
            Issuer = credential.Principal.Issuer,
            Subject = credential.Principal.Subject,
            Agent = credential.Principal.Agent,
            Human = credential.Principal.Human,
            TokenId = credential.Principal.TokenId,
            ClientAddress = call.ClientAddress,
            Target = credential.Target,
            Database = credential.Database,
            Scope = request.Scope,
            Reason = request.Reason,
            Task = request.Task,
            Connections = request.Connections,
            ExpiresAt = credential.ExpiresAt,
        },
        out _);

    private DeskReply Refuse(DeskCall call, Refusal refusal, string detail)
    {
        journal.TryAppend(
            new SignInRefusedRecord { ClientAddress = call.ClientAddress, Target = AskedTarget.ForRecord(call.Request?.Target), Code = refusal.Code, Detail = detail }, out _);
        return DeskReply.Refused(refusal);
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
