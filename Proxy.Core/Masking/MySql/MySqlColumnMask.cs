namespace Proxy.Core.Masking.MySql;

/// <summary>How the values of one result column are shown. The default turns every value into NULL.</summary>
public readonly record struct MySqlColumnMask
{
    public static MySqlColumnMask Shown { get; } = new() { Kind = MaskKind.Show };

    public MaskKind Kind { get; init; }

    public MySqlMaskType Type { get; init; }

    /// <summary>Whether the rows come in the binary protocol, that of prepared statements.</summary>
    public bool IsBinary { get; init; }

    /// <summary>Bytes of an integer or a floating point number in a binary row; MEDIUMINT is sent in four of which it fills three.</summary>
    public byte Width { get; init; }

    /// <summary>MEDIUMINT: of its <see cref="Width"/> of four bytes it fills three.</summary>
    public bool IsMedium { get; init; }

    public bool IsUnsigned { get; init; }

    /// <summary>The longest value in characters (text), bytes (binary strings) or bits (BIT), 0 for no limit; the exact one of BIT and BINARY.</summary>
    public int MaxLength { get; init; }

    /// <summary>DECIMAL(p,s), FLOAT(p,s), DOUBLE(p,s): decimal digits in all, or 0 where that is not limited.</summary>
    public short Precision { get; init; }

    /// <summary>Digits behind the point: of a number, or of the second's fraction; -1 for a floating point number without a fixed number of them.</summary>
    public short Scale { get; init; }

    /// <summary>What stands for every value where the catalogue decides that: an enum's first label, a shape of a geometric type. Null for none.</summary>
    public byte[]? Constant { get; init; }

    /// <summary>Before which year a year tells an age over 89; for <see cref="MaskKind.Year"/>.</summary>
    public AgeLimit? AgeLimit { get; init; }

    /// <summary>Which key makes the tokens. A pseudonym without a key is a redaction.</summary>
    public KeyDomain? Domain { get; init; }

    /// <summary>Where the text tokens that are made are remembered; null where nobody translates them back.</summary>
    public TokenBook? Book { get; init; }
}
