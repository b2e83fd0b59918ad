using System.Text;
using Microsoft.Extensions.Time.Testing;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Core.Masking;
using Proxy.Core.Policy;

namespace Proxy.Tests.Host.Evidence;

/// <summary>Writes records as the gateway would, a minute and a half apart.</summary>
internal sealed class DayScript(MappedJournal journal, FakeTimeProvider time)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(90);

    private string _policy = "";
    private long _statements;

    public void Configuration(string before, string after)
    {
        _policy = after;
        var changed = new ConfigurationChangedRecord { OldVersion = before, NewVersion = after, ChangedBy = "kim@example.org (as rules.yaml says), /etc/phigate", Digest = Convert.FromHexString(after) };
        Insist(journal.TryAppend(in changed, out _));
        time.Advance(Step);
    }

    public void SignInRefused(string address, string code, string detail)
    {
        var refused = new SignInRefusedRecord { ClientAddress = address, Target = "hospital", Code = code, Detail = detail };
        Insist(journal.TryAppend(in refused, out _));
        time.Advance(Step);
    }

    public void SignIn(int session, string agent, string human, string group, string token, string task)
    {
        var opened = new SessionOpenedRecord
        {
            SessionId = IdOf(session),
            Issuer = "https://login.example.org",
            Subject = $"client-{session}",
            Agent = agent,
            Human = human,
            Groups = [group],
            TokenId = token,
            ClientAddress = $"10.20.0.{session}",
            Target = "hospital",
            Database = "hospital",
            DatabaseUser = "clinic_app",
            Protocol = "postgresql 3.0",
            PolicyVersion = _policy,
            Task = task,
            SignInMethod = "token",
            Marks = new IdentityMarks { Agent = Provenance.Verified, Human = Provenance.Mapped, Task = Provenance.SelfDeclared, Groups = Provenance.Verified },
        };
        Insist(journal.TryAppend(in opened, out _));
        time.Advance(Step);
    }

    public void Read(
        int session, string text, string[] relations, IdentifierClass[] classes, Verdict verdict, MaskProfile profile, int rows, int masked, int[]? patients,
        string rule = "agents-read")
    {
        var intent = Intent(session, text, relations, classes, classes.Length > 0 ? RiskClasses.Read | RiskClasses.PhiRead : RiskClasses.Read, verdict, profile, rule);
        time.Advance(TimeSpan.FromMilliseconds(3));
        if (patients is not null)
        {
            var subjects = new SubjectsRecord
            {
                SessionId = IdOf(session),
                Statement = intent,
                SubjectKind = "patient",
                Rows = rows,
                Codes = [.. patients.Select(static patient => Convert.ToUInt64(HospitalDay.CodeOf(patient), 16))],
            };
            Insist(journal.TryAppend(in subjects, out _));
        }
        var outcome = new OutcomeRecord
        {
            SessionId = IdOf(session),
            Statement = intent,
            Status = OutcomeStatus.Completed,
            CommandTag = Encoding.ASCII.GetBytes($"SELECT {rows}"),
            Rows = rows,
            MaskedColumns = masked,
            ElapsedMicroseconds = 2900,
            AnswerMode = AnswerMode.Full,
            AnswerBytes = 20,
            Answer = Encoding.ASCII.GetBytes(HospitalDay.Canary + " of day"),
        };
        Insist(journal.TryAppend(in outcome, out _));
        time.Advance(Step);
    }

    public void Refuse(int session, string text, string[] relations, RiskClasses risk, string code, string rule, Verdict verdict = Verdict.Refuse)
    {
        var intent = Intent(session, text, relations, [IdentifierClass.SocialSecurityNumber], risk, verdict, MaskProfile.Redacted, rule);
        var refused = new RefusedRecord { SessionId = IdOf(session), IntentNumber = intent, Code = code, SqlState = "42501", Rule = rule, Risk = risk };
        Insist(journal.TryAppend(in refused, out _));
        time.Advance(Step);
    }

    public void Revoke(string what, string value, string by)
    {
        var revoked = new AccessRevokedRecord { Subject = what, Value = value, RevokedBy = by, Reason = HospitalDay.Canary, Until = time.GetUtcNow().AddDays(7) };
        Insist(journal.TryAppend(in revoked, out _));
        time.Advance(TimeSpan.FromMilliseconds(40));
    }

    public void End(int session, string reason)
    {
        var closed = new SessionClosedRecord { SessionId = IdOf(session), Reason = reason };
        Insist(journal.TryAppend(in closed, out _));
        time.Advance(Step);
    }

    private static Guid IdOf(int session) => new($"0195d2a8-0000-7000-8000-{session:d12}");

    private long Intent(
        int session, string text, string[] relations, IdentifierClass[] classes, RiskClasses risk, Verdict verdict, MaskProfile profile, string rule)
    {
        var intent = new IntentRecord
        {
            SessionId = IdOf(session),
            StatementNumber = ++_statements,
            Text = Encoding.UTF8.GetBytes(text),
            Fingerprint = (ulong)_statements,
            Relations = relations,
            Classes = classes.Aggregate(0ul, static (bits, one) => bits | (1ul << (int)one)),
            Risk = risk,
            Verdict = verdict,
            Profile = profile,
            Rule = rule,
            PolicyVersion = _policy,
        };
        Insist(journal.TryAppend(in intent, out var number));
        return number;
    }

    private static void Insist(bool isAppended)
    {
        if (!isAppended) throw new InvalidOperationException("The journal took no record.");
    }
}
