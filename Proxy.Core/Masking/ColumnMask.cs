namespace Proxy.Core.Masking;

/// <summary>How the values of one result column are shown. The default turns every value into NULL.</summary>
public readonly record struct ColumnMask
{
    public static ColumnMask Shown { get; } = new() { Kind = MaskKind.Show };

    public MaskKind Kind { get; init; }

    /// <summary>The column's type, or its elements' type when <see cref="IsArray"/>.</summary>
    public MaskType Type { get; init; }

    public bool IsArray { get; init; }

    /// <summary>Whether the server sends the column in binary.</summary>
    public bool IsBinary { get; init; }

    public DateStyle DateStyle { get; init; }

    /// <summary>The server's number for the (element) type; binary arrays carry it.</summary>
    public uint TypeOid { get; init; }

    /// <summary>
    /// The longest value in characters or bits (varchar(n), char(n), name, varbit(n)), the exact one of bit(n), or 0 for no limit.
    /// </summary>
    public int MaxLength { get; init; }

    /// <summary>Decimal digits of numeric(p,s), or 0 for no limit.</summary>
    public short Precision { get; init; }

    /// <summary>numeric: digits after the point, negative before it. Times: digits of the second's fraction that are cut, 0 (none) to 6 (all).</summary>
    public short Scale { get; init; }

    /// <summary>What the catalogue says of the type, for an enum and a composite.</summary>
    public TypeConstant? Constant { get; init; }

    /// <summary>Before which year a year tells an age over 89; for <see cref="MaskKind.Year"/>.</summary>
    public AgeLimit? AgeLimit { get; init; }

    /// <summary>Which key makes the tokens. A pseudonym without a key is a redaction.</summary>
    public KeyDomain? Domain { get; init; }

    /// <summary>Where the text tokens that are made are remembered; null where nobody translates them back.</summary>
    public TokenBook? Book { get; init; }
}
