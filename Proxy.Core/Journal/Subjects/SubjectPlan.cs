using System.Collections.Immutable;
using Proxy.Core.Masking;

namespace Proxy.Core.Journal.Subjects;

/// <summary>Which columns of a result say whose rows they are. Immutable.</summary>
public sealed class SubjectPlan
{
    private SubjectPlan(ImmutableArray<string> kinds, ImmutableArray<SubjectColumn> columns)
    {
        Kinds = kinds;
        Columns = columns;
        CodesBytes = columns.All(static column => SubjectCoder.CodesBytes(column));
    }

    /// <summary>Each kind of individuals once.</summary>
    public ImmutableArray<string> Kinds { get; }

    /// <summary>In the order of the row.</summary>
    public ImmutableArray<SubjectColumn> Columns { get; }

    /// <summary>Whether every value of every column has a code, made of its bytes as they are sent: then no row fails to be read.</summary>
    public bool CodesBytes { get; }

    /// <summary>Null where no column is a key.</summary>
    /// <param name="kinds">The kind of each column of the result; null where it is no key.</param>
    /// <param name="masks">The types of the columns, in the same order.</param>
    public static SubjectPlan? TryCreate(ReadOnlySpan<string?> kinds, ReadOnlySpan<ColumnMask> masks)
    {
        ImmutableArray<SubjectColumn>.Builder? columns = null;
        var names = new List<string>();
        for (var i = 0; i < kinds.Length; i++)
        {
            if (kinds[i] is not { } kind)
                continue;
            var place = names.IndexOf(kind);
            if (place < 0)
            {
                place = names.Count;
                names.Add(kind);
            }
            columns ??= ImmutableArray.CreateBuilder<SubjectColumn>();
            columns.Add(new SubjectColumn(i, place, masks[i].IsArray ? MaskType.Unknown : masks[i].Type, masks[i].IsBinary));
        }
        return columns is null ? null : new SubjectPlan([.. names], columns.DrainToImmutable());
    }

    public override string ToString() => string.Join(", ", Kinds);
}
