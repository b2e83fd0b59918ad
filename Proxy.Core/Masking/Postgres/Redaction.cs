using System.Buffers.Binary;

namespace Proxy.Core.Masking.Postgres;

/// <summary>The constant that stands for any value of a type.</summary>
internal static class Redaction
{
    /// <summary>The longest but for bit(n) and composites: a char(n) padded to <see cref="PaddedCharsMax"/>.</summary>
    public const int BytesMax = PaddedCharsMax;

    /// <summary>How far char(n) is padded with blanks. They carry nothing; the server and drivers accept the value without.</summary>
    public const int PaddedCharsMax = 256;

    private const int DaysOf1900 = -36524;
    private const long MicrosecondsPerDay = CivilDate.MicrosecondsPerDay;

    private static ReadOnlySpan<byte> Word => "****"u8;

    /// <summary>
    /// Writes the constant and tells its length, or -1 for NULL. False when the destination is too small; <see cref="BytesMax"/> are enough for
    /// everything but bit(n) and composites.
    /// </summary>
    public static bool TryWrite(in ColumnMask mask, Span<byte> destination, out int length)
    {
        if (!mask.IsArray && mask.Type is MaskType.Composite)
            return CompositeRedaction.TryWrite(mask, destination, out length);
        if (!mask.IsArray && mask.Type is MaskType.Bit)
            return BitMask.TryWriteZeros(mask, destination, out length);
        if (destination.Length >= BytesMax)
        {
            length = Write(mask, destination);
            return true;
        }
        Span<byte> constant = stackalloc byte[BytesMax];
        length = Write(mask, constant);
        return length == ValueMasker.Null || constant[..length].TryCopyTo(destination);
    }

    private static int Write(in ColumnMask mask, Span<byte> destination)
    {
        if (mask.IsArray)
            return WriteEmptyArray(mask, destination);
        if (mask.Type == MaskType.Unknown)
            return ValueMasker.Null;
        return mask.IsBinary && !IsSameInBinary(mask.Type) ? WriteBinary(mask, destination) : WriteText(mask, destination);
    }

    /// <summary>Text kinds and json are sent in binary as they are in text.</summary>
    private static bool IsSameInBinary(MaskType type) =>
        type is MaskType.Text or MaskType.BlankPaddedText or MaskType.SingleByte or MaskType.Json or MaskType.Xml or MaskType.Enum;

    private static int WriteText(in ColumnMask mask, Span<byte> destination)
    {
        switch (mask.Type)
        {
            case MaskType.Text or MaskType.BlankPaddedText:
                var length = mask.MaxLength == 0 ? Word.Length : Math.Min(Word.Length, mask.MaxLength);
                Word[..length].CopyTo(destination);
                return Pad(mask, destination, length);
            case MaskType.Date or MaskType.Timestamp or MaskType.TimestampTz:
                if (mask.DateStyle == DateStyle.Unknown)
                    return ValueMasker.Null;
                var writer = new DateTimeWriter(destination, mask.DateStyle);
                if (mask.Type == MaskType.Date)
                    writer.WriteDate(DaysOf1900);
                else
                    writer.WriteTimestamp(DaysOf1900 * MicrosecondsPerDay, withZone: mask.Type == MaskType.TimestampTz);
                return writer.Length;
            case MaskType.Numeric when HasShownScale(mask):
                // As many digits as the column has: drivers show them.
                destination[..(2 + mask.Scale)].Fill((byte)'0');
                destination[1] = (byte)'.';
                return 2 + mask.Scale;
            case MaskType.Enum:
                mask.Constant!.Label.CopyTo(destination);
                return mask.Constant.Label.Length;
            default:
                var constant = TextConstant(mask.Type);
                constant.CopyTo(destination);
                return constant.Length;
        }
    }

    private static bool HasShownScale(in ColumnMask mask) => mask.Scale is > 0 and <= 100;

    private static ReadOnlySpan<byte> TextConstant(MaskType type) => type switch
    {
        MaskType.SingleByte => "*"u8,
        MaskType.Bool => "f"u8,
        MaskType.Bytea => ""u8,
        MaskType.Time => "00:00:00"u8,
        MaskType.TimeTz => "00:00:00+00"u8,
        // Read as zero under every IntervalStyle.
        MaskType.Interval => "00:00:00"u8,
        MaskType.Uuid => "00000000-0000-0000-0000-000000000000"u8,
        MaskType.Json or MaskType.Jsonb => "\"****\""u8,
        MaskType.Xml => "<masked/>"u8,
        MaskType.Inet => "0.0.0.0"u8,
        MaskType.Cidr => "0.0.0.0/32"u8,
        MaskType.MacAddress => "00:00:00:00:00:00"u8,
        MaskType.MacAddress8 => "00:00:00:00:00:00:00:00"u8,
        MaskType.Varbit or MaskType.TsVector or MaskType.Hstore => ""u8,
        MaskType.TsQuery => "'masked'"u8, // The server writes an empty query in binary, and does not read it [ran: tsqueryrecv].
        MaskType.Point => "(0,0)"u8,
        MaskType.Line => "{0,1,0}"u8, // y = 0: the first two coefficients are not both zero.
        MaskType.LineSegment => "[(0,0),(0,0)]"u8,
        MaskType.Box => "(0,0),(0,0)"u8,
        MaskType.Path or MaskType.Polygon => "((0,0))"u8,
        MaskType.Circle => "<(0,0),0>"u8,
        MaskType.JsonPath => "$"u8,
        MaskType.LogPosition => "0/0"u8,
        MaskType.ObjectName => "-"u8, // How regclass and its like write 0 and read it.
        MaskType.TupleId => "(0,0)"u8,
        MaskType.Range => "empty"u8,
        MaskType.Multirange => "{}"u8,
        _ => "0"u8,
    };

    private static int WriteBinary(in ColumnMask mask, Span<byte> destination)
    {
        switch (mask.Type)
        {
            case MaskType.Jsonb:
                destination[0] = 1; // jsonb's version
                TextConstant(MaskType.Json).CopyTo(destination[1..]);
                return 1 + TextConstant(MaskType.Json).Length;
            case MaskType.Date:
                BinaryPrimitives.WriteInt32BigEndian(destination, DaysOf1900);
                return sizeof(int);
            case MaskType.Timestamp or MaskType.TimestampTz:
                BinaryPrimitives.WriteInt64BigEndian(destination, DaysOf1900 * MicrosecondsPerDay);
                return sizeof(long);
            case MaskType.Numeric when HasShownScale(mask):
                destination[..6].Clear();
                BinaryPrimitives.WriteInt16BigEndian(destination[6..], mask.Scale);
                return BinaryLength(MaskType.Numeric);
            case MaskType.Inet or MaskType.Cidr:
                // Family 2 (AF_INET), 32 bits, whether cidr, 4 bytes (network_send).
                byte isCidr = mask.Type == MaskType.Cidr ? (byte)1 : (byte)0;
                ((ReadOnlySpan<byte>)[2, 32, isCidr, 4, 0, 0, 0, 0]).CopyTo(destination);
                return 8;
            case MaskType.Line:
                destination[..24].Clear();
                BinaryPrimitives.WriteDoubleBigEndian(destination[8..], 1);
                return 24;
            case MaskType.Path:
                destination[..21].Clear();
                destination[0] = 1; // closed, and of one point
                destination[4] = 1;
                return 21;
            case MaskType.Polygon:
                destination[..20].Clear();
                destination[3] = 1; // of one point
                return 20;
            case MaskType.JsonPath:
                destination[0] = 1; // jsonpath's version
                destination[1] = (byte)'$';
                return 2;
            case MaskType.TsQuery:
                // One item: an operand without weight and prefix, and its word.
                var query = "\0\0\0\u0001\u0001\0\0masked\0"u8;
                query.CopyTo(destination);
                return query.Length;
            case MaskType.Range:
                destination[0] = 1; // RANGE_EMPTY
                return 1;
            default:
                var length = BinaryLength(mask.Type);
                destination[..length].Clear();
                return length;
        }
    }

    /// <summary>Bytes of a binary value of fixed size; for others, of the shortest: a zero of numeric is four int16 (digits, weight, sign, scale).</summary>
    public static int BinaryLength(MaskType type) => type switch
    {
        MaskType.Bool or MaskType.SingleByte => 1,
        MaskType.Int16 => 2,
        MaskType.Int32 or MaskType.Float4 or MaskType.Date => 4,
        MaskType.Int64 or MaskType.Float8 or MaskType.Time or MaskType.Timestamp or MaskType.TimestampTz or MaskType.Numeric => 8,
        MaskType.TimeTz => 12,
        MaskType.Interval or MaskType.Uuid or MaskType.Point => 16,
        MaskType.MacAddress or MaskType.TupleId => 6,
        MaskType.MacAddress8 or MaskType.Money or MaskType.LogPosition or MaskType.TransactionId8 => 8,
        MaskType.ObjectId or MaskType.ObjectName => 4,
        MaskType.LineSegment or MaskType.Box => 32,
        MaskType.Line or MaskType.Circle => 24,
        // Of nothing: a count of zero.
        MaskType.Varbit or MaskType.TsVector or MaskType.Multirange or MaskType.Hstore => 4,
        _ => 0,
    };

    private static int WriteEmptyArray(in ColumnMask mask, Span<byte> destination)
    {
        if (!mask.IsBinary)
        {
            "{}"u8.CopyTo(destination);
            return 2;
        }
        // No dimensions, no NULLs, the elements' type.
        destination[..8].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], mask.TypeOid);
        return 12;
    }

    public static int PaddedLength(in ColumnMask mask, int length) =>
        mask.Type == MaskType.BlankPaddedText && mask.MaxLength > length && mask.MaxLength <= PaddedCharsMax ? mask.MaxLength : length;

    /// <summary>Blanks up to the column's length, as the server sends char(n).</summary>
    public static int Pad(in ColumnMask mask, Span<byte> destination, int length)
    {
        if (PaddedLength(mask, length) == length)
            return length;
        destination[length..mask.MaxLength].Fill((byte)' ');
        return mask.MaxLength;
    }
}
