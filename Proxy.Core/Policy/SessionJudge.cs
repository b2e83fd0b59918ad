using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Masking;
using Proxy.Core.Policy.Budgets;
using Proxy.Core.Policy.MaskedValues;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>
/// Decides for one session: reading → assessment of each statement → the rules that concern the principal → one decision for the text.
/// Thread-safe; remembers the latest judgements, because drivers repeat themselves.
/// </summary>
/// <param name="principal">Who.</param>
/// <param name="target">Where.</param>
/// <param name="database">The one that the session was admitted to.</param>
/// <param name="policies">What the rules say now.</param>
/// <param name="catalogues">What the target has now.</param>
/// <param name="planner">Makes masks.</param>
/// <param name="time">The clock.</param>
/// <param name="budgets">What identities have used up; null where nobody counts.</param>
/// <param name="mayUse">Whether USE may go to another database; null: to none.</param>
public sealed class SessionJudge(
    Principal principal, string target, string database, IPolicySource policies, ICatalogueSource catalogues, MaskPlanner planner, TimeProvider time,
    BudgetBook? budgets = null, Func<string, bool>? mayUse = null)
    : IStatementJudge
{
    /// <summary>A power of two; collisions only cost a judgement.</summary>
    private const int RememberedMax = 16;

    /// <summary>
    /// What runs under these can put another relation, rule or operator where the catalogue knows one, for this session at once and, temporary
    /// ones, without the catalogue ever seeing it [ran: CREATE TEMP VIEW departments AS SELECT ssn AS name].
    /// </summary>
    internal const RiskClasses ChangesOfSchema =
        RiskClasses.Schema | RiskClasses.Privilege | RiskClasses.Procedure | RiskClasses.Administrative | RiskClasses.Unknown;

    /// <summary>
    /// What can put something else behind a name that others use. Not all of <see cref="ChangesOfSchema"/>: VACUUM, or a function of an application, changes no
    /// name and would keep everybody's answers waiting.
    /// </summary>
    private static bool ChangesShared(RiskAssessment assessment) =>
        assessment.Has(RiskClasses.Schema | RiskClasses.Privilege | RiskClasses.Unknown)
        || assessment.Reading?.Kind is StatementKind.Call or StatementKind.Do;

    private readonly Judgement?[] _remembered = new Judgement?[RememberedMax];

    /// <summary>
    /// Fingerprints of what was judged last: only what comes a second time is remembered. Agents write literals, so most texts come once, and sixteen judgements of each
    /// session would outlive every collection of young objects for nothing.
    /// </summary>
    private readonly ulong[] _seen = new ulong[RememberedMax];
    private readonly FormMemory _forms = new();
    private volatile bool _hasChangedSchema;

    /// <summary>Whether a statement ran of which warnings can tell PHI.</summary>
    private volatile bool _hasTouchedPhi;
    private SharedChange? _change;
    private PrincipalPolicy? _rules;
    private AccessPolicy? _rulesOf;
    private SessionBudget? _budget;

    public SessionBudget? Budget => budgets is null ? null : _budget ??= new SessionBudget(budgets, principal, target, () => Rules().Budget);

    public Judgement Judge(StatementAnalysis analysis, INamedStatements names) => Judge(analysis, names, earlier: null);

    public Judgement Judge(StatementAnalysis analysis, INamedStatements names, Judgement? earlier)
    {
        // What a name means can be another thing each time.
        if (RunsNamed(analysis)) return JudgeAnew(analysis, names);
        var place = (int)analysis.Fingerprint & (RememberedMax - 1);
        var known = Volatile.Read(ref _remembered[place]);
        if (known is not null && ReferenceEquals(known.Analysis, analysis))
        {
            if (IsCurrent(known, names)) return known;
            earlier ??= known;
        }
        var judgement = earlier is not null && ReferenceEquals(earlier.Analysis, analysis) ? Renewed(earlier, names) : null;
        judgement ??= OfForm(analysis, names) ?? JudgeNew(analysis, names);
        if (Volatile.Read(ref _seen[place]) == analysis.Fingerprint)
            Volatile.Write(ref _remembered[place], judgement);
        else
            Volatile.Write(ref _seen[place], analysis.Fingerprint);
        return judgement;
    }

    public Task RefreshAsync(CancellationToken cancellationToken) => catalogues.RefreshAsync(cancellationToken);

    public void Runs(Judgement judgement)
    {
        if (_change is null && !judgement.ChangesShared) return;
        (_change ??= new SharedChange(catalogues)).Runs(judgement);
    }

    public void Settle(bool isInTransaction) => _change?.Settle(isInTransaction);

    public long? DoubtedAt => catalogues.IsInDoubt ? time.GetTimestamp() : null;

    public bool IsConfirmedSince(long moment) => catalogues.ConfirmedAt >= moment;

    public bool IsOutdated(Judgement judgement) =>
        catalogues.Current is var now && judgement.CatalogueVersion != now.Version && !judgement.HoldsUnder(now);

    public bool IsCurrent(Judgement judgement, INamedStatements names) =>
        ReferenceEquals(judgement.Catalogue, catalogues.Current) && IsUnchanged(judgement, names);

    /// <summary>Whether nothing has changed but perhaps the catalogue.</summary>
    private bool IsUnchanged(Judgement judgement, INamedStatements names) =>
        names.Overlay is var overlay && catalogues.IsFresh && ReferenceEquals(judgement.PolicyVersion, policies.Current.Version) && !Rules().DependsOnTime
        // A portal of EXECUTE or FETCH looks its name up when it runs, not when it is made [ran].
        && !RunsNamed(judgement.Analysis)
        && !(_hasTouchedPhi && PrintsDiagnostics(judgement.Analysis))
        && judgement.TrustsCatalogue == Trusts(overlay, catalogues.ConfirmedAt)
        && ReferenceEquals(judgement.Overlay, overlay);

    /// <summary>The judgement under the newest catalogue, if that has changed in nothing that it depends on; else null.</summary>
    private Judgement? Renewed(Judgement earlier, INamedStatements names) => IsUnchanged(earlier, names) ? earlier.Under(catalogues.Current) : null;

    /// <summary>What was concluded of another text of the same form, if that needed nothing in which they differ; else null.</summary>
    private ReviewedJudgement? OfForm(StatementAnalysis analysis, INamedStatements names)
    {
        if (analysis.Open is not { } open || _forms.Find(open) is not { } known) return null;
        // Held while it is compared: a catalogue that was replaced goes away whenever memory is collected.
        var catalogue = known.Catalogue;
        return IsCurrent(known, names) ? known.For(analysis, catalogue) : null;
    }

    private Judgement JudgeNew(StatementAnalysis analysis, INamedStatements names)
    {
        var judgement = JudgeAnew(analysis, names);
        if (judgement is ReviewedJudgement { HoldsForForm: true } reviewed) _forms.Remember(reviewed.OfForm());
        return judgement;
    }

    /// <summary>Whether the catalogue shows all that the session may have changed, other than what the overlay holds.</summary>
    private bool Trusts(SessionOverlay overlay, long confirmedAt) => !_hasChangedSchema && overlay.IsShownBy(confirmedAt);

    public IReadOnlyList<KeyValuePair<string, string>> DescribeSession() => [.. SessionDescription.Of(principal, target, database, Rules()), .. Budget?.Describe() ?? []];

    private static bool RunsNamed(StatementAnalysis analysis)
    {
        foreach (var reading in analysis.Statements)
            if (reading.RunsNamed)
                return true;
        return false;
    }

    private static bool PrintsDiagnostics(StatementAnalysis analysis)
    {
        foreach (var reading in analysis.Statements)
            if (PrintsDiagnostics(reading))
                return true;
        return false;
    }

    private static bool PrintsDiagnostics(StatementReading reading) => reading.Kind is StatementKind.Show && MySqlShows.PrintsDiagnostics(reading.ObjectName);

    /// <summary>Whether USE may make it the default: the one admitted to, and others that the target has, under the same rules.</summary>
    private bool MayUse(string? other, CatalogueSnapshot catalogue) =>
        other == database || (other is not null && mayUse is not null && mayUse(other) && catalogue.IsSchema(other));

    private Judgement JudgeAnew(StatementAnalysis analysis, INamedStatements names)
    {
        var rules = Rules();
        var confirmedAt = catalogues.ConfirmedAt;
        var catalogue = catalogues.Current;
        // Read once: what it is judged by and what the judgement says it was judged by are the same, though a reply may change it meanwhile.
        var overlay = names.Overlay;
        if (analysis.Status is not AnalysisStatus.Read)
            return Unread(analysis, catalogue, rules, overlay, RefusalOf(analysis));
        if (!catalogues.IsFresh)
            return Unread(analysis, catalogue, rules, overlay, Refusals.CatalogueStale.Because(catalogues.StaleReason ?? "not yet loaded"));

        if (analysis.Statements.Length > 1 && rules.Session.OneStatementPerText)
            return Unread(analysis, catalogue, rules, overlay, Refusals.MultiStatementRefused.Because($"the rules allow one statement in a text, not {analysis.Statements.Length}"));

        var assessments = ImmutableArray.CreateBuilder<RiskAssessment>(analysis.Statements.Length);
        Decision? combined = null;
        var namesOfText = new NamesOfText(names, overlay);
        var trustsCatalogue = Trusts(overlay, confirmedAt);
        var changesSchema = false;
        foreach (var reading in analysis.Statements)
        {
            var named = Named(reading, namesOfText);
            var isOtherThanQuery = named is { IsQuery: false };
            // A name that was judged by an older catalogue may mean another relation now.
            if (named is not null && named.CatalogueVersion != catalogue.Version && named.Reading is { } meant && catalogue.IsSameFor(meant, named.CatalogueVersion))
                named = named with { CatalogueVersion = catalogue.Version };
            if (named?.CatalogueVersion != catalogue.Version || !ReferenceEquals(named.Overlay, namesOfText.Overlay) || isOtherThanQuery) named = null;
            var trusts = trustsCatalogue && !changesSchema && namesOfText.Overlay.IsShownBy(confirmedAt);
            var assessment = RiskAssessor.Assess(reading, catalogue, named, trusts, namesOfText.Overlay);
            assessments.Add(assessment);
            changesSchema |= assessment.Effect.IsNone && assessment.Has(ChangesOfSchema);
            namesOfText.Pass(reading, assessment);
            namesOfText.Pass(assessment.Effect);
            Decision decision;
            if (PrintsDiagnostics(reading) && (_hasTouchedPhi || assessments.Any(static earlier => earlier.TouchesPhi)))
                decision = Decision.Refused(Refusals.StatementKind.Because("warnings of earlier statements can hold PHI"), RiskClasses.Unknown, rules.Version);
            else if (reading.Kind is StatementKind.UseDatabase && !MayUse(reading.ObjectName, catalogue))
                decision = Decision.Refused(Refusals.SettingNotAllowed.Because("the session cannot be in that database"), RiskClasses.Session, rules.Version);
            else if (isOtherThanQuery)
                decision = Decision.Refused(Refusals.StatementOpaque.Because("the name stands for something else than a query"), RiskClasses.Unknown, rules.Version);
            // An older server takes the same words for something else: PostgreSQL 15 calls a user's function where 18 sees json_scalar.
            else if (reading.MinimumServerVersion * 10_000 > catalogue.ServerVersionNum)
                decision = Decision.Refused(
                    Refusals.StatementOpaque.Because($"needs a server of version {reading.MinimumServerVersion}"), RiskClasses.Unknown, rules.Version);
            else
                decision = Imposed(reading, rules) ?? GroupReview.Of(reading, assessment, Guarded(reading, assessment, Decide(assessment, rules), rules, catalogue));
            combined = combined is null ? decision : Stricter(combined, decision);
        }

        // A text of blanks and comments does nothing; it is judged as the least that a session can do.
        combined ??= rules.Decide(RiskClasses.Session, time.GetUtcNow());
        // The statement's fingerprint, under which its intent is in the journal: what an approver looks for, and the same for the same text.
        if (combined is { Verdict: Verdict.Hold, Refusal: { Ticket: null } held })
            combined = combined with { Refusal = held with { Ticket = $"T-{analysis.Fingerprint:x16}" } };
        if (analysis.Statements.Length > 1 && combined.Refusal is { } refusal)
            combined = combined with { Refusal = refusal with { Why = $"one of {analysis.Statements.Length} statements: {refusal.Why}" } };
        var namesUnknown = !combined.IsForwarded && assessments is [{ NamesUnknown: true }];
        var asksServer = namesUnknown && !assessments[0].MayRunWhenParsed;
        if (namesUnknown)
        {
            catalogues.RequestRefresh();
            if (combined.Refusal?.Code != Refusals.FunctionNotAllowed.Code)
                combined = combined with { Refusal = Refusals.RelationUnknown.Because(assessments[0].Findings is [.., var finding] ? finding : "") };
        }
        if (changesSchema && combined.IsForwarded)
            _hasChangedSchema = true;
        if (combined.IsForwarded && assessments.Any(static assessment => assessment.TouchesPhi))
            _hasTouchedPhi = true;
        if (combined.IsForwarded && assessments.Any(static assessment => assessment.Has(ChangesOfSchema)))
            catalogues.RequestRefresh();

        return new ReviewedJudgement(assessments.ToImmutable(), planner, catalogues)
        {
            Analysis = analysis,
            Decision = combined,
            Catalogue = catalogue,
            PolicyVersion = rules.Version,
            NamesUnknown = namesUnknown,
            AsksServer = asksServer,
            TrustsCatalogue = trustsCatalogue,
            Overlay = overlay,
            ChangesShared = assessments.Any(ChangesShared),
            MayShowPhi = assessments.Any(static assessment => assessment.Lineage?.ShowsPhi ?? assessment.MentionsPhi),
            Compared = combined.IsForwarded && combined.Risk.HasFlag(RiskClasses.PhiEquality) && budgets is not null
                ? ComparedValues.Of(budgets.Codes, analysis, index => assessments[index]) : null,
            Parameters = combined.IsForwarded ? ParametersOf(analysis, assessments, combined, rules, catalogue) : null,
            CopyIn = combined.IsForwarded ? CopyInOf(assessments, analysis, combined, rules, catalogue) : null,
        };
    }

    /// <summary>No masked value is written or chooses what is written, and none is compared where it means nothing (design §2.3).</summary>
    private Decision Guarded(
        StatementReading reading, RiskAssessment assessment, Decision decision, PrincipalPolicy rules, CatalogueSnapshot catalogue)
    {
        if (!decision.IsForwarded || !MaskedValueReview.Concerns(reading, assessment)) return decision;
        var columns = Shown(decision, rules, catalogue);
        if (columns.ShowsEverything) return decision;
        // A name that means nothing is the server's to say, before anything is made of where values would go.
        if (assessment.NamesUnknown)
            return Decision.Refused(Refusals.RelationUnknown.Because(assessment.Findings is [.., var finding] ? finding : ""), decision.Risk, decision.PolicyVersion);
        var review = new MaskedValueReview(reading, assessment, columns);
        if (review.RefusalOfText() is { } refusal) return decision with { Verdict = Verdict.Refuse, Refusal = refusal };
        if (review.Unrecognisable() is not { } column) return decision;
        var granted = rules.Decide(assessment.Risks.With(RiskClasses.MaskedWrite), time.GetUtcNow());
        return granted.IsForwarded || granted.Verdict is Verdict.Hold ? granted
            : granted with { Verdict = Verdict.Refuse, Refusal = Refusals.MaskedWrite.Because($"a masked value of {column} cannot be told from a real one") };
    }

    private ShownColumns Shown(Decision decision, PrincipalPolicy rules, CatalogueSnapshot catalogue)
    {
        var reading = rules.Decide(RiskClasses.Read | RiskClasses.PhiRead, time.GetUtcNow());
        return new ShownColumns(planner, ProfileOf(decision), ProfileOf(reading), catalogue.Types);
    }

    /// <summary>Who may not read sees no masks.</summary>
    private static MaskProfile ProfileOf(Decision decision) => decision.Verdict is Verdict.Mask && decision.IsForwarded ? decision.Profile : MaskProfile.Unmasked;

    private ParameterGuard? ParametersOf(
        StatementAnalysis analysis, ImmutableArray<RiskAssessment>.Builder assessments, Decision decision, PrincipalPolicy rules, CatalogueSnapshot catalogue)
    {
        // A text with parameters is one statement.
        if (analysis.Statements is not [{ Parameters.IsEmpty: false } reading] || !MaskedValueReview.Concerns(reading, assessments[0])) return null;
        var columns = Shown(decision, rules, catalogue);
        return columns.ShowsEverything ? null : new ParameterGuard(reading, assessments[0], columns);
    }

    private StoredStreamGuard? CopyInOf(
        ImmutableArray<RiskAssessment>.Builder assessments, StatementAnalysis analysis, Decision decision, PrincipalPolicy rules, CatalogueSnapshot catalogue)
    {
        for (var i = 0; i < analysis.Statements.Length; i++)
            if (analysis.Statements[i].Kind is StatementKind.CopyIn && !Shown(decision, rules, catalogue).ShowsEverything)
                return new StoredStreamGuard(planner.Keys, assessments[i].MentionsPhi);
        return null;
    }

    /// <summary>The assessment of what the statement's name stands for, or null where it names nothing or where that is not certain.</summary>
    private static RiskAssessment? Named(StatementReading reading, NamesOfText names) => reading switch
    {
        { Kind: StatementKind.Execute, ObjectName: { } name } => names.Prepared(name),
        { Kind: StatementKind.Fetch, ObjectName: { } name } => names.Cursor(name),
        { Inner: { RunsNamed: true } inner } => Named(inner, names),
        _ => null,
    };

    /// <summary>A refusal when the statement would undo a setting that the rules impose on the session.</summary>
    private static Decision? Imposed(StatementReading reading, PrincipalPolicy rules)
    {
        foreach (var change in reading.Settings)
            if (!rules.Session.Permits(change))
                return Decision.Refused(
                    Refusals.SettingNotAllowed.Because($"the rules set {change.Name} for this session"), RiskClasses.Session, rules.Version);
        return null;
    }

    private Decision Decide(RiskAssessment assessment, PrincipalPolicy rules)
    {
        var decision = rules.Decide(assessment.Risks, time.GetUtcNow());
        var isForbidden = assessment.IsForbidden
            || (assessment.CannotBeMasked && decision is not { Verdict: Verdict.Allow, Profile: MaskProfile.Unmasked });
        if (decision.IsForwarded && !isForbidden) return decision;
        // The assessment often knows better than "a rule refuses" what was wrong; a request for approval is policy's own word.
        if (decision.Verdict is Verdict.Hold && !isForbidden) return decision;
        return (assessment.Refusal ?? (isForbidden ? Refusals.StatementOpaque : null)) is { } kind
            ? decision with { Verdict = Verdict.Refuse, Refusal = kind.Because(assessment.Findings is [var finding, ..] ? finding : decision.Refusal?.Why ?? "") }
            : decision;
    }

    /// <summary>The text runs as a whole or not at all, and what it shows is masked as its strictest statement asks.</summary>
    private static Decision Stricter(Decision a, Decision b)
    {
        var risk = a.Risk | b.Risk;
        if (a.Verdict != b.Verdict) return (a.Verdict < b.Verdict ? a : b) with { Risk = risk };
        var profile = ProfileMasks.Stricter(a.Profile, b.Profile);
        return (a.Profile == profile ? a : b) with { Risk = risk, Profile = profile, MinimumGroupSize = Math.Max(a.MinimumGroupSize, b.MinimumGroupSize) };
    }

    private UnreadJudgement Unread(
        StatementAnalysis analysis, CatalogueSnapshot catalogue, PrincipalPolicy rules, SessionOverlay overlay, Refusal refusal) => new()
        {
            Analysis = analysis,
            Decision = Decision.Refused(refusal, RiskClasses.Unknown, rules.Version),
            Catalogue = catalogue,
            PolicyVersion = rules.Version,
            TrustsCatalogue = !_hasChangedSchema,
            Overlay = overlay,
        };

    private static Refusal RefusalOf(StatementAnalysis analysis) => analysis.Status switch
    {
        AnalysisStatus.TooLong => Refusals.StatementTooLong.Because(analysis.Reason ?? "over the limit"),
        AnalysisStatus.NotText => Refusals.NotText.Because(analysis.Reason ?? "not valid UTF-8"),
        AnalysisStatus.SyntaxError => Refusals.StatementOpaque.Because("the server accepts it, but the gateway's grammar does not"),
        _ => Refusals.ParserUnavailable.Because(analysis.Reason ?? "the reader failed"),
    };

    private PrincipalPolicy Rules()
    {
        var policy = policies.Current;
        if (ReferenceEquals(Volatile.Read(ref _rulesOf), policy) && Volatile.Read(ref _rules) is { } rules && ReferenceEquals(rules.Version, policy.Version))
            return rules;
        rules = policy.For(principal, target, database);
        Volatile.Write(ref _rules, rules);
        Volatile.Write(ref _rulesOf, policy);
        return rules;
    }
}
