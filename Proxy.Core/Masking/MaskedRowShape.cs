using System.Collections.Immutable;
using Proxy.Core.Journal.Subjects;

namespace Proxy.Core.Masking;

/// <summary>
/// What has to be looked at in each row of a result whose masks are of the simplest kinds: one constant for all values of a column, or text tokens of one length.
/// Such rows are masked several at a time. Immutable.
/// </summary>
public sealed class MaskedRowShape
{
    private MaskedRowShape(MaskPlan plan)
    {
        Columns = [.. plan.Masked.ToArray().Concat(SubjectsOf(plan).Select(static subject => subject.Column)).Distinct().Order()];
        Masked = [.. plan.Masked.ToArray().Select(column => Columns.IndexOf(column))];
        Subjects = [.. SubjectsOf(plan).Select(subject => Columns.IndexOf(subject.Column))];
    }

    /// <summary>The columns whose values are needed, in the order of the row.</summary>
    public ImmutableArray<int> Columns { get; }

    /// <summary>The places in <see cref="Columns"/> of those that are masked, in order.</summary>
    public ImmutableArray<int> Masked { get; }

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

    private static ImmutableArray<SubjectColumn> SubjectsOf(MaskPlan plan) => plan.Subjects?.Columns ?? [];
}
