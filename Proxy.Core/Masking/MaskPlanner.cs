using Proxy.Core.Catalogue;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking.Copy;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Masking;

/// <summary>
/// Decides how each column of a result is shown. As it is: only if the lineage of the statement says that no PHI flows into it and its origin on
/// the wire does not say otherwise, or if a rule shows everything. Where no lineage is known, only an origin that is reviewed and not PHI, or a
/// statement that can put no PHI into columns without an origin. Everything else is masked; what is not known is redacted.
/// </summary>
/// <param name="keys">Makes the tokens of pseudonyms; without, a pseudonym is a redaction.</param>
/// <param name="time">The clock by which ages are over 89; the system's without.</param>
/// <param name="book">Remembers the tokens that are shown, so that they can be translated back; null remembers nothing.</param>
public sealed class MaskPlanner(MaskingKeys? keys, TimeProvider? time = null, TokenBook? book = null)
{
    /// <summary>Recognises the tokens that the plans make.</summary>
    public MaskingKeys? Keys { get; } = keys;

    public TokenBook? Book { get; } = book;

    /// <summary>A planner like this one, which remembers what it shows.</summary>
    public MaskPlanner With(TokenBook remembering) => new(Keys, time, remembering);

    private readonly AgeLimit _ageLimit = new(time ?? TimeProvider.System);

    /// <summary>The plan of a portal's result. Remember it with the catalogue's version: another catalogue may plan otherwise.</summary>
    /// <param name="knowsEveryOrigin">
    /// False when what the server says of the columns does not fit the catalogue: then it is old, and should be refreshed.
    /// </param>
    public MaskPlan Plan(
        ReadOnlySpan<ResultColumn> columns, RiskAssessment assessment, CatalogueSnapshot catalogue, Decision decision, DateStyle style,
        out bool knowsEveryOrigin)
    {
        knowsEveryOrigin = true;
        var masks = new ColumnMask[columns.Length];
        string?[]? subjects = null;
        var phi = ShowsEverything(decision) && assessment.MentionsPhi ? new bool[columns.Length] : [];
        var fits = Fits(assessment, columns.Length);
        for (var i = 0; i < columns.Length; i++)
        {
            var (showing, identifier) = ShownAs(i, columns.Length, columns[i], assessment, catalogue, phi.Length == 0 && ShowsEverything(decision), ref knowsEveryOrigin);
            // A rule may show PHI as it is; that it is PHI is still counted.
            if (phi.Length > 0)
            {
                phi[i] = showing is not (Showing.AsItIs or Showing.Plan);
                (showing, identifier) = (Showing.AsItIs, IdentifierClass.NotPhi);
            }
            var part = showing is Showing.Part ? FlowOf(i, columns.Length, assessment).Part : ValuePart.None;
            masks[i] = Masked(showing, identifier, part, columns[i], catalogue, decision, style);
            if (SubjectOf(fits ? assessment.Lineage!.Outputs!.Columns[i].Flow : null, columns[i], catalogue) is { } subject)
                (subjects ??= new string?[columns.Length])[i] = subject;
        }
        return new MaskPlan(masks, phi)
        {
            Subjects = subjects is null ? null : SubjectPlan.TryCreate(subjects, masks),
            Groups = decision.MinimumGroupSize > 0 && assessment is { MentionsPhi: true, Lineage.Groups: { } groups } ? SmallGroupsOf(groups, masks, decision.MinimumGroupSize) : null,
        };
    }

    /// <summary>Where the answer does not say how large its groups are, or has other columns than the text, every group is too small.</summary>
    private static SmallGroups SmallGroupsOf(GroupShape groups, ColumnMask[] masks, int minimum)
    {
        if (groups.CountColumn is not { } counted || groups.IsMade.Length != masks.Length)
            return new SmallGroups(0, int.MaxValue, MaskPlan.Everything);
        var small = masks.AsSpan().ToArray();
        for (var i = 0; i < small.Length; i++)
            if (groups.IsMade[i])
                small[i] = default(ColumnMask) with { IsBinary = small[i].IsBinary, DateStyle = small[i].DateStyle };
        return new SmallGroups(counted, minimum, new MaskPlan(small));
    }

    /// <summary>The same of an answer in MySQL's protocol.</summary>
    public MySqlMaskPlan Plan(
        ReadOnlySpan<MySqlResultColumn> columns, RiskAssessment assessment, CatalogueSnapshot catalogue, Decision decision)
    {
        var knowsEveryOrigin = true;
        var masks = new MySqlColumnMask[columns.Length];
        string?[]? subjects = null;
        var fits = Fits(assessment, columns.Length);
        for (var i = 0; i < columns.Length; i++)
        {
            var column = MySqlOrigin.Of(columns[i], fits, catalogue, out var declared);
            var (showing, identifier) = assessment.IsStructure
                ? (Showing.AsItIs, IdentifierClass.NotPhi)
                : ShownAs(i, columns.Length, column, assessment, catalogue, ShowsEverything(decision), ref knowsEveryOrigin);
            if (fits && assessment.Lineage!.Outputs!.Columns[i].Flow is { Derivation: Derivation.Copy, Sources.Columns: [var source] })
                declared = source.Column;
            // Parts of values and plans are PostgreSQL's: here they are redacted.
            var (kind, domain) = showing is Showing.Part or Showing.Plan ? (MaskKind.Redact, null) : KindOf(showing, identifier, ValuePart.None, decision);
            masks[i] = showing is Showing.Nothing
                ? default(MySqlColumnMask) with { IsBinary = columns[i].IsBinary }
                : MySqlColumnType.Mask(kind, columns[i], declared, catalogue.Types, domain) with { AgeLimit = _ageLimit, Book = Book };
            if (SubjectOf(fits ? assessment.Lineage!.Outputs!.Columns[i].Flow : null, column, catalogue) is { } subject)
                (subjects ??= new string?[columns.Length])[i] = subject;
        }
        return new MySqlMaskPlan(masks) { KnowsEveryOrigin = knowsEveryOrigin, Subjects = subjects is null ? null : SubjectPlan.TryCreate(subjects, KeysOf(columns)) };
    }

    /// <summary>Keys are coded as the server writes them in text; those whose text is not the same in both protocols have no codes.</summary>
    private static ColumnMask[] KeysOf(ReadOnlySpan<MySqlResultColumn> columns)
    {
        var keys = new ColumnMask[columns.Length];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = default(ColumnMask) with { Type = columns[i].CanBeKey ? MaskType.Text : MaskType.Unknown };
        return keys;
    }

    /// <summary>
    /// In MySQL the origin is a name, which a temporary table, a derived table or a common table can have as well as the table that the catalogue means:
    /// what the analysis does not place it cannot place either.
    /// </summary>
    private static bool HasNamedOrigins(CatalogueSnapshot catalogue) => catalogue.Dialect is SqlDialect.MySql;

    private static bool Fits(RiskAssessment assessment, int columns) =>
        assessment.Lineage?.Outputs is { IsOpen: false } outputs && outputs.Columns.Length == columns;

    /// <summary>How one of so many columns is shown, before its type has a say.</summary>
    private static (Showing Showing, IdentifierClass Class) ShownAs(
        int index, int columns, in ResultColumn column, RiskAssessment assessment, CatalogueSnapshot catalogue, bool showsEverything, ref bool knowsEveryOrigin)
    {
        var fits = Fits(assessment, columns);
        var origin = column.HasOrigin ? Origin.Of(column, catalogue) : Origin.None;
        if (column.HasOrigin && !origin.IsKnown && fits && IsOfSession(assessment.Lineage!.Outputs!.Columns[index].Flow))
            origin = Origin.OfSession;
        knowsEveryOrigin &= !column.HasOrigin || origin.IsKnown;
        return showsEverything ? (Showing.AsItIs, IdentifierClass.NotPhi)
            : assessment.Lineage is null || (column.HasOrigin && !HasNamedOrigins(catalogue) && assessment.Lineage.Outputs is { IsOpen: true }) ? ByOrigin(column, origin, assessment)
            : ByFlow(FlowOf(index, columns, assessment), column, origin, ref knowsEveryOrigin);
    }

    /// <summary>What flows into a column. Of columns whose places are not known it can be any; a shape that disagrees is not understood.</summary>
    private static Flow FlowOf(int index, int columns, RiskAssessment assessment) => Fits(assessment, columns) ? assessment.Lineage!.Outputs!.Columns[index].Flow
        : assessment.Lineage?.Outputs is { IsOpen: true } open ? open.Whole()
        : Flow.Opaque;

    /// <summary>
    /// The plan of a COPY whose columns are known from the statement, in the order in which it writes them. Null when it cannot be masked, and must
    /// not run.
    /// </summary>
    public CopyPlan? PlanCopy(ReadOnlySpan<CopyColumn> columns, CopyOptions options, CatalogueSnapshot catalogue) =>
        CopyPlan.TryCreate(columns, options, catalogue.Types, _ageLimit);

    /// <summary>How the profile shows values of the column, in text and under the ISO DateStyle; what is made by it is not remembered.</summary>
    public ColumnMask MaskOf(MaskProfile profile, CatalogueColumn column, CatalogueTypes types)
    {
        var (kind, domain) = profile is MaskProfile.Unmasked ? (MaskKind.Show, null) : MaskOf(profile, column.Class);
        return PostgresType.Mask(kind, column.TypeOid, column.TypeModifier, isBinary: false, domain, DateStyle.Iso, types) with { AgeLimit = _ageLimit };
    }

    /// <summary>How a copy of a column of this class is shown, with the key of its tokens.</summary>
    public (MaskKind Kind, KeyDomain? Domain) MaskOf(MaskProfile profile, IdentifierClass identifier) =>
        ProfileMasks.Of(profile, identifier) switch
        {
            MaskKind.Pseudonym => DomainOf(identifier) is { } domain ? (MaskKind.Pseudonym, domain) : (MaskKind.Redact, null),
            var kind => (kind, null),
        };

    private static (Showing Showing, IdentifierClass Class) ByFlow(Flow flow, in ResultColumn column, Origin origin, ref bool knowsEveryOrigin)
    {
        if (!flow.IsPhi)
        {
            if (!column.HasOrigin || origin.IsShown)
                return (flow.Part is ValuePart.Plan ? Showing.Plan : Showing.AsItIs, IdentifierClass.NotPhi);
            // The wire only adds masks. Where it knows of PHI that the analysis does not, the catalogue has grown old.
            knowsEveryOrigin = false;
            return (Showing.Masked, origin.Class);
        }
        if (flow.Derivation is Derivation.Copy && !flow.TellsByNull)
            return (Showing.Masked, flow.Sources.PhiClass() ?? IdentifierClass.Unreviewed);
        if (flow is { Part: ValuePart.Year or ValuePart.ZipPrefix, TellsByNull: false } && !column.HasOrigin && flow.Sources.PhiClass() is { } identifier)
            return (Showing.Part, identifier);
        return (flow.TellsByNull ? Showing.Nothing : Showing.Redacted, IdentifierClass.Unreviewed);
    }

    private static (Showing Showing, IdentifierClass Class) ByOrigin(in ResultColumn column, Origin origin, RiskAssessment assessment)
    {
        // Whether a value that was computed is NULL may be what was asked.
        if (!column.HasOrigin)
            return (assessment.OriginlessIsClean ? Showing.AsItIs : Showing.Nothing, IdentifierClass.Unreviewed);
        if (!assessment.OriginsAreTrusted)
            return (Showing.Nothing, IdentifierClass.Unreviewed);
        return origin.IsShown ? (Showing.AsItIs, IdentifierClass.NotPhi) : (Showing.Masked, origin.Class);
    }

    private ColumnMask Masked(
        Showing showing, IdentifierClass identifier, ValuePart part, in ResultColumn column, CatalogueSnapshot catalogue, Decision decision, DateStyle style)
    {
        var (kind, domain) = KindOf(showing, identifier, part, decision);
        var mask = PostgresType.Mask(kind, column.TypeOid, column.TypeModifier, column.IsBinary, domain, style, catalogue.Types) with { AgeLimit = _ageLimit, Book = Book };
        // How many elements a computed array has tells what they were computed from.
        return showing is Showing.Nothing || (showing is Showing.Redacted or Showing.Part && mask.IsArray)
            ? default(ColumnMask) with { IsBinary = column.IsBinary, DateStyle = style }
            : mask;
    }

    /// <summary>The kind of individuals whose key the column shows: by what flows into it, which looks through views, or by where the server says it comes from.</summary>
    private static string? SubjectOf(Flow? flow, in ResultColumn column, CatalogueSnapshot catalogue) =>
        SubjectOf(flow) ?? (column.HasOrigin ? catalogue.Find(column.RelationOid)?.Column(column.AttributeNumber)?.Subject : null);

    /// <summary>A copy of keys of one kind is a key of that kind.</summary>
    internal static string? SubjectOf(Flow? flow)
    {
        if (flow is not { Derivation: Derivation.Copy })
            return null;
        string? only = null;
        foreach (var (_, column) in flow.Sources.Columns)
        {
            if (column.Subject is not { } subject || (only is not null && only != subject))
                return null;
            only = subject;
        }
        return only;
    }

    private (MaskKind Kind, KeyDomain? Domain) KindOf(Showing showing, IdentifierClass identifier, ValuePart part, Decision decision) => showing switch
    {
        Showing.AsItIs => (MaskKind.Show, null),
        Showing.Plan => (MaskKind.Plan, null),
        Showing.Part => (ProfileMasks.OfPart(decision.Profile, identifier, part), null),
        // What is no PHI itself and still not shown is a column whose values may be another's.
        Showing.Masked when identifier is not IdentifierClass.NotPhi => MaskOf(decision.Profile, identifier),
        _ => (MaskKind.Redact, null),
    };

    /// <summary>Whether it copies a column of a relation that the session made: the server's number for that is in no catalogue.</summary>
    private static bool IsOfSession(Flow flow)
    {
        if (flow.Derivation is not Derivation.Copy || flow.Sources.IsEmpty)
            return false;
        foreach (var source in flow.Sources.Columns)
            if (source.Relation.Oid == 0)
                return true;
        return false;
    }

    private static bool ShowsEverything(Decision decision) =>
        decision.Verdict == Verdict.Allow && decision.Profile == MaskProfile.Unmasked;

    /// <summary>One key for each identifier, so that equal values of one identifier join, whatever the tables. Free text joins with nothing.</summary>
    private KeyDomain? DomainOf(IdentifierClass identifier) => Keys?.Domain(identifier.ToString());
}
