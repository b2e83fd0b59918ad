namespace Proxy.Host.Evidence.Reports;

/// <summary>Standards of 45 CFR 164.308, 312 and 316, the control of the gateway that meets each, and the records that show it at work.</summary>
internal static class ControlMatrix
{
    public static ReportSection Of(AuditFacts facts, ReportQuestion question)
    {
        var refused = facts.Statements.Where(static row => row.Refusal.Length > 0).Select(static row => row.Number).ToArray();
        var run = facts.Run.Select(static row => row.Number).ToArray();
        var masked = facts.Run.Where(static row => row.PhiClasses.Length > 0 && row.Verdict == "mask").Select(static row => row.Number).ToArray();
        long[] Events(params string[] kinds) => [.. facts.Events.Where(row => kinds.Contains(row.Kind)).Select(static row => row.Number)];
        long[] Reads(string kind) => [.. facts.Reads.Where(row => row.Kind == kind).Select(static row => row.Number)];
        var sessions = facts.Sessions.Select(static row => row.Number).ToArray();
        var ended = facts.Sessions.Where(static row => row.Closed is not null).Select(static row => row.Number).ToArray();
        var emergencies = BreakGlassReport.Used(facts.Statements).Select(static row => row.Number).ToArray();
        (string Cite, string Control, string Records, long[] Numbers, string Command)[] rows =
        [
            ("164.308(a)(1)(ii)(D) review of activity", "reviews signed for in a journal of their own", "reviews", Reads("review"), "report reviews"),
            ("164.308(a)(3)(ii)(C) termination", "access is revoked at once, and live sessions end", "revocations", Events("access_revoked", "revocation_lifted"), "report access-changes"),
            ("164.308(a)(4)(ii)(B), (C) access authorization", "rules name who may do what; each version is recorded", "versions", Events("configuration_changed"), "report policy-changes"),
            ("164.308(a)(5)(ii)(C) log-in monitoring", "every refused sign-in is recorded, with its address", "refused sign-ins", Events("sign_in_refused"), "report sign-ins"),
            ("164.308(a)(6)(ii) response and reporting", "exposure per individual, from keyed codes", "answers with codes", [.. facts.Subjects.Select(static row => row.Statement)], "report exposure"),
            ("164.312(a)(1) access control", "a statement runs only if a rule lets it", "refusals", refused, "report refusals"),
            ("164.312(a)(2)(i) unique user identification", "a token for each agent, with the human behind it; no shared password", "sessions", sessions, "report sessions"),
            ("164.312(a)(2)(ii) emergency access", "rules of their own (break-glass), reviewed afterwards", "emergency statements", emergencies, "report break-glass"),
            ("164.312(a)(2)(iii) automatic logoff", "sessions end when idle and with their token", "ended sessions", ended, "report sessions"),
            ("164.312(b) audit controls", "every statement is recorded before it is forwarded", "statements", run, "report access"),
            ("164.312(c)(1), (2) integrity", "chain, signed heads, anchors", "checks", [], "report integrity"),
            ("164.312(d) authentication", "tokens verified by issuer, signature and time", "sessions", sessions, "report sessions"),
            ("164.312(e)(1) transmission security", "TLS on both legs, or no session", "sessions", sessions, "report sessions"),
            ("164.316(b)(1)(ii) documentation", "actions and reviews in writing", "reads of the audit", Reads("audit_read"), "report reads"),
            ("164.316(b)(2)(i) time limit", "documentation is kept for six years unless told, everything else for the configured time; what is purged or erased then is recorded", "statements", run, "verify"),
            ("164.502(b) minimum necessary", "PHI is masked unless a rule shows it", "masked answers", masked, "report unmasked"),
        ];
        return new ReportSection(
            "Control matrix", ["Which records of the period show each control at work. A control without records was not called for."],
            new ReportTable(
                ["45 CFR", "control", "shown by", "records", "command"],
                [
                    .. rows.Select(static row => (IReadOnlyList<string>)
                    [
                        row.Cite, row.Control, row.Numbers.Length == 0 ? row.Records : $"{row.Numbers.Distinct().Count()} {row.Records}", ReportTexts.Records(row.Numbers, max: 3),
                        $"phigate audit {row.Command}",
                    ]),
                ]));
    }
}
