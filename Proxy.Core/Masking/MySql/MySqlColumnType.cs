using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Masking.MySql;

/// <summary>Which mask a column has, from its definition on the wire and what the catalogue says of the column that it copies.</summary>
public static class MySqlColumnType
{
    private const ushort UnsignedFlag = 0x20;
    private const ushort EnumFlag = 0x100;
    private const ushort SetFlag = 0x800;

    /// <summary>NOT_FIXED_DEC: 31 in MySQL, 39 in MariaDB for some results.</summary>
    private const int NotFixedDecimals = 31;
    private const int FractionDigitsMax = 6;

    /// <summary>A longer BINARY(n) cannot be declared.</summary>
    private const int FixedBytesMax = 255;

    /// <summary>Fewer bits have so few values that a token tells which one it stands for.</summary>
    private const int TokenBitsMin = 15;

    /// <summary>A column's mask.</summary>
    /// <param name="kind">How it is shown. What the type has no such form of is redacted.</param>
    /// <param name="column">As the server described it.</param>
    /// <param name="declared">The column of the catalogue that it copies; null for a computed one.</param>
    /// <param name="types">The catalogue's types: labels of enums.</param>
    /// <param name="domain">Whose key makes the tokens; null makes a pseudonym a redaction.</param>
    public static MySqlColumnMask Mask(
        MaskKind kind, in MySqlResultColumn column, CatalogueColumn? declared = null, CatalogueTypes? types = null, KeyDomain? domain = null)
    {
        var mask = Describe(column, declared, types ?? CatalogueTypes.None) with { IsBinary = column.IsBinary, Domain = domain };
        return mask with { Kind = HasForm(mask, kind) ? kind : MaskKind.Redact };
    }

    private static MySqlColumnMask Describe(in MySqlResultColumn column, CatalogueColumn? declared, CatalogueTypes types) => column.Type switch
    {
        MySqlFieldType.Tiny => Integer(column, 1),
        MySqlFieldType.Short => Integer(column, 2),
        MySqlFieldType.Int24 => Integer(column, 4) with { IsMedium = true },
        MySqlFieldType.Long => Integer(column, 4),
        MySqlFieldType.LongLong => Integer(column, 8),
        MySqlFieldType.Year => new() { Type = MySqlMaskType.Year, Width = 2 },
        MySqlFieldType.Float => Floating(column, MySqlMaskType.Float, sizeof(float)),
        MySqlFieldType.Double => Floating(column, MySqlMaskType.Double, sizeof(double)),
        MySqlFieldType.Decimal or MySqlFieldType.NewDecimal => Decimal(column),
        MySqlFieldType.Bit => new() { Type = MySqlMaskType.Bit, MaxLength = column.Length is > 0 and <= 64 ? (int)column.Length : 64 },
        MySqlFieldType.Date or MySqlFieldType.NewDate => new() { Type = MySqlMaskType.Date },
        MySqlFieldType.DateTime => new() { Type = MySqlMaskType.DateTime, Scale = FractionOf(column) },
        MySqlFieldType.Timestamp => new() { Type = MySqlMaskType.Timestamp, Scale = FractionOf(column) },
        MySqlFieldType.Time => new() { Type = MySqlMaskType.Time, Scale = FractionOf(column) },
        MySqlFieldType.Json => new() { Type = MySqlMaskType.Json },
        MySqlFieldType.Geometry => new() { Type = MySqlMaskType.Geometry, Constant = MySqlGeometry.Constant(declared, types) },
        MySqlFieldType.Enum => EnumOf(declared, types),
        MySqlFieldType.Set => new() { Type = MySqlMaskType.Set },
        MySqlFieldType.VarChar or MySqlFieldType.VarString or MySqlFieldType.String or MySqlFieldType.TinyBlob or MySqlFieldType.Blob
            or MySqlFieldType.MediumBlob or MySqlFieldType.LongBlob => Characters(column, declared, types),
        _ => default,
    };

    private static MySqlColumnMask Integer(in MySqlResultColumn column, byte width) =>
        new() { Type = MySqlMaskType.Integer, Width = width, IsUnsigned = (column.Flags & UnsignedFlag) != 0 };

    private static MySqlColumnMask Floating(in MySqlResultColumn column, MySqlMaskType type, byte width) => column.Decimals >= NotFixedDecimals
        ? new() { Type = type, Width = width, Scale = -1 }
        : new() { Type = type, Width = width, Scale = column.Decimals, Precision = (short)Math.Min(column.Length, 255) };

    /// <summary>The length counts the sign, which unsigned columns do not have, and the point.</summary>
    private static MySqlColumnMask Decimal(in MySqlResultColumn column)
    {
        var scale = Math.Min((int)column.Decimals, 38);
        var precision = (int)Math.Min(column.Length, 255) - (scale > 0 ? 1 : 0) - ((column.Flags & UnsignedFlag) != 0 ? 0 : 1);
        return new() { Type = MySqlMaskType.Decimal, Scale = (short)scale, Precision = (short)Math.Max(1, Math.Max(scale, precision)) };
    }

    private static short FractionOf(in MySqlResultColumn column) => column.Decimals <= FractionDigitsMax ? column.Decimals : (short)0;

    private static MySqlColumnMask Characters(in MySqlResultColumn column, CatalogueColumn? declared, CatalogueTypes types)
    {
        if ((column.Flags & EnumFlag) != 0)
            return EnumOf(declared, types);
        if ((column.Flags & SetFlag) != 0)
            return new() { Type = MySqlMaskType.Set };
        switch (declared?.TypeOid)
        {
            // MariaDB has no type of its own for JSON on the wire, and calls its other additions strings.
            case PostgresTypeOid.Json:
                return new() { Type = MySqlMaskType.Json };
            case PostgresTypeOid.Uuid:
                return new() { Type = MySqlMaskType.Uuid };
            case PostgresTypeOid.Inet:
                return new() { Type = types.Find(declared.TypeOid) is null && declared.TypeModifier == MySqlDeclaredType.Inet4 ? MySqlMaskType.Inet4 : MySqlMaskType.Inet6 };
        }
        var length = (int)Math.Min(column.Length, int.MaxValue);
        if (column.Collation == MySqlCharacterSet.Binary)
            return column.Type == MySqlFieldType.String && length is > 0 and <= FixedBytesMax
                ? new() { Type = MySqlMaskType.FixedBytes, MaxLength = length }
                : new() { Type = MySqlMaskType.Bytes, MaxLength = length };
        var width = MySqlCharacterSet.BytesPerCharacter(column.Collation);
        return width == 0 ? new() { Type = MySqlMaskType.ForeignText } : new() { Type = MySqlMaskType.Text, MaxLength = length / width };
    }

    private static MySqlColumnMask EnumOf(CatalogueColumn? declared, CatalogueTypes types) => new()
    {
        Type = MySqlMaskType.Enum,
        Constant = declared is not null && types.Find(declared.TypeOid) is { Kind: TypeKind.Enum, Labels: [var first, ..] } ? System.Text.Encoding.UTF8.GetBytes(first) : null,
    };

    /// <summary>
    /// Whether the type can be shown so. No tokens for what has few values (TINYINT, YEAR, ENUM, SET, short BIT and BINARY), nor for shapes.
    /// </summary>
    private static bool HasForm(in MySqlColumnMask mask, MaskKind kind) => kind switch
    {
        MaskKind.Pseudonym => mask.Type switch
        {
            MySqlMaskType.Integer => mask.Width > 1,
            MySqlMaskType.Bit => mask.MaxLength >= TokenBitsMin,
            MySqlMaskType.Bytes or MySqlMaskType.FixedBytes => mask.MaxLength is 0 or >= (TokenBitsMin + 1) / 8,
            MySqlMaskType.Float or MySqlMaskType.Double or MySqlMaskType.Decimal or MySqlMaskType.Date or MySqlMaskType.DateTime or MySqlMaskType.Timestamp
                or MySqlMaskType.Time or MySqlMaskType.Text or MySqlMaskType.Json or MySqlMaskType.Uuid or MySqlMaskType.Inet6 => true,
            _ => false,
        },
        MaskKind.Year => mask.Type is MySqlMaskType.Date or MySqlMaskType.DateTime or MySqlMaskType.Timestamp or MySqlMaskType.Year,
        MaskKind.Age => mask.Type is MySqlMaskType.Integer or MySqlMaskType.Float or MySqlMaskType.Double or MySqlMaskType.Decimal,
        MaskKind.ZipPrefix => mask.Type is MySqlMaskType.Text && mask.MaxLength is 0 or >= 3,
        _ => true,
    };
}
