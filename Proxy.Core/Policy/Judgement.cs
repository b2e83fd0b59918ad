using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Copy;
using Proxy.Core.Masking.Errors;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Policy.Budgets;
using Proxy.Core.Policy.MaskedValues;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>
/// What was concluded about one text for one session, under one version of policy and catalogue: the decision, and how each answer is to be
/// masked. The text is decided as a whole: when any statement in it is refused, all of it is. Immutable.
/// </summary>
public abstract class Judgement
{
    private readonly WeakReference<CatalogueSnapshot> _catalogue = CatalogueSnapshot.Empty.Reference;
    private TouchedRelations? _touched;

    public required StatementAnalysis Analysis { get; init; }

    public required Decision Decision { get; init; }

    /// <summary>
    /// The catalogue that it was made by, <see cref="CatalogueSnapshot.Empty"/> once that has been replaced and nobody else needs it: prepared statements
    /// that nobody runs must not keep whole catalogues.
    /// </summary>
    public required CatalogueSnapshot Catalogue
    {
        get => _catalogue.TryGetTarget(out var catalogue) ? catalogue : CatalogueSnapshot.Empty;
        init
        {
            _catalogue = value.Reference;
            CatalogueVersion = value.Version;
            Types = value.Types;
            Classifier = value.Classifier;
        }
    }

    public required string PolicyVersion { get; init; }

    /// <summary>Whether the session had done nothing before the text that could make its relations other than the catalogue's.</summary>
    public required bool TrustsCatalogue { get; init; }

    /// <summary>The session's own relations that it was made by.</summary>
    public SessionOverlay Overlay { get; init; } = SessionOverlay.Empty;

    /// <summary>Whether the text is refused, and names something that the catalogue does not know: a newer one may.</summary>
    public bool NamesUnknown { get; init; }

    /// <summary>
    /// Whether the text is refused because of names that the catalogue does not know: the server should be asked to parse it, and only if it
    /// accepts is the refusal the answer.
    /// </summary>
    public bool AsksServer { get; init; }

    public long CatalogueVersion { get; private init; }

    /// <summary>The catalogue's types, and by what people had said of columns.</summary>
    internal CatalogueTypes Types { get; private init; } = CatalogueTypes.None;
    internal IColumnClassifier Classifier { get; private init; } = ColumnClassification.Nothing;

    /// <summary>
    /// The same under a catalogue that differs in nothing that the text can touch; null where it has to be judged anew. What else it was made by, the
    /// caller has compared.
    /// </summary>
    internal virtual Judgement? Under(CatalogueSnapshot now) => null;

    /// <summary>Whether it would be the same under a newer catalogue: nothing has changed that the text, or what it runs by name, can touch.</summary>
    internal virtual bool HoldsUnder(CatalogueSnapshot now) => false;

    /// <summary>Whether the text may be parsed by the server though it is refused: parsing runs no code of users.</summary>
    public virtual bool MayBeParsed => true;

    /// <summary>What the statement at this index does to the session's own relations once it has completed.</summary>
    public virtual OverlayEffect EffectOf(int statement) => OverlayEffect.None;

    /// <summary>What of the catalogue the text names, for the record.</summary>
    public TouchedRelations Touched => _touched ??= TouchedRelations.Of(Analysis, Catalogue);

    /// <summary>What <see cref="Touched"/> is, where it is known without looking.</summary>
    private protected TouchedRelations KnownTouched { init => _touched = value; }

    /// <summary>What the statement at this index may do; <see cref="RiskAssessment.Unreadable"/> where there is none.</summary>
    public abstract RiskAssessment AssessmentOf(int statement);

    /// <summary>The same for judgements whose plans are the same wherever statement and columns are.</summary>
    public virtual object PlanIdentity => this;

    /// <summary>The plan for an answer of the statement at this index. Never null; what cannot be planned is masked whole.</summary>
    public abstract MaskPlan PlanFor(int statement, ReadOnlySpan<ResultColumn> columns);

    /// <summary>The same for an answer in MySQL's protocol.</summary>
    public virtual MySqlMaskPlan PlanFor(int statement, ReadOnlySpan<MySqlResultColumn> columns) => MySqlMaskPlan.Everything;

    /// <summary>The plan for a COPY … TO STDOUT at this index; null where there is none, and nothing may be shown.</summary>
    public virtual CopyPlan? CopyPlanFor(int statement) => null;

    /// <summary>
    /// Whether an answer has columns of relations that its catalogue does not know, though the session has made none of its own: then the catalogue
    /// is old.
    /// </summary>
    public bool IsOutdatedBy(ReadOnlySpan<ResultColumn> columns)
    {
        var catalogue = Catalogue;
        if (!TrustsCatalogue || Overlay.HasRelations || catalogue.Version == 0)
            return false;
        foreach (ref readonly var column in columns)
            if (column.HasOrigin && catalogue.Find(column.RelationOid) is null)
                return true;
        return false;
    }

    /// <summary>Whether it may change what other sessions see by names, once it is committed.</summary>
    public bool ChangesShared { get; init; }

    /// <summary>The same for an answer of which nothing may be shown, because nobody can say what its names meant.</summary>
    public Judgement Withheld() => new WithheldJudgement(this)
    {
        Analysis = Analysis,
        Decision = Decision,
        Catalogue = Catalogue,
        PolicyVersion = PolicyVersion,
        TrustsCatalogue = TrustsCatalogue,
        Overlay = Overlay,
        ChangesShared = ChangesShared,
    };

    /// <summary>Whether an answer may have PHI in it, in any form.</summary>
    public bool MayShowPhi { get; init; } = true;

    /// <summary>What it compares PHI with, where a budget counts that; null where there is nothing to count.</summary>
    public ComparedValues? Compared { get; init; }

    /// <summary>What its bound parameters may be; null where they may be anything.</summary>
    public ParameterGuard? Parameters { get; init; }

    /// <summary>What the data of COPY FROM STDIN may be; null where they may be anything, or none come.</summary>
    public StoredStreamGuard? CopyIn { get; init; }

    /// <summary>The same for an error or warning of MySQL, by its number.</summary>
    public virtual ErrorTreatment TreatmentOf(ushort errorCode) => ErrorTreatment.Scrub;

    /// <summary>
    /// In MySQL, the numbers of parameters that must be bound as texts, or be NULL: they are compared with texts that are PHI. Bound as anything else
    /// they are refused as inference.
    /// </summary>
    public virtual ImmutableArray<int> TextParameters => [];

    /// <summary>What to do with an error or notice that this text brought about.</summary>
    public abstract ErrorTreatment TreatmentOf(in ErrorSummary error);
}
