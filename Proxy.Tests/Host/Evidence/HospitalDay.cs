using Microsoft.Extensions.Time.Testing;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Host.Evidence;

namespace Proxy.Tests.Host.Evidence;

/// <summary>
/// A day at the hospital of demo/hospital, as its journal: three agents, two people, a stranger, and a token that leaks in the afternoon. The same
/// on every machine: clock, session ids and subject codes are fixed.
/// </summary>
internal static class HospitalDay
{
    public const string Canary = "900-10-2451";
    public const string LeakedToken = "token-7f3a";
    public static readonly DateTimeOffset Begin = new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset End = Begin.AddDays(1);

    private const string Policy = "5f1d6a0c9be2473f8a61d0b4c7e95328f1a2b3c4d5e6f708192a3b4c5d6e7f80";
    private const string NextPolicy = "a91c77e2044d5b6f83e0c1d2b3a495867788990011223344556677889900aabb";

    /// <summary>The code of a patient of that day.</summary>
    public static string CodeOf(int patient)
    {
        using var coder = new SubjectCoder(Enumerable.Repeat((byte)7, SubjectCoder.KeyBytes).ToArray());
        return coder.CodeOf("patient", $"{patient}").ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
    }

    public static async Task WriteAsync(string directory)
    {
        var time = new FakeTimeProvider(Begin.AddHours(7));
        using var keys = JournalKeyDirectory.OpenOrCreate(JournalKeyDirectory.DefaultFor(directory), directory);
        await using (var journal = await MappedJournal.OpenAsync(
            new JournalOptions
            {
                Directory = directory,
                SegmentBytes = 256 * 1024,
                // The clock leaps: how many heads would be due in between depends on when the notary looks. So only the first and the last are.
                Evidence = new JournalEvidence { SealingKey = keys.Sealing, Signer = keys.Signer, HeadInterval = TimeSpan.FromDays(365) },
            },
            time, CancellationToken.None))
        {
            Script(new DayScript(journal, time));
        }
        time.Advance(TimeSpan.FromHours(12));
        using var signing = JournalKeys.In(JournalKeyDirectory.DefaultFor(directory));
        await AuditReads.RecordReviewAsync(
            directory, signing,
            new ReviewSignature("M. Okafor, privacy officer", Begin, Begin.AddHours(12), 1, 20, new byte[32], [16], $"call the desk about {Canary}"), time, CancellationToken.None);
    }

    private static void Script(DayScript day)
    {
        day.Configuration("", Policy);
        day.SignInRefused("10.20.0.99", "token-expired", "the token expired 412 s ago");
        day.SignInRefused("10.20.0.99", "token-expired", "the token expired 431 s ago");

        day.SignIn(1, "research-bot", "ada@example.org", "research", "research-01", task: "RES-204 readmissions");
        day.Read(1, "select id, ward, risk_score from patients where risk_score > 80", ["public.patients"], [IdentifierClass.Name], Verdict.Mask, MaskProfile.Pseudonymous, 3, masked: 0, [11, 12, 13]);
        day.Read(1, "select id, first_name, birth_date from patients order by id limit 2", ["public.patients"], [IdentifierClass.Name, IdentifierClass.Date], Verdict.Mask, MaskProfile.Pseudonymous, 2, masked: 2, [11, 14]);
        day.Refuse(1, $"select * from patients where ssn like '{Canary[..3]}%'", ["public.patients"], RiskClasses.Inference, "inference", "");

        day.SignIn(2, "triage-agent", "", "agents", LeakedToken, task: "");
        day.Read(2, "select patient_id, icd_code from encounters where admitted_on > current_date - 1", ["public.encounters"], [IdentifierClass.Date], Verdict.Mask, MaskProfile.Redacted, 2, masked: 0, [12, 21]);
        day.Read(2, "select count(*) from claims", ["public.claims"], [], Verdict.Mask, MaskProfile.Redacted, 1, masked: 0, null);

        day.Configuration(Policy, NextPolicy);
        day.SignIn(3, "on-call-agent", "grace@example.org", "on-call", "token-0c11", task: "INC-77 wrong ward");
        day.Read(3, $"select id, ssn, phone from patients where ssn = '{Canary}'", ["public.patients"], [IdentifierClass.SocialSecurityNumber, IdentifierClass.Telephone], Verdict.Allow, MaskProfile.Unmasked, 1, masked: 0, [12], "clinicians-see-one-patient");
        day.Refuse(3, "update patients set ward = '3-west'", ["public.patients"], RiskClasses.BulkWrite, "approval-required", "break-glass", Verdict.Hold);
        day.Read(2, "select phone from patients where ward = '7-main'", ["public.patients"], [IdentifierClass.Telephone], Verdict.Mask, MaskProfile.Redacted, 40, masked: 1, null);
        day.Revoke("token", LeakedToken, "grace@example.org");
        day.End(2, "revoked");
        day.End(1, "the client left");
        day.End(3, "the client left");
    }
}
