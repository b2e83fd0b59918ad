using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>What a statement may do by its kind and the relations that it names.</summary>
internal static class KindRisks
{
    public static RiskClasses Of(StatementReading reading, MentionedRelations relations, bool mentionsPhi) => reading.Kind switch
    {
        StatementKind.Select or StatementKind.Fetch or StatementKind.Execute or StatementKind.CopyOut => Reading(mentionsPhi) | Writing(relations),

        // INSERT reads its target only where something else is named; the others choose rows by values that are there.
        StatementKind.Insert => RiskClasses.Write | (relations.Read.Count > 0 || relations.HasUnknown ? Reading(mentionsPhi) : RiskClasses.None),
        StatementKind.Update or StatementKind.Delete or StatementKind.Merge => RiskClasses.Write | Reading(mentionsPhi),
        StatementKind.CopyIn => RiskClasses.Write,
        StatementKind.CopyServerSide => RiskClasses.Administrative | RiskClasses.Export,
        StatementKind.CreateTableAs => RiskClasses.Schema | RiskClasses.Write | Reading(mentionsPhi),

        // Plain EXPLAIN plans and shows the plan, in which constants are folded; with ANALYZE the statement runs.
        StatementKind.Explain => Reading(mentionsPhi) | (reading.IsReadOnly ? RiskClasses.None : Inner(reading, relations, mentionsPhi)),
        StatementKind.Prepare => RiskClasses.Session | Inner(reading, relations, mentionsPhi),
        StatementKind.DeclareCursor => Inner(reading, relations, mentionsPhi),

        StatementKind.Empty or StatementKind.ShowSetting => RiskClasses.Read,
        StatementKind.Deallocate or StatementKind.CloseCursor or StatementKind.Discard => RiskClasses.Session,
        StatementKind.Begin or StatementKind.Commit or StatementKind.Rollback => RiskClasses.Session,
        StatementKind.Savepoint or StatementKind.ReleaseSavepoint or StatementKind.RollbackToSavepoint => RiskClasses.Session,
        StatementKind.SetSetting or StatementKind.ResetSetting or StatementKind.SetTransaction => RiskClasses.Session,
        StatementKind.Listen or StatementKind.Unlisten or StatementKind.Notify => RiskClasses.Session,

        // Holds up everybody else.
        StatementKind.Lock => RiskClasses.Write,
        StatementKind.PrepareTransaction or StatementKind.CommitPrepared or StatementKind.RollbackPrepared => RiskClasses.Administrative,
        StatementKind.Call or StatementKind.Do => RiskClasses.Procedure,
        StatementKind.Show => MySqlShows.IsOfStructure(reading.ObjectName) ? RiskClasses.Read : RiskClasses.Unknown,
        StatementKind.Evaluate => RiskClasses.Session | Reading(mentionsPhi),
        StatementKind.UseDatabase => RiskClasses.Session,
        // Whose session it is, the gateway looks up by the number.
        StatementKind.Kill => reading.ObjectName is null ? RiskClasses.Unknown : RiskClasses.Session,
        StatementKind.Schema => RiskClasses.Schema,
        StatementKind.Privilege => RiskClasses.Privilege,
        StatementKind.Administrative => RiskClasses.Administrative,
        _ => RiskClasses.Unknown,
    };

    /// <summary>What the statements inside do, unless EXPLAIN only plans them.</summary>
    public static RiskClasses OfNested(StatementReading reading, MentionedRelations relations, bool mentionsPhi)
    {
        var risks = RiskClasses.None;
        if (reading.Kind is StatementKind.Explain && reading.IsReadOnly)
            return risks;
        foreach (var kind in reading.NestedKinds)
            risks |= Of(reading with { Kind = kind, Inner = null, NestedKinds = [] }, relations, mentionsPhi);
        return risks;
    }

    private static RiskClasses Inner(StatementReading reading, MentionedRelations relations, bool mentionsPhi) =>
        reading.Inner is { } inner ? Of(inner, relations, mentionsPhi) : RiskClasses.Unknown;

    private static RiskClasses Reading(bool mentionsPhi) => mentionsPhi ? RiskClasses.Read | RiskClasses.PhiRead : RiskClasses.Read;

    /// <summary>A SELECT writes through the CTEs that modify.</summary>
    private static RiskClasses Writing(MentionedRelations relations) => relations.Written.Count > 0 || relations.HasUnknownWritten ? RiskClasses.Write : RiskClasses.None;
}
