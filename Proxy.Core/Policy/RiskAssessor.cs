using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Masking;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;
using Proxy.Core.Sql.MySql;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Policy;

/// <summary>
/// Says what a statement may do, from its first reading and a catalogue. Allow lists throughout: what is not known is Unknown, and mentions PHI.
/// Pure; the result may be cached by (reading, catalogue version).
/// </summary>
public static class RiskAssessor
{
    /// <param name="prepared">
    /// For EXECUTE, also inside EXPLAIN, and FETCH: the assessment of the statement that the name was defined with in this session, or null where it is not known.
    /// </param>
    /// <param name="trustsCatalogue">
    /// False when the session itself may have put something else where the catalogue knows a relation or an operator: then nothing is clean.
    /// </param>
    public static RiskAssessment Assess(
        StatementReading reading, CatalogueSnapshot catalogue, RiskAssessment? prepared = null, bool trustsCatalogue = true, SessionOverlay? overlay = null)
    {
        overlay ??= SessionOverlay.Empty;
        // What SHOW names it does not read.
        var isStructure = reading.Kind is StatementKind.Show && MySqlShows.IsOfStructure(reading.ObjectName) && reading.OpaqueBecause is null;
        var relations = new MentionedRelations(isStructure ? reading with { Relations = [] } : reading, catalogue, overlay);
        var code = new MentionedCode(reading, catalogue);
        var settings = MentionedSettings.Judge(reading, catalogue.Dialect);
        var isDefinedElsewhere = reading.RunsNamed;

        var lineage = trustsCatalogue && reading.Syntax is { } syntax ? LineageAnalyser.Analyse(syntax, new LineageCatalogue(catalogue, overlay)) : null;
        // Code that nobody reviewed may return what it likes, wherever it is called from.
        var isFollowed = lineage is { IsOpaque: false } && !code.RunsUnreviewed && !code.RunsServerInternals && !code.RunsUnreviewedWhenRead
            && (!reading.RunsNamed || prepared is { Lineage: not null });
        var mentionsPhi = relations.MentionsPhi || (!trustsCatalogue && !reading.Relations.IsEmpty)
            || (isDefinedElsewhere && prepared is not { MentionsPhi: false });
        // Without lineage every PHI relation that is named is read, and decides.
        var readsPhi = isFollowed ? false : mentionsPhi;
        var risks = KindRisks.Of(reading, relations, readsPhi) | KindRisks.OfNested(reading, relations, readsPhi) | CodeRisks(code, readsPhi) | SettingRisks(settings);
        var conditions = isFollowed ? lineage!.Conditions : [];
        risks |= isFollowed ? LineageRisks.Of(lineage!) : readsPhi && (HasConditions(reading.Kind) || reading.Syntax is ConstrainStatement) ? RiskClasses.Inference : RiskClasses.None;
        // A prepared statement is planned anew over what its names mean by now; a cursor's rows were decided on when it was declared.
        if (isDefinedElsewhere && prepared is null)
            risks |= reading.Kind is StatementKind.Fetch ? RiskClasses.Write : RiskClasses.Write | RiskClasses.Inference;
        var opaque = OpaqueBecause(reading, catalogue);
        if (opaque is not null)
            risks |= RiskClasses.Unknown;
        if (RunsWriteCode(relations) || (code.NeedsLineage && !isFollowed))
            risks |= RiskClasses.Procedure;
        // Superusers may write the system catalogues: columns get other names, settings other values, functions other bodies.
        if (relations.Written.Exists(static relation => relation.Kind is RelationKind.SystemTable))
            risks |= RiskClasses.Administrative;
        var staysInSession = isFollowed && !code.Writes && StaysInSession(reading, relations, catalogue.Dialect);
        if (staysInSession)
            risks = (risks & ~(RiskClasses.Schema | RiskClasses.Write)) | RiskClasses.Session;
        // A temporary table carries the classes of what was copied into it; any other would have to be classified by a person.
        if (isFollowed && reading.Kind is StatementKind.CreateTableAs && lineage!.ShowsPhi && !(staysInSession && lineage.Outputs is { IsOpen: false }))
            risks |= RiskClasses.Export;
        if (((!isFollowed || reading.Syntax is ConstrainStatement) && StoredValues.MayCarryPhi(reading, relations)) || ((!trustsCatalogue || (isDefinedElsewhere && mentionsPhi)) && !reading.StoredColumns.IsDefaultOrEmpty))
            risks |= RiskClasses.Export;

        var isClean = trustsCatalogue && !mentionsPhi && code.IsClean && settings.IsShown && opaque is null
            && reading.Kind is not (StatementKind.Unknown or StatementKind.Call or StatementKind.Do or StatementKind.Handler or StatementKind.LoadLocal)
            && (isStructure || reading.Kind is not StatementKind.Show)
            && (!isDefinedElsewhere || prepared is { OriginlessIsClean: true })
            && !RunsWriteCode(relations);
        var shown = isDefinedElsewhere && reading.Kind is StatementKind.Explain ? prepared is { OriginlessIsClean: true } ? lineage : prepared?.Lineage?.OfPlan(catalogue.Dialect)
            : isDefinedElsewhere ? prepared?.Lineage : isFollowed ? lineage : null;
        var isKnown = opaque is null && !RunsWriteCode(relations) && !code.RunsUnreviewedWhenRead;
        if (WritesFile(reading.Syntax) || WritesFile(reading.Inner?.Syntax))
            risks |= RiskClasses.Administrative | RiskClasses.Export;
        var cannotBeMasked = reading.Kind is StatementKind.CopyOut && !isClean && shown is not { ShowsPhi: false }
            && !(trustsCatalogue && (CopiedTable.TryFind(reading, catalogue, overlay, out _) || (isKnown && CopiedQuery.CanBeMasked(reading, shown))));
        if (cannotBeMasked)
            risks |= RiskClasses.Export;

        var named = isDefinedElsewhere ? prepared?.Risks : null;
        var all = risks | LineageRisks.Of(conditions, MaskProfile.Unmasked, catalogue.Types) | (named?.Classes ?? RiskClasses.None);
        return new RiskAssessment
        {
            Risks = StatementRisks.Of(profile => risks | LineageRisks.Of(conditions, profile, catalogue.Types) | (named?.Under(profile) ?? RiskClasses.None)),
            Findings = [.. trustsCatalogue ? [] : new[] { "this session changed the schema or ran code that nobody reviewed" }, .. relations.Findings, .. code.Findings, .. settings.Findings, .. WriteFindings(relations), .. isDefinedElsewhere && prepared is null ? ["what is named is not known for certain: PREPARE or DECLARE it anew"] : Array.Empty<string>(), .. lineage is null ? [] : LineageRisks.Findings(lineage), .. opaque is null ? [] : new[] { opaque }],
            MentionsPhi = mentionsPhi,
            OriginlessIsClean = isClean,
            OriginsAreTrusted = reading.Kind is not StatementKind.Unknown && opaque is null && !RunsWriteCode(relations) && !code.RunsUnreviewedWhenRead
                // A view that is replaced keeps its identifier, and up to PostgreSQL 15 a rule turns an empty table into a view.
                && trustsCatalogue
                && (!isDefinedElsewhere || prepared is { OriginsAreTrusted: true }),
            TouchesPhi = !trustsCatalogue || (code.NeedsLineage && lineage is not { IsOpaque: false, TouchesPhi: false }) || opaque is not null || !IsHarmlessWhenItFails(reading, relations, code) || (isDefinedElsewhere && prepared is not { TouchesPhi: false }),
            Refusal = RefusalFor(reading, all, opaque, code, settings),
            NamesUnknown = lineage is { HasUnresolvedNames: true } || code.NamesUnknown,
            MayRunWhenParsed = code.MayRunWhenParsed
                || (catalogue.RunsCodeInLiterals && (relations.HasUnknown || code.NamesUnknown || lineage is { HasUnresolvedNames: true })),
            CannotBeMasked = cannotBeMasked,
            Lineage = isKnown ? shown : null,
            IsStructure = isStructure && isClean,
            IsForbidden = settings.ChangesReading,
            IsQuery = IsQuery(reading),
            Reading = reading,
            Meant = prepared?.Meant ?? prepared?.Reading,
            CatalogueVersion = catalogue.Version,
            Overlay = overlay,
            Effect = isFollowed ? OverlayEffects.Of(reading, lineage!, catalogue, overlay) : OverlayEffect.None,
        };
    }

    /// <summary>INTO OUTFILE, INTO DUMPFILE.</summary>
    private static bool WritesFile(Statement? statement) => statement switch
    {
        QueryStatement { Query.Into.IsFile: true } => true,
        PrepareStatement { Inner: { } inner } => WritesFile(inner),
        ExplainStatement { Inner: { } inner } => WritesFile(inner),
        _ => false,
    };

    /// <summary>It makes, fills or drops temporary tables, which nobody else ever sees.</summary>
    private static bool StaysInSession(StatementReading reading, MentionedRelations relations, SqlDialect dialect) => reading.Syntax switch
    {
        CreateTableStatement create => create is { IsTemporary: true, IsPlain: true } && !IsElsewhere(create.Name, dialect),
        CreateTableAsStatement create => // What its query changes on the way is a write like any other.
            create is { IsTemporary: true, IsMaterializedView: false } && reading.NestedKinds.IsEmpty && !IsElsewhere(create.Name, dialect),
        DropRelationsStatement or InsertStatement or UpdateStatement or DeleteStatement or UpdateJoinStatement or DeleteJoinStatement or MergeStatement or CopyStatement { IsFrom: true } =>
            relations.WritesOnlyTemporary,
        _ => false,
    };

    // In MySQL a temporary table is one of a database's.
    private static bool IsElsewhere(QualifiedName name, SqlDialect dialect) => dialect is not SqlDialect.MySql && name.Schema is not (null or SessionRelation.TemporarySchema);

    private static bool IsQuery(StatementReading reading) =>
        reading.Kind is StatementKind.Select or StatementKind.Insert or StatementKind.Update or StatementKind.Delete or StatementKind.Merge;

    private static bool HasConditions(StatementKind kind) => kind is
        StatementKind.Select or StatementKind.Insert or StatementKind.Update or StatementKind.Delete or StatementKind.Merge or StatementKind.Explain
        or StatementKind.Prepare or StatementKind.DeclareCursor or StatementKind.CreateTableAs or StatementKind.CopyOut or StatementKind.CopyIn or StatementKind.Evaluate or StatementKind.Handler;

    private static RiskClasses CodeRisks(MentionedCode code, bool mentionsPhi)
    {
        var risks = RiskClasses.None;
        if (code.RunsUnreviewed)
            risks |= RiskClasses.Procedure;
        if (code.RunsServerInternals)
            risks |= RiskClasses.Administrative | RiskClasses.Unknown;
        if (code.Writes)
            risks |= RiskClasses.Write;
        if (code.Signals && mentionsPhi)
            risks |= RiskClasses.Export | RiskClasses.Inference;
        return risks;
    }

    private static RiskClasses SettingRisks(MentionedSettings settings)
    {
        var risks = settings.Changes ? RiskClasses.Session : RiskClasses.None;
        return settings.Refusal is null ? risks : risks | RiskClasses.Unknown;
    }

    /// <summary>A write of this statement runs code that nobody reviewed, which may return what it likes.</summary>
    private static bool RunsWriteCode(MentionedRelations relations) => relations.Written.Exists(static relation => relation.RunsUnreviewedCode);

    /// <summary>
    /// Whether an error can print only what is not PHI. A relation that is read fires nothing, so its own rows decide; one that is written
    /// counts with everything that its foreign keys, triggers and rules reach.
    /// </summary>
    private static bool IsHarmlessWhenItFails(StatementReading reading, MentionedRelations relations, MentionedCode code) =>
        reading.Kind is not (StatementKind.Unknown or StatementKind.Call or StatementKind.Do or StatementKind.Schema or StatementKind.Administrative)
        && !relations.MentionsPhi
        && !relations.Written.Exists(relation => OnlyInserts(reading) ? relation.InsertReachesPhi : relation.ReachesPhi)
        && !code.RunsUnreviewed && !code.MayRunUnreviewed && !code.RunsServerInternals;

    /// <summary>Rows are added, and none is changed: by ON CONFLICT, say, or in a common table.</summary>
    private static bool OnlyInserts(StatementReading reading) =>
        reading is { Kind: StatementKind.CopyIn } or { Kind: StatementKind.Insert, NestedKinds.IsEmpty: true, Syntax: InsertStatement { OnConflict: null } };

    /// <summary>Besides what the reader says: an older server may take the same bytes for something else.</summary>
    private static string? OpaqueBecause(StatementReading reading, CatalogueSnapshot catalogue) =>
        reading.OpaqueBecause
        ?? (catalogue.ServerVersionNum / 10_000 < reading.MinimumServerVersion
            ? $"only PostgreSQL {reading.MinimumServerVersion} and later read the statement as it was analysed"
            : ConfusesNames(reading, catalogue) ? "the server may take a name of the statement for another one of the catalogue" : null);

    private static bool ConfusesNames(StatementReading reading, CatalogueSnapshot catalogue)
    {
        if (reading.OddNames.IsEmpty)
            return false;
        foreach (var mention in reading.Relations)
            foreach (var relation in catalogue.Candidates(mention.Name))
                foreach (var column in relation.Columns)
                    foreach (var name in reading.OddNames)
                        if (SimilarNames.AreConfusable(name, column.Name))
                            return true;
        return false;
    }

    private static IEnumerable<string> WriteFindings(MentionedRelations relations) =>
        relations.Written.Where(static relation => relation.RunsUnreviewedCode)
            .Select(static relation => $"writing {relation} runs code that is not reviewed");

    private static RefusalKind? RefusalFor(StatementReading reading, RiskClasses risks, string? opaque, MentionedCode code, MentionedSettings settings)
    {
        if (settings.Refusal is { } refusal)
            return refusal;
        if ((risks & RiskClasses.Export) != 0)
            return reading.Kind is StatementKind.CopyOut ? Refusals.CopyOfPhi : Refusals.ExportOfPhi;
        if (opaque is null && (risks & RiskClasses.Inference) != 0 && !code.RunsUnreviewed && !code.RunsServerInternals)
            return Refusals.InferenceRefused;
        if (opaque is not null)
            return Refusals.StatementOpaque;
        if (code.RunsUnreviewed || code.RunsServerInternals)
            return Refusals.FunctionNotAllowed;
        return (risks & RiskClasses.Unknown) != 0 ? Refusals.StatementKind : null;
    }
}
