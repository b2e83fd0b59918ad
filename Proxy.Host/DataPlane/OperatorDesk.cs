using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Host.Identity.Credentials;
using Proxy.Host.Identity.Revocation;

namespace Proxy.Host.DataPlane;

/// <summary>Revokes access: (1) the record says who did it, (2) no new session gets in, (3) live ones are cut, (4) the answer comes when they are over.</summary>
internal sealed class OperatorDesk(RevocationList revocations, LiveSessions sessions, CredentialStore credentials, IJournal journal, TimeProvider time)
{
    /// <summary>Longer than any issuer's tokens may live (gateway.schema.json).</summary>
    private static readonly TimeSpan TokenMemory = TimeSpan.FromDays(8);

    /// <summary>A hundred years.</summary>
    private const long LongestSeconds = 100L * 366 * 24 * 3600;

    /// <summary>A session or a credential that is gone does not come back: this is for those that are just signing in.</summary>
    private static readonly TimeSpan MomentaryMemory = TimeSpan.FromMinutes(5);

    public IReadOnlyList<SessionListing> Sessions =>
    [
        .. sessions.All.Where(session => session.Admission is { Principal: not null, Target: not null }).Select(session => new SessionListing
        {
            Id = session.Id,
            Since = session.Since,
            EndsAt = session.Admission.EndsAt,
            Target = $"{session.Admission.Target!.Name}/{session.Admission.Target.Database}",
            Issuer = session.Admission.Principal!.Issuer,
            Subject = session.Admission.Principal.Subject,
            Agent = session.Admission.Principal.Agent,
            Human = session.Admission.Principal.Human,
            Task = session.Admission.Principal.Task,
            TokenId = session.Admission.Principal.TokenId,
            Grant = session.Admission.Grant,
        }),
    ];

    public IReadOnlyList<AccessRevocation> Revocations => revocations.Standing;

    public async Task<RevokeReply> RevokeAsync(RevokeCall call)
    {
        // One that is over when it begins would end the sessions of now and let the next ones in.
        if (call.Seconds is { } asked && (asked < 1 || asked > LongestSeconds))
            return RevokeReply.Nothing($"a revocation stands for 1 to {LongestSeconds} seconds, or until it is lifted");
        var now = time.GetUtcNow();
        var revocation = new AccessRevocation
        {
            Subject = call.Subject,
            Value = call.Value,
            Issuer = call.Issuer,
            RevokedBy = call.By,
            Reason = call.Reason,
            At = now,
            Until = call.Seconds is { } seconds ? now.AddSeconds(seconds) : UsualEnd(call.Subject, now),
        };
        // Access ends even if nobody can write that down: the other order would let a full disk protect an intruder.
        var isRecorded = TryRecord(revocation, isLifted: call.Lifts);
        if (call.Lifts)
        {
            var isFound = revocations.Lift(call.Subject, call.Value, call.Issuer, out var notKept);
            return isFound ? new RevokeReply(0, ProblemOf(isRecorded, notKept)) : RevokeReply.Nothing("nothing of that kind is revoked");
        }
        var problem = revocations.Add(revocation);
        if (call.Subject is RevokedSubject.Grant)
            credentials.Remove(call.Value);
        return new RevokeReply(await sessions.RevokeAsync(revocation), ProblemOf(isRecorded, problem));
    }

    private static DateTimeOffset UsualEnd(RevokedSubject subject, DateTimeOffset now) => subject switch
    {
        RevokedSubject.Token => now + TokenMemory,
        RevokedSubject.Grant or RevokedSubject.Session => now + MomentaryMemory,
        _ => DateTimeOffset.MaxValue,
    };

    private static string? ProblemOf(bool isRecorded, string? notKept) => notKept is not null
        ? $"a restart would forget it: {notKept}"
        : isRecorded ? null : "the journal could not take the record";

    private bool TryRecord(AccessRevocation revocation, bool isLifted) => journal.TryAppend(
        new AccessRevokedRecord
        {
            Subject = AccessRevocation.NameOf(revocation.Subject),
            Value = revocation.Value,
            Issuer = revocation.Issuer,
            RevokedBy = revocation.RevokedBy,
            Reason = revocation.Reason,
            Until = revocation.Until,
            IsLifted = isLifted,
        },
        out _);
}
