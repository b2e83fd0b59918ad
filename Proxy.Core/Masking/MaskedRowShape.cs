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
        int[] asked = [.. plan.Masked.ToArray().Concat(SubjectsOf(plan).Select(static subject => subject.Column)).Distinct().Order()];
        Asked = [.. asked.Select((column, place) => new AskedColumn(column, column - (place == 0 ? 0 : asked[place - 1] + 1), FieldBytesOf(plan, column)))];
        Masked = [.. plan.Masked.ToArray().Select(column => new MaskedField(column, Array.IndexOf(asked, column), ConstantOf(plan, column), FieldBytesOf(plan, column)))];
        Subjects = [.. SubjectsOf(plan).Select(subject => Array.IndexOf(asked, subject.Column))];
        Columns = plan.ColumnCount;
        Rest = Columns - (asked is [.., var last] ? last + 1 : 0);
    }

    /// <summary>How many a row has.</summary>
    public int Columns { get; }

    /// <summary>The columns whose values are needed, in the order of the row.</summary>
    public ImmutableArray<AskedColumn> Asked { get; }

    /// <summary>How many columns there are behind the last that is asked for.</summary>
    public int Rest { get; }

    /// <summary>Those of them that are masked, in order.</summary>
    public ImmutableArray<MaskedField> Masked { get; }

    /// <summary>The places in <see cref="Asked"/> of those that say whose row it is, in the order of <see cref="SubjectPlan.Columns"/>.</summary>
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

    public override string ToString() => $"{Columns} columns";

    private static int FieldBytesOf(MaskPlan plan, int column) => plan[column].Kind switch
    {
        MaskKind.Show => 0,
        MaskKind.Redact => plan.RedactedFieldOf(column).Length,
        _ => TextTokenBatch.FieldBytes(plan[column]),
    };

    private static byte[]? ConstantOf(MaskPlan plan, int column) => plan[column].Kind is MaskKind.Redact ? Padded(plan.RedactedFieldOf(column)) : null;

    private static byte[] Padded(ReadOnlySpan<byte> field)
    {
        var padded = new byte[Math.Max(field.Length, ChunkBytes)];
        field.CopyTo(padded);
        return padded;
    }

    private static ImmutableArray<SubjectColumn> SubjectsOf(MaskPlan plan) => plan.Subjects?.Columns ?? [];
}
