using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Copy;
using Proxy.Core.Masking.Errors;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>The judgement of a text that was read: each statement has its assessment.</summary>
internal sealed class ReviewedJudgement(ImmutableArray<RiskAssessment> assessments, MaskPlanner planner, ICatalogueSource source) : Judgement
{
    /// <summary>One for all judgements of a form.</summary>
    private PlanMemory Plans { get; init; } = new();

    public override object PlanIdentity => Plans;

    private bool ShowsEverything => Decision is { Verdict: Verdict.Allow, Profile: MaskProfile.Unmasked };

    public override RiskAssessment AssessmentOf(int statement) => statement < assessments.Length ? assessments[statement] : RiskAssessment.Unreadable;

    public override bool MayBeParsed => !assessments.Any(static assessment => assessment.MayRunWhenParsed);

    public override OverlayEffect EffectOf(int statement) => statement < assessments.Length ? assessments[statement].Effect : OverlayEffect.None;

    /// <summary>Of a statement that changes what names mean, the effect belongs to the catalogue that it was judged by.</summary>
    internal override Judgement? Under(CatalogueSnapshot now)
    {
        if ((Parameters is not null || CopyIn is not null) && !ReferenceEquals(Types, now.Types)) return null;
        if (Overlay.HasRelations && !ReferenceEquals(Classifier, now.Classifier)) return null;
        for (var i = 0; i < assessments.Length; i++)
            if (!assessments[i].Effect.IsNone || !now.IsSameFor(Analysis.Statements[i], CatalogueVersion))
                return null;
        return new ReviewedJudgement([.. assessments.Select(assessment => assessment with { CatalogueVersion = now.Version })], planner, source)
        {
            Analysis = Analysis,
            Decision = Decision,
            Catalogue = now,
            PolicyVersion = PolicyVersion,
            NamesUnknown = NamesUnknown,
            AsksServer = AsksServer,
            TrustsCatalogue = TrustsCatalogue,
            Overlay = Overlay,
            MayShowPhi = MayShowPhi,
            Compared = Compared,
            Parameters = Parameters,
            CopyIn = CopyIn,
            ChangesShared = ChangesShared,
        };
    }

    /// <summary>
    /// Whether other texts of the same form would be judged the same: nothing that it was concluded from looked at an integer in which they differ
    /// (<see cref="OpenIntegers"/>), and nothing in it says which text it is. A decision with a ticket or a count of what is compared does, and so do the values that a
    /// lineage lists.
    /// </summary>
    internal bool HoldsForForm
    {
        get
        {
            if (Analysis.Open is not { WereRead: false } || !Decision.IsForwarded || Decision.Refusal is not null || Compared is not null || Parameters is not null
                || CopyIn is not null || ChangesShared)
                return false;
            foreach (var assessment in assessments)
            {
                // Each text that may change the schema asks for a new catalogue.
                if (!assessment.Effect.IsNone || assessment.Has(SessionJudge.ChangesOfSchema) || assessment.Reading is not { RunsNamed: false, MaskLikeLiterals.IsEmpty: true }) return false;
                foreach (var use in assessment.Lineage?.Uses ?? [])
                    if (use.Literal is not null)
                        return false;
            }
            return true;
        }
    }

    /// <summary>What all texts of its form have in common of it, to be remembered without the text and its syntax; only where <see cref="HoldsForForm"/>.</summary>
    internal ReviewedJudgement OfForm() => For(new StatementAnalysis { Status = Analysis.Status, Fingerprint = 0, Open = Analysis.Open }, Catalogue);

    /// <summary>The judgement of another text of the same form; only of what <see cref="OfForm"/> made.</summary>
    /// <param name="other">That text.</param>
    /// <param name="catalogue">The one that this was made by.</param>
    internal ReviewedJudgement For(StatementAnalysis other, CatalogueSnapshot catalogue)
    {
        var ofOther = new RiskAssessment[assessments.Length];
        for (var i = 0; i < ofOther.Length; i++)
            ofOther[i] = assessments[i] with { Reading = i < other.Statements.Length ? other.Statements[i] : null };
        // Before the last use of the catalogue, which nothing else may keep.
        var touched = Touched;
        return new ReviewedJudgement(ImmutableCollectionsMarshal.AsImmutableArray(ofOther), planner, source)
        {
            Analysis = other,
            Decision = Decision,
            Catalogue = catalogue,
            PolicyVersion = PolicyVersion,
            NamesUnknown = NamesUnknown,
            AsksServer = AsksServer,
            TrustsCatalogue = TrustsCatalogue,
            Overlay = Overlay,
            MayShowPhi = MayShowPhi,
            KnownTouched = touched,
            Plans = Plans,
        };
    }

    internal override bool HoldsUnder(CatalogueSnapshot now)
    {
        if (Overlay.HasRelations && !ReferenceEquals(Classifier, now.Classifier)) return false;
        for (var i = 0; i < assessments.Length; i++)
        {
            var reading = Analysis.Statements[i];
            if (!now.IsSameFor(reading, CatalogueVersion)) return false;
            if (reading.RunsNamed && !(assessments[i].Meant is { } meant && now.IsSameFor(meant, CatalogueVersion))) return false;
        }
        return true;
    }

    /// <summary>An answer that was long under way may find its catalogue gone: then the newest says what its columns are.</summary>
    private CatalogueSnapshot Known => Catalogue is { Version: not 0 } catalogue ? catalogue : source.Current;

    public override MaskPlan PlanFor(int statement, ReadOnlySpan<ResultColumn> columns)
    {
        if (statement >= assessments.Length) return MaskPlan.Everything;
        var known = Known;
        if (Plans.Find(statement, known.Version, columns) is { } made) return made;
        var plan = planner.Plan(columns, assessments[statement], known, Decision, DateStyle.Iso, out var knowsEveryOrigin);
        if (knowsEveryOrigin) Plans.Offer(statement, known.Version, columns, plan);
        else source.RequestRefresh();
        return plan;
    }

    public override MySqlMaskPlan PlanFor(int statement, ReadOnlySpan<MySqlResultColumn> columns)
    {
        if (statement >= assessments.Length) return MySqlMaskPlan.Everything;
        var plan = planner.Plan(columns, assessments[statement], Known, Decision);
        if (!plan.KnowsEveryOrigin) source.RequestRefresh();
        return plan;
    }

    public override CopyPlan? CopyPlanFor(int statement)
    {
        if (statement >= assessments.Length || MaskedCopy(statement) is not { } plan) return null;
        var reading = Analysis.Statements[statement];
        return reading.Copy?.Options is { } options && CopiedSubjects.Of(reading, assessments[statement], Catalogue, Overlay) is { } subjects
            ? plan.With(subjects, options)
            : plan;
    }

    private CopyPlan? MaskedCopy(int statement)
    {
        if (ShowsEverything || assessments[statement] is { OriginlessIsClean: true } or { CannotBeMasked: false, Lineage: { ShowsPhi: false, Outputs.IsOpen: false } }) return CopyPlan.Shown;
        var reading = Analysis.Statements[statement];
        if (!assessments[statement].CannotBeMasked && assessments[statement].Lineage is { } lineage && CopiedQuery.CanBeMasked(reading, lineage))
            return planner.PlanCopy(CopiedQuery.Columns(lineage, planner, Decision.Profile), reading.Copy!.Options!, Known);
        if (assessments[statement].CannotBeMasked || !CopiedTable.TryFind(reading, Known, Overlay, out var table)) return null;
        var columns = new CopyColumn[table.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            // What is no PHI is the column's own: COPY of a table reads that table alone.
            var (kind, domain) = planner.MaskOf(Decision.Profile, table[i].Class);
            columns[i] = new CopyColumn(table[i].TypeOid, table[i].TypeModifier, kind, domain);
        }

        return planner.PlanCopy(columns, reading.Copy!.Options!, Known);
    }

    public override ImmutableArray<int> TextParameters =>
        ShowsEverything || assessments is not [{ Lineage: { } lineage }] ? [] : lineage.TextParameters;

    public override ErrorTreatment TreatmentOf(ushort errorCode)
    {
        if (ShowsEverything) return ErrorTreatment.Verbatim;
        foreach (var assessment in assessments)
            if (MySqlErrors.Judge(assessment, errorCode) is ErrorTreatment.Scrub)
                return ErrorTreatment.Scrub;
        return ErrorTreatment.Verbatim;
    }

    public override ErrorTreatment TreatmentOf(in ErrorSummary error)
    {
        if (ShowsEverything) return ErrorTreatment.Verbatim;
        foreach (var assessment in assessments)
            if (ErrorScrubber.Judge(assessment, error) is ErrorTreatment.Scrub)
                return ErrorTreatment.Scrub;
        return ErrorTreatment.Verbatim;
    }
}
