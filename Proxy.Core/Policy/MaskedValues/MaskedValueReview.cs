using System.Text;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Policy.MaskedValues;

/// <summary>
/// Masked values in the text of a statement, and columns of which a masked value could not be told from a real one: what is known before any
/// parameter is. Parameters are <see cref="ParameterGuard"/>'s.
/// </summary>
internal sealed class MaskedValueReview(StatementReading reading, RiskAssessment assessment, ShownColumns columns)
{
    /// <summary>Whether anything in the statement could be a masked value: most statements are done here.</summary>
    public static bool Concerns(StatementReading reading, RiskAssessment assessment) =>
        !reading.MaskLikeLiterals.IsEmpty || Writes(reading, assessment) || assessment.Lineage is { Uses.IsEmpty: false };

    public static bool Writes(StatementReading reading, RiskAssessment assessment) =>
        assessment.Has(RiskClasses.Write | RiskClasses.BulkWrite | RiskClasses.Procedure)
        || assessment.Lineage is { Writes.IsEmpty: false }
        || IsWrite(reading.Kind) || reading.NestedKinds.Any(IsWrite);

    /// <summary>The refusal for what the text itself says; null when it says no masked value.</summary>
    public Refusal? RefusalOfText()
    {
        var writes = Writes(reading, assessment);
        foreach (var literal in reading.MaskLikeLiterals)
        {
            if (columns.Planner.Keys?.ContainsToken(Encoding.UTF8.GetBytes(literal)) is true)
                return writes ? Refusals.MaskedWrite.Because("a literal is a masked value") : Refusals.MaskedValue.Because("a literal is a masked value");
            if (writes && IsTextConstant(literal) && StoresMasked())
                return Refusals.MaskedWrite.Because("a literal is what is shown instead of a value");
        }
        if (!writes || assessment.Lineage is not { } lineage)
            return null;
        foreach (var use in lineage.Uses)
            if (use.Literal?.Value is { } value && columns.IsConstant(use.Column.Column, Encoding.UTF8.GetBytes(value), isBinary: false) && !IsGrantable(use))
                return Refusals.MaskedWrite.Because($"a literal is what is shown instead of {use.Column}");
        return null;
    }

    /// <summary>
    /// The column that a masked value could be written over, or choose rows of, unnoticed: only a rule that names masked-write lets that run. Null
    /// when there is none.
    /// </summary>
    public string? Unrecognisable()
    {
        if (!Writes(reading, assessment))
            return null;
        if (assessment.Lineage is not { } lineage)
            return assessment.MentionsPhi && Replaces() ? "a column that is shown masked" : null;
        foreach (var use in lineage.Uses)
            if (use.Kind is ValueUseKind.Compared or ValueUseKind.ComparedEach && columns.IsUnrecognisable(use.Column.Column))
                return use.Column.ToString();
        foreach (var write in lineage.Writes)
        {
            if (!write.ReplacesValue || ReferenceEquals(write.Value, Flow.Constant))
                continue;
            if (write.Column is null ? write.Relation.CarriesPhi : columns.IsUnrecognisable(write.Column) && !IsMoved(write, lineage))
                return write.Column is { } column ? $"{write.Relation}.{column.Name}" : write.Relation.ToString();
        }
        return null;
    }

    /// <summary>
    /// Whether the server takes the value from where it lies, and the client never saw it. EXCLUDED has the flow of the column itself, and what was
    /// to be inserted there.
    /// </summary>
    private static bool IsMoved(ColumnWrite write, StatementLineage lineage)
    {
        if (!write.Value.IsWholePhi)
            return false;
        foreach (var other in lineage.Writes)
            if (!other.ReplacesValue && ReferenceEquals(other.Relation, write.Relation) && !other.Value.IsWholePhi
                && (other.Column is null || other.Column.Number == write.Column!.Number))
                return false;
        return true;
    }

    /// <summary>Whether <see cref="Unrecognisable"/> asks for a rule anyway, which then decides.</summary>
    private bool IsGrantable(ValueUse use) => use.Kind is not ValueUseKind.Inserted && columns.IsUnrecognisable(use.Column.Column);

    private bool StoresMasked()
    {
        if (assessment.Lineage is not { } lineage)
            return assessment.MentionsPhi;
        foreach (var write in lineage.Writes)
            if (write.Column is null ? write.Relation.CarriesPhi : columns.IsMasked(write.Column))
                return true;
        return false;
    }

    private bool Replaces() =>
        reading.Kind is StatementKind.Update or StatementKind.Merge
        || reading.NestedKinds.Any(static kind => kind is StatementKind.Update or StatementKind.Merge)
        || reading.Syntax is Sql.Syntax.InsertStatement { OnConflict.Assignments.IsEmpty: false };

    internal static bool IsTextConstant(ReadOnlySpan<char> value) => value is "****" or "\"****\"" or "<masked/>";

    private static bool IsWrite(StatementKind kind) => kind is
        StatementKind.Insert or StatementKind.Update or StatementKind.Delete or StatementKind.Merge or StatementKind.CopyIn or StatementKind.Call or StatementKind.Do;
}
