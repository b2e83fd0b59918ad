using System.Buffers.Binary;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Masking;

/// <summary>One mask per column of a result. Immutable; belongs to a portal, because formats and types do.</summary>
public sealed class MaskPlan
{
    /// <summary>A composite whose redaction is longer becomes NULL.</summary>
    private const int RedactionBytesMax = 1 << 20;

    private static readonly byte[] NullField = [0xFF, 0xFF, 0xFF, 0xFF];

    private readonly ColumnMask[] _columns;
    private readonly byte[][] _redactions;
    private readonly bool[] _phi;
    private readonly int[] _masked = [];
    private readonly bool _showsValues;
    private MaskPlan? _restyled;
    private MaskedRowShape? _shape;
    private bool _isShapeKnown;

    private MaskPlan()
    {
        _columns = [default];
        _redactions = [NullField];
        _phi = [];
        ColumnCount = AnyColumnCount;
    }

    /// <param name="columns">How each is shown.</param>
    /// <param name="phi">Which hold PHI though they are shown as they are; empty where none do.</param>
    public MaskPlan(ReadOnlySpan<ColumnMask> columns, ReadOnlySpan<bool> phi = default)
    {
        _phi = phi.Contains(true) ? phi.ToArray() : [];
        _columns = columns.ToArray();
        _redactions = new byte[columns.Length][];
        ColumnCount = columns.Length;
        _showsValues = true;
        _masked = [.. Enumerable.Range(0, columns.Length).Where(i => _columns[i].Kind is not MaskKind.Show)];
        for (var i = 0; i < columns.Length; i++)
        {
            _showsValues &= columns[i].Kind == MaskKind.Show;
            HoldsPhi |= IsPhi(i);
            _redactions[i] = RedactedField(columns[i]);
        }
    }

    /// <summary><see cref="ColumnCount"/> of a plan that fits any result.</summary>
    public const int AnyColumnCount = -1;

    /// <summary>Turns every value of every column into NULL, whatever the number of columns: the plan of a result nobody understood.</summary>
    public static MaskPlan Everything { get; } = new();

    public int ColumnCount { get; }

    /// <summary>The columns that are not shown as they are, in order; of a plan that fits any result, all are, and this is empty.</summary>
    public ReadOnlySpan<int> Masked => _masked;

    /// <summary>Which columns say whose rows they are; null where none does.</summary>
    public SubjectPlan? Subjects { get; init; }

    /// <summary>What becomes of rows that are made of few others; null where nobody asks.</summary>
    public SmallGroups? Groups { get; init; }

    /// <summary>How rows are looked at several at a time; null where each has to be looked at by itself.</summary>
    public MaskedRowShape? Shape
    {
        get
        {
            if (Volatile.Read(ref _isShapeKnown))
                return _shape;
            _shape = MaskedRowShape.TryCreate(this);
            Volatile.Write(ref _isShapeKnown, true);
            return _shape;
        }
    }

    /// <summary>How this row is shown: as every other, unless it is made of too few.</summary>
    /// <param name="body">Of the DataRow, as the server sent it.</param>
    public MaskPlan ForRow(ReadOnlySpan<byte> body) =>
        Groups is { } groups && groups.IsSmall(body, this[groups.CountColumn].IsBinary) ? groups.Small : this;

    /// <summary>Whether rows may pass without being looked at.</summary>
    public bool ShowsEverything => _showsValues && Groups is null;

    /// <summary>Whether any column can hold PHI, masked or not. Where all is NULL, none does.</summary>
    public bool HoldsPhi { get; }

    /// <summary>Whether the column can hold PHI, masked or not: what is not known can.</summary>
    public bool IsPhi(int column) => this[column].Kind is not MaskKind.Show || (column < _phi.Length && _phi[column]);

    public ref readonly ColumnMask this[int column] => ref _columns[ColumnCount == AnyColumnCount ? 0 : column];

    /// <summary>A column's redaction as a field of a row: int32 length (-1 for NULL) and bytes. Made once, because a result has many rows.</summary>
    public ReadOnlySpan<byte> RedactedFieldOf(int column) => _redactions[ColumnCount == AnyColumnCount ? 0 : column];

    /// <summary>The same plan for a session whose server writes dates in <paramref name="style"/>. Remembers the last answer.</summary>
    public MaskPlan In(DateStyle style)
    {
        // A plan for any number of columns shows NULL in every style.
        if (ColumnCount == AnyColumnCount || !DependsOnStyle(style))
            return this;
        var restyled = _restyled;
        if (restyled is not null && !restyled.DependsOnStyle(style))
            return restyled;
        var columns = _columns.AsSpan().ToArray();
        for (var i = 0; i < columns.Length; i++)
            columns[i] = columns[i] with { DateStyle = style };
        return _restyled = new MaskPlan(columns, _phi) { Subjects = Subjects, Groups = Groups is { } groups ? groups with { Small = groups.Small.In(style) } : null };
    }

    public override string ToString() => ColumnCount == AnyColumnCount ? "mask everything" : $"mask plan of {ColumnCount} columns";

    private bool DependsOnStyle(DateStyle style)
    {
        foreach (ref readonly var column in _columns.AsSpan())
            if (column.DateStyle != style)
                return true;
        return false;
    }

    private static byte[] RedactedField(in ColumnMask mask)
    {
        var value = new byte[Redaction.BytesMax];
        int length;
        while (!Redaction.TryWrite(mask, value, out length))
        {
            if (value.Length >= RedactionBytesMax)
                return NullField;
            value = new byte[2 * value.Length];
        }
        if (length < 0)
            return NullField;
        var field = new byte[sizeof(int) + length];
        BinaryPrimitives.WriteInt32BigEndian(field, length);
        value.AsSpan(0, length).CopyTo(field.AsSpan(sizeof(int)));
        return field;
    }
}
