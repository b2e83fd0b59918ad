using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Which of PostgreSQL's types have a mask: those of the server by the numbers that pg_type.dat fixes, those of users and extensions by what the
/// catalogue says of them. Every other one is <see cref="MaskType.Unknown"/>.
/// </summary>
public static class PostgresType
{
    private const int VariableHeader = 4; // VARHDRSZ, which varchar's, char's and numeric's modifiers include.
    private const int NameMaxLength = 63;
    private const int FractionDigitsMax = 6;

    /// <summary>Domains over domains, arrays of them, composites within composites: more is taken for a circle.</summary>
    private const int NestingMax = 16;

    /// <summary>A longer bit(n), whose constant would be as long, has no mask.</summary>
    internal const int BitsMax = 65_536;

    /// <summary>A column's mask from what RowDescription (or a catalogue) says of it.</summary>
    /// <param name="kind">How it is shown. What the type has no such form of is redacted.</param>
    /// <param name="typeOid">pg_type.oid.</param>
    /// <param name="modifier">atttypmod, -1 for none.</param>
    /// <param name="isBinary">The format code that the portal gives the column.</param>
    /// <param name="domain">Whose key makes the tokens; null makes a pseudonym a redaction.</param>
    /// <param name="style">The session's DateStyle.</param>
    /// <param name="types">What is known of types that are not the server's own; null knows none.</param>
    public static ColumnMask Mask(
        MaskKind kind, uint typeOid, int modifier, bool isBinary, KeyDomain? domain = null, DateStyle style = DateStyle.Iso,
        CatalogueTypes? types = null)
    {
        var mask = Describe(typeOid, modifier, types ?? CatalogueTypes.None, NestingMax) with { IsBinary = isBinary, DateStyle = style, Domain = domain };
        return mask with { Kind = HasForm(mask, kind) ? kind : MaskKind.Redact };
    }

    /// <summary>
    /// Whether a redaction of the type is a value; without one it is NULL, which a NOT NULL column must not be.
    /// </summary>
    public static bool HasMask(uint typeOid, int modifier, CatalogueTypes types)
    {
        var mask = Describe(typeOid, modifier, types, NestingMax);
        return mask.Type != MaskType.Unknown || mask.IsArray;
    }

    /// <summary>Whether values of the type can be shown as tokens.</summary>
    public static bool HasTokens(uint typeOid, int modifier, CatalogueTypes types) => HasForm(Describe(typeOid, modifier, types, NestingMax), MaskKind.Pseudonym);

    /// <summary>Type, length and precision; all that the kind of mask does not decide.</summary>
    private static ColumnMask Describe(uint oid, int modifier, CatalogueTypes types, int depth)
    {
        (oid, modifier) = BaseOf(oid, modifier, types);
        var elementOid = types.Find(oid) is { Kind: TypeKind.Array } array ? array.ComponentOid : PostgresTypeOid.ElementOf(oid);
        var (baseOid, baseModifier) = elementOid == oid ? (oid, modifier) : BaseOf(elementOid, modifier, types);
        var mask = Scalar(baseOid, types, depth) with { IsArray = elementOid != oid, TypeOid = elementOid };
        return baseModifier < 0 ? mask : WithModifier(mask, baseOid, baseModifier);
    }

    /// <summary>What a domain is of, with the modifier that the domain gives it.</summary>
    private static (uint Oid, int Modifier) BaseOf(uint oid, int modifier, CatalogueTypes types)
    {
        for (var depth = 0; depth < NestingMax && types.Find(oid) is { Kind: TypeKind.Domain } domain; depth++)
            (oid, modifier) = (domain.ComponentOid, domain.ComponentModifier < 0 ? modifier : domain.ComponentModifier);
        return (oid, modifier);
    }

    private static ColumnMask Scalar(uint oid, CatalogueTypes types, int depth)
    {
        var builtIn = BuiltIn(oid);
        if (builtIn != MaskType.Unknown || types.Find(oid) is not { } fact)
            return new ColumnMask { Type = builtIn, MaxLength = oid == PostgresTypeOid.Name ? NameMaxLength : builtIn == MaskType.Bit ? 1 : 0 };
        return fact.Kind switch
        {
            TypeKind.Range => new ColumnMask { Type = MaskType.Range },
            TypeKind.Multirange => new ColumnMask { Type = MaskType.Multirange },
            TypeKind.Enum when !fact.Labels.IsEmpty =>
                new ColumnMask { Type = MaskType.Enum, Constant = TypeConstant.OfLabel(fact.Labels[0]) },
            TypeKind.Composite when !fact.Attributes.IsEmpty && depth > 0 =>
                new ColumnMask { Type = MaskType.Composite, Constant = TypeConstant.OfFields(Fields(fact, types, depth - 1)) },
            TypeKind.Base => new ColumnMask { Type = OfExtension(fact) },
            _ => default,
        };
    }

    private static ImmutableArray<CompositeField> Fields(TypeFact composite, CatalogueTypes types, int depth) =>
        [.. composite.Attributes.Select(attribute => new CompositeField(attribute.TypeOid, Describe(attribute.TypeOid, attribute.Modifier, types, depth)))];

    /// <summary>Types whose input and output are those of text or known besides. PostGIS and the rest are NULL.</summary>
    private static MaskType OfExtension(TypeFact fact) => (fact.Extension, fact.Name) switch
    {
        ("citext", "citext") => MaskType.Text,
        ("hstore", "hstore") => MaskType.Hstore,
        _ => MaskType.Unknown,
    };

    private static ColumnMask WithModifier(ColumnMask mask, uint oid, int modifier)
    {
        switch (mask.Type)
        {
            case MaskType.Text or MaskType.BlankPaddedText when oid is PostgresTypeOid.Varchar or PostgresTypeOid.Bpchar && modifier > VariableHeader:
                return mask with { MaxLength = modifier - VariableHeader };
            case MaskType.Bit when modifier > BitsMax:
                return default;
            case MaskType.Bit or MaskType.Varbit:
                return mask with { MaxLength = modifier };
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

    /// <summary>
    /// Whether the type can be shown so. No tokens: for bool, "char" and enums, which have so few values that a token tells which one it stands
    /// for; for ranges, shapes, vectors and composites, which a token would say nothing of that a constant does not; for what names an object of
    /// the database, because a token might name another.
    /// </summary>
    private static bool HasForm(in ColumnMask mask, MaskKind kind) => kind switch
    {
        MaskKind.Pseudonym => mask.Type switch
        {
            MaskType.Bit or MaskType.Varbit => BitMask.HasTokens(mask),
            MaskType.Inet or MaskType.Cidr or MaskType.MacAddress or MaskType.MacAddress8 or MaskType.Money or MaskType.Xml => true,
            MaskType.Bool or MaskType.SingleByte => mask.IsArray,
            _ => mask.Type is > MaskType.Unknown and <= MaskType.Jsonb,
        },
        MaskKind.Year => mask.Type is MaskType.Date or MaskType.Timestamp or MaskType.TimestampTz,
        MaskKind.Age => AgeMask.Takes(mask.Type),
        MaskKind.ZipPrefix => ZipPrefixMask.Takes(mask),
        MaskKind.ZipArea => !mask.IsArray && ZipPrefixMask.Takes(mask),
        MaskKind.YearNumber => !mask.IsArray && (AgeMask.Takes(mask.Type) || mask.Type is MaskType.Text or MaskType.Date or MaskType.Timestamp or MaskType.TimestampTz),
        MaskKind.Plan => !mask.IsArray && mask.Type is MaskType.Text or MaskType.Json or MaskType.Xml,
        _ => true,
    };

    private static MaskType BuiltIn(uint oid) => oid switch
    {
        PostgresTypeOid.Int2 => MaskType.Int16,
        PostgresTypeOid.Int4 => MaskType.Int32,
        PostgresTypeOid.Int8 => MaskType.Int64,
        PostgresTypeOid.Float4 => MaskType.Float4,
        PostgresTypeOid.Float8 => MaskType.Float8,
        PostgresTypeOid.Numeric => MaskType.Numeric,
        PostgresTypeOid.Bool => MaskType.Bool,
        PostgresTypeOid.Text or PostgresTypeOid.Varchar or PostgresTypeOid.Name or PostgresTypeOid.Unknown or PostgresTypeOid.Refcursor => MaskType.Text,
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
        PostgresTypeOid.Bit => MaskType.Bit,
        PostgresTypeOid.Varbit => MaskType.Varbit,
        PostgresTypeOid.Inet => MaskType.Inet,
        PostgresTypeOid.Cidr => MaskType.Cidr,
        PostgresTypeOid.Macaddr => MaskType.MacAddress,
        PostgresTypeOid.Macaddr8 => MaskType.MacAddress8,
        PostgresTypeOid.Money => MaskType.Money,
        PostgresTypeOid.Xml => MaskType.Xml,
        PostgresTypeOid.Tsvector => MaskType.TsVector,
        PostgresTypeOid.Tsquery => MaskType.TsQuery,
        PostgresTypeOid.Point => MaskType.Point,
        PostgresTypeOid.Line => MaskType.Line,
        PostgresTypeOid.Lseg => MaskType.LineSegment,
        PostgresTypeOid.Box => MaskType.Box,
        PostgresTypeOid.Path => MaskType.Path,
        PostgresTypeOid.Polygon => MaskType.Polygon,
        PostgresTypeOid.Circle => MaskType.Circle,
        PostgresTypeOid.Jsonpath => MaskType.JsonPath,
        PostgresTypeOid.PgLsn => MaskType.LogPosition,
        PostgresTypeOid.Oid or PostgresTypeOid.Xid or PostgresTypeOid.Cid => MaskType.ObjectId,
        PostgresTypeOid.Xid8 => MaskType.TransactionId8,
        PostgresTypeOid.Tid => MaskType.TupleId,
        _ when PostgresTypeOid.IsObjectName(oid) => MaskType.ObjectName,
        _ when PostgresTypeOid.IsRange(oid) => MaskType.Range,
        _ when PostgresTypeOid.IsMultirange(oid) => MaskType.Multirange,
        _ => MaskType.Unknown,
    };
}
