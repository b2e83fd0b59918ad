namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Which of PostgreSQL's types have a mask, by the numbers that pg_type.dat fixes. Every other number, extensions' and users' types included,
/// is <see cref="MaskType.Unknown"/>. Domains need no entry: RowDescription gives their base type.
/// </summary>
public static class PostgresType
{
    private const int VariableHeader = 4; // VARHDRSZ, which varchar's, char's and numeric's modifiers include.
    private const int NameMaxLength = 63;
    private const int FractionDigitsMax = 6;

    /// <summary>A column's mask from what RowDescription (or a catalogue) says of it.</summary>
    /// <param name="kind">How it is shown.</param>
    /// <param name="typeOid">pg_type.oid.</param>
    /// <param name="modifier">atttypmod, -1 for none.</param>
    /// <param name="isBinary">The format code that the portal gives the column.</param>
    /// <param name="domain">Whose key makes the tokens; null makes a pseudonym a redaction.</param>
    /// <param name="style">The session's DateStyle.</param>
    public static ColumnMask Mask(
        MaskKind kind, uint typeOid, int modifier, bool isBinary, KeyDomain? domain = null, DateStyle style = DateStyle.Iso)
    {
        var (type, elementOid) = Classify(typeOid);
        var mask = new ColumnMask
        {
            Kind = kind,
            Type = type,
            IsArray = elementOid != typeOid,
            IsBinary = isBinary,
            DateStyle = style,
            TypeOid = elementOid,
            Domain = domain,
            MaxLength = elementOid == PostgresTypeOid.Name ? NameMaxLength : 0,
        };
        return modifier < 0 ? mask : WithModifier(mask, modifier);
    }

    private static ColumnMask WithModifier(ColumnMask mask, int modifier)
    {
        switch (mask.Type)
        {
            case MaskType.Text or MaskType.BlankPaddedText when mask.TypeOid != PostgresTypeOid.Name && modifier > VariableHeader:
                return mask with { MaxLength = modifier - VariableHeader };
            case MaskType.Numeric when modifier >= VariableHeader:
                var packed = modifier - VariableHeader;
                // Precision in the upper half; scale in eleven bits with a sign (numeric_typmod_scale).
                return mask with { Precision = (short)(packed >> 16), Scale = (short)(((packed & 0x7FF) ^ 1024) - 1024) };
            case MaskType.Time or MaskType.TimeTz or MaskType.Timestamp or MaskType.TimestampTz:
                return mask with { Scale = CutDigits(modifier) };
            case MaskType.Interval:
                return mask with { Scale = CutDigits(modifier & 0xFFFF) };
            default:
                return mask;
        }
    }

    private static short CutDigits(int precision) => (short)(FractionDigitsMax - Math.Min(precision, FractionDigitsMax));

    private static (MaskType Type, uint ElementOid) Classify(uint oid)
    {
        var elementOid = PostgresTypeOid.ElementOf(oid);
        var type = elementOid switch
        {
            PostgresTypeOid.Int2 => MaskType.Int16,
            PostgresTypeOid.Int4 => MaskType.Int32,
            PostgresTypeOid.Int8 => MaskType.Int64,
            PostgresTypeOid.Float4 => MaskType.Float4,
            PostgresTypeOid.Float8 => MaskType.Float8,
            PostgresTypeOid.Numeric => MaskType.Numeric,
            PostgresTypeOid.Bool => MaskType.Bool,
            PostgresTypeOid.Text or PostgresTypeOid.Varchar or PostgresTypeOid.Name or PostgresTypeOid.Unknown => MaskType.Text,
            PostgresTypeOid.Bpchar => MaskType.BlankPaddedText,
            PostgresTypeOid.Char => MaskType.SingleByte,
            PostgresTypeOid.Bytea => MaskType.Bytea,
            PostgresTypeOid.Date => MaskType.Date,
            PostgresTypeOid.Time => MaskType.Time,
            PostgresTypeOid.TimeTz => MaskType.TimeTz,
            PostgresTypeOid.Timestamp => MaskType.Timestamp,
            PostgresTypeOid.TimestampTz => MaskType.TimestampTz,
            PostgresTypeOid.Interval => MaskType.Interval,
            PostgresTypeOid.Uuid => MaskType.Uuid,
            PostgresTypeOid.Json => MaskType.Json,
            PostgresTypeOid.Jsonb => MaskType.Jsonb,
            _ => MaskType.Unknown,
        };
        return (type, elementOid);
    }
}
