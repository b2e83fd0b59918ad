namespace Proxy.Host.Evidence.Reports;

/// <summary>Sign-ins, good and refused, and access that was taken away (45 CFR 164.308(a)(5)(ii)(C), (a)(3)(ii)(C)).</summary>
internal static class SignInsReport
{
    public static ReportSection Of(AuditFacts facts, ReportQuestion question)
    {
        var refused = facts.Events.Where(static row => row.Kind == "sign_in_refused").ToArray();
        var rows = refused
            .GroupBy(static row => (row.Client, Target: row.What, row.Code, row.Detail))
            .OrderBy(static group => group.First().Number)
            .Select(group => (IReadOnlyList<string>)
            [
                ReportTexts.Time(group.First().Time), ReportTexts.Time(group.Last().Time), group.Key.Client, group.Key.Target, group.Key.Code, group.Key.Detail,
                ReportTexts.Number(group.Count()), ReportTexts.Records(group.Select(static row => row.Number)),
            ]);
        var methods = string.Join(
            ", ", facts.Sessions.GroupBy(static row => row.SignInMethod.Length > 0 ? row.SignInMethod : "not stated").OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Select(static group => $"{group.Count()} by {group.Key}"));
        return new ReportSection(
            "Sign-ins",
            [$"{ReportTexts.Count(facts.Sessions.Count, "session")}{(methods.Length > 0 ? $" ({methods})" : "")}, {ReportTexts.Count(refused.Length, "refused sign-in")}."],
            new ReportTable(["first", "last", "client address", "target", "code", "why", "times", "records"], [.. rows]));
    }

    public static ReportSection Sessions(AuditFacts facts, ReportQuestion question) => new(
        "Sessions", ["Who was signed in, how each fact about them is known, and when their access ended."],
        new ReportTable(
            ["record", "opened", "ended", "because", "on behalf of", "agent", "subject", "issuer", "known as", "client address", "target", "policy"],
            [
                .. facts.Sessions.Select(static row => (IReadOnlyList<string>)
                [
                    ReportTexts.Number(row.Number), ReportTexts.Time(row.Opened), row.Closed is { } closed ? ReportTexts.Time(closed) : "open, or its end was not seen",
                    row.EndedBecause, row.Human, row.Agent, row.Subject, row.Issuer, row.KnownAs, row.Client, $"{row.Target}/{row.Database}",
                    row.PolicyVersion[..Math.Min(12, row.PolicyVersion.Length)],
                ]),
            ]));

    public static ReportSection Revocations(AuditFacts facts, ReportQuestion question)
    {
        var rows = facts.Events.Where(static row => row.Kind is "access_revoked" or "revocation_lifted" or "credential_issued").Select(static row => (IReadOnlyList<string>)
        [
            ReportTexts.Number(row.Number), ReportTexts.Time(row.Time), row.Kind.Replace('_', ' '), row.Who, row.What, row.Code, row.Detail,
        ]).ToArray();
        return new ReportSection(
            "Access given and taken", [rows.Length == 0 ? "No credential was issued and no access revoked." : "One-time credentials that were issued, and access that was revoked or given back."],
            new ReportTable(["record", "time", "what", "by or for", "concerns", "grant", "detail"], rows));
    }
}
