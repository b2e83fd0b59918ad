using System.Collections.Immutable;
using Proxy.Core.Masking;
using Proxy.Core.Masking.MySql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// What is known of the rows of one result before they come: how they are written, which of their values have to be looked at, and what stands in place of those
/// that are masked. Immutable.
/// </summary>
internal sealed class MySqlRowShape
{
    /// <param name="plan">Of the rows.</param>
    /// <param name="columns">As the server described them.</param>
    /// <param name="isBinary">Which of the two forms the rows have.</param>
    public MySqlRowShape(MySqlMaskPlan plan, MySqlResultColumn[] columns, bool isBinary)
    {
        Plan = plan;
        Columns = columns;
        IsBinary = isBinary;
        Types = Array.ConvertAll(columns, static column => column.Type);
        if (!Fits) return;
        int[] masked = [.. Enumerable.Range(0, columns.Length).Where(column => plan[column].Kind is not MaskKind.Show)];
        int[] subjects = [.. (plan.Subjects?.Columns ?? []).Select(static subject => subject.Column)];
        Asked = [.. masked.Concat(subjects).Distinct().Order()];
        Masked = [.. masked.Select(MaskedColumnOf)];
        TokenColumns = Masked.Count(static column => column.Token is not null);
        Subjects = [.. subjects.Select(column => Asked.IndexOf(column))];
    }

    /// <summary>Of no result: no row has it.</summary>
    public static MySqlRowShape None { get; } = new(MySqlMaskPlan.Everything, [], isBinary: false);

    public MySqlMaskPlan Plan { get; }

    public MySqlResultColumn[] Columns { get; }

    public MySqlFieldType[] Types { get; }

    /// <summary>Whether the rows are those of the binary protocol.</summary>
    public bool IsBinary { get; }

    /// <summary>Whether the plan is one of these columns.</summary>
    public bool Fits => Plan.ColumnCount == MySqlMaskPlan.AnyColumnCount || Plan.ColumnCount == Types.Length;

    /// <summary>The columns whose values are needed, in the order of the row.</summary>
    public ImmutableArray<int> Asked { get; } = [];

    /// <summary>Those that are masked, in order.</summary>
    public ImmutableArray<MaskedColumn> Masked { get; } = [];

    /// <summary>How many of them get tokens that are made several at a time.</summary>
    public int TokenColumns { get; }

    /// <summary>The places in <see cref="Asked"/> of those that say whose row it is, in the order of the plan's subjects.</summary>
    public ImmutableArray<int> Subjects { get; } = [];

    public override string ToString() => $"{Types.Length} columns";

    private MaskedColumn MaskedColumnOf(int column)
    {
        var place = Asked.IndexOf(column);
        var width = IsBinary ? BinaryValue.FixedLength(Types[column]) : BinaryValue.Counted;
        if (Plan[column].Kind is not MaskKind.Redact) return new MaskedColumn(column, place, null, 0, width == BinaryValue.Counted ? Plan.TokenMaskOf(column) : null);
        var value = Plan.RedactionOf(column);
        // A mask of another width would make another value of what follows.
        var isNull = Plan.RedactsToNull(column) || (width >= 0 && width != value.Length);
        byte[] field = isNull ? IsBinary ? [] : [ReplyCode.Null] : width == BinaryValue.Counted ? Counted(value) : value.ToArray();
        return new MaskedColumn(column, place, [.. field, .. new byte[Math.Max(0, MaskedRowShape.ChunkBytes - field.Length)]], isNull && IsBinary ? -1 : field.Length, null);
    }

    private static byte[] Counted(ReadOnlySpan<byte> value)
    {
        var prefix = new byte[LengthEncoded.BytesMax];
        return [.. prefix.AsSpan(0, LengthEncoded.Write(prefix, value.Length)), .. value];
    }
}
