using System.Collections.Immutable;
using Proxy.Core.Journal.Subjects;

namespace Proxy.Core.Masking;

/// <summary>
/// What has to be looked at in each row of a result whose masks are of the simplest kinds: one constant for all values of a column, or text tokens.
/// Such rows are masked several at a time. Immutable.
/// </summary>
public sealed class MaskedRowShape
{
    /// <summary>What is copied by one store of the processor.</summary>
    public const int ChunkBytes = 32;

    private MaskedRowShape(MaskPlan plan)
    {
        Columns = [.. plan.Masked.ToArray().Concat(SubjectsOf(plan).Select(static subject => subject.Column)).Distinct().Order()];
        Masked = [.. plan.Masked.ToArray().Select(column => Columns.IndexOf(column))];
        Constants = [.. plan.Masked.ToArray().Select(column => plan[column].Kind is MaskKind.Redact ? Padded(plan.RedactedFieldOf(column)) : null)];
        Lengths = [.. plan.Masked.ToArray().Select(column => plan[column].Kind is MaskKind.Redact ? plan.RedactedFieldOf(column).Length : TextTokenBatch.FieldBytes(plan[column]))];
        Subjects = [.. SubjectsOf(plan).Select(subject => Columns.IndexOf(subject.Column))];
    }

    /// <summary>The columns whose values are needed, in the order of the row.</summary>
    public ImmutableArray<int> Columns { get; }

    /// <summary>The places in <see cref="Columns"/> of those that are masked, in order.</summary>
    public ImmutableArray<int> Masked { get; }

    /// <summary>
    /// What stands in place of the values of each masked column (<see cref="MaskPlan.RedactedFieldOf"/>), in an array that has <see cref="ChunkBytes"/> at least; null
    /// where it is a token.
    /// </summary>
    public ImmutableArray<byte[]?> Constants { get; }

    /// <summary>The bytes of the field that stands in place of a value of each masked column.</summary>
    public ImmutableArray<int> Lengths { get; }

    /// <summary>The places in <see cref="Columns"/> of those that say whose row it is, in the order of <see cref="SubjectPlan.Columns"/>.</summary>
    public ImmutableArray<int> Subjects { get; }

    /// <summary>Null where rows have to be looked at one by one.</summary>
    public static MaskedRowShape? TryCreate(MaskPlan plan)
    {
        if (plan.ColumnCount == MaskPlan.AnyColumnCount || plan.Groups is not null)
            return null;
        foreach (var column in plan.Masked)
            if (plan[column].Kind is not MaskKind.Redact && !TextTokenBatch.Makes(plan[column]))
                return null;
        return new MaskedRowShape(plan);
    }

    public override string ToString() => $"{Columns.Length} columns";

    private static byte[] Padded(ReadOnlySpan<byte> field)
    {
        var padded = new byte[Math.Max(field.Length, ChunkBytes)];
        field.CopyTo(padded);
        return padded;
    }

    private static ImmutableArray<SubjectColumn> SubjectsOf(MaskPlan plan) => plan.Subjects?.Columns ?? [];
}
