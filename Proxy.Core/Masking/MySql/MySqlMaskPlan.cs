using Proxy.Core.Journal.Subjects;

namespace Proxy.Core.Masking.MySql;

/// <summary>One mask per column of a result. Immutable.</summary>
public sealed class MySqlMaskPlan
{
    /// <summary><see cref="ColumnCount"/> of a plan that fits any result.</summary>
    public const int AnyColumnCount = -1;

    private readonly MySqlColumnMask[] _columns;
    private readonly byte[]?[] _redactions;

    private MySqlMaskPlan()
    {
        _columns = [default];
        _redactions = [null];
        ColumnCount = AnyColumnCount;
    }

    public MySqlMaskPlan(ReadOnlySpan<MySqlColumnMask> columns)
    {
        _columns = columns.ToArray();
        _redactions = new byte[]?[columns.Length];
        ColumnCount = columns.Length;
        ShowsEverything = true;
        for (var i = 0; i < columns.Length; i++)
        {
            ShowsEverything &= columns[i].Kind == MaskKind.Show;
            _redactions[i] = Redacted(columns[i]);
        }
    }

    /// <summary>Turns every value of every column into NULL, whatever the number of columns: the plan of a result nobody understood.</summary>
    public static MySqlMaskPlan Everything { get; } = new();

    public int ColumnCount { get; }

    /// <summary>Which columns say whose rows they are; null where none does.</summary>
    public SubjectPlan? Subjects { get; init; }

    /// <summary>Whether rows may pass without being looked at.</summary>
    public bool ShowsEverything { get; }

    /// <summary>False when what the server says of the columns does not fit the catalogue: a newer one may make another plan.</summary>
    public bool KnowsEveryOrigin { get; init; } = true;

    public ref readonly MySqlColumnMask this[int column] => ref _columns[ColumnCount == AnyColumnCount ? 0 : column];

    /// <summary>By which <see cref="TextTokenBatch"/> makes a column's tokens, the same as <see cref="MySqlValueMasker"/> makes; null where it makes none.</summary>
    public ColumnMask? TokenMaskOf(int column)
    {
        ref readonly var mask = ref this[column];
        var text = mask is { Kind: MaskKind.Pseudonym, Type: MySqlMaskType.Text }
            ? new ColumnMask { Kind = MaskKind.Pseudonym, Type = MaskType.Text, MaxLength = mask.MaxLength, Domain = mask.Domain, Book = mask.Book }
            : default;
        return TextTokenBatch.Makes(text) ? text : null;
    }

    /// <summary>A column's constant without its length, made once, because a result has many rows; empty where it is NULL.</summary>
    public ReadOnlySpan<byte> RedactionOf(int column) => _redactions[ColumnCount == AnyColumnCount ? 0 : column];

    /// <summary>Whether the column's constant is NULL: its type has none.</summary>
    public bool RedactsToNull(int column) => _redactions[ColumnCount == AnyColumnCount ? 0 : column] is null;

    public override string ToString() => ColumnCount == AnyColumnCount ? "mask everything" : $"mask plan of {ColumnCount} columns";

    private static byte[]? Redacted(in MySqlColumnMask mask)
    {
        var value = new byte[Math.Max(MySqlValueMasker.BytesMax, mask.Constant?.Length ?? 0)];
        return MySqlRedaction.TryWrite(mask, value, out var length) && length != MySqlValueMasker.Null ? value[..length] : null;
    }
}
