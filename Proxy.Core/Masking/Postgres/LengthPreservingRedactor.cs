using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// A redaction of exactly the length of the value it stands for, for rows too long to be buffered: their lengths have been sent before their values
/// are here. It is a beginning, one byte repeated, and perhaps an ending, so any part of it can be written without the rest.
/// It shows the length.
/// </summary>
public readonly struct LengthPreservingRedactor
{
    private const int ArrayHeaderBytes = 20; // with one dimension
    private const int ElementLengthBytes = sizeof(int);
    private const int NumericHeaderBytes = 8;
    private const int PointBytes = 2 * sizeof(double);
    private const int NumericGroupsMax = 1000; // numeric_recv refuses more digits than a numeric can have
    private const byte NullFiller = 0xFF; // int32 -1, a NULL element, again and again

    private readonly Beginning _beginning;
    private readonly int _beginningLength;
    private readonly int _length;
    private readonly byte _filler;
    private readonly byte? _ending;

    private LengthPreservingRedactor(int length, ReadOnlySpan<byte> beginning, byte filler, byte? ending = null)
    {
        beginning.CopyTo(_beginning);
        _beginningLength = beginning.Length;
        _length = length;
        _filler = filler;
        _ending = ending;
    }

    /// <summary>False when the type has no value of this length: the caller must end the row otherwise.</summary>
    /// <param name="mask">Whose type and format; its kind does not matter.</param>
    /// <param name="length">Of the value, in bytes. NULL stays NULL and does not come here.</param>
    /// <param name="redactor">Writes it.</param>
    public static bool TryCreate(in ColumnMask mask, int length, out LengthPreservingRedactor redactor)
    {
        var made = mask.IsArray switch
        {
            _ when length < 0 || mask.Type == MaskType.Unknown => null,
            true => mask.IsBinary ? BinaryArray(mask, length) : TextArray(length),
            false => Scalar(mask, length),
        };
        redactor = made.GetValueOrDefault();
        return made is not null;
    }

    /// <summary>Writes the bytes from <paramref name="offset"/> on.</summary>
    public void Fill(int offset, Span<byte> part)
    {
        part.Fill(_filler);
        if (offset < _beginningLength)
        {
            ReadOnlySpan<byte> beginning = ((ReadOnlySpan<byte>)_beginning)[offset.._beginningLength];
            beginning[..Math.Min(beginning.Length, part.Length)].CopyTo(part);
        }
        if (_ending is { } ending && (uint)(_length - 1 - offset) < (uint)part.Length)
            part[_length - 1 - offset] = ending;
    }

    private static LengthPreservingRedactor? Scalar(in ColumnMask mask, int length) => mask.Type switch
    {
        MaskType.Text or MaskType.BlankPaddedText or MaskType.SingleByte => Text(mask, length),
        MaskType.Json or MaskType.Jsonb => Json(length, hasVersion: mask is { IsBinary: true, Type: MaskType.Jsonb }),
        MaskType.Bytea when mask.IsBinary => new(length, [], 0),
        MaskType.Numeric when mask.IsBinary => BinaryNumeric(length),
        MaskType.Xml => new(length, [], (byte)'*'), // Content need not have an element.
        // No other length is known to be one of theirs.
        MaskType.Enum or MaskType.Composite or MaskType.Inet or MaskType.Cidr or MaskType.MacAddress or MaskType.MacAddress8 =>
            Constant(mask, length) is { } constant && constant._beginningLength == length ? constant : null,
        MaskType.Bit or MaskType.Varbit => mask.IsBinary ? BinaryBits(mask, length) : new(length, [], (byte)'0'),
        MaskType.Path or MaskType.Polygon when mask.IsBinary => BinaryPoints(mask.Type, length),
        MaskType.JsonPath when mask.IsBinary => length < 2 ? null : new(length, [1, (byte)'$'], (byte)' '),
        MaskType.TsQuery when mask.IsBinary => BinaryQuery(length),
        MaskType.Range when mask.IsBinary => length == 1 ? Constant(mask, length) : null,
        MaskType.Range => length < 3 ? null : new(length, length < 5 ? "(,)"u8 : "empty"u8, (byte)' '),
        _ when mask.IsBinary => length == Redaction.BinaryLength(mask.Type) ? Constant(mask, length) : null,
        MaskType.TsVector or MaskType.TsQuery or MaskType.Hstore => new(length, [], (byte)' '),
        MaskType.LogPosition => length < 3 ? null : LogPosition(length),
        MaskType.ObjectId or MaskType.ObjectName or MaskType.TransactionId8 or MaskType.Money => length == 0 ? null : new(length, [], (byte)'0'),
        MaskType.Int16 or MaskType.Int32 or MaskType.Int64 or MaskType.Float4 or MaskType.Float8 or MaskType.Numeric =>
            length == 0 ? null : new(length, [], (byte)'0'),
        MaskType.Bytea => length >= 2 && length % 2 == 0 ? new(length, "\\x"u8, (byte)'0') : new(length, [], (byte)'0'),
        MaskType.Bool => length == 1 ? Constant(mask, length) : null,
        MaskType.Uuid => length == 36 ? Constant(mask, length) : null,
        MaskType.Date or MaskType.Timestamp or MaskType.TimestampTz or MaskType.Time or MaskType.TimeTz => DateOrTime(mask, length),
        // "0" is an interval in every IntervalStyle.
        MaskType.Interval => length == 0 ? null : new(length, "0"u8, (byte)' '),
        _ => Constant(mask, length),
    };

    private static LengthPreservingRedactor Text(in ColumnMask mask, int length)
    {
        // varchar(n) counts characters, and there may be fewer of them than bytes. Blanks may exceed n.
        return mask.MaxLength > 0 && mask.MaxLength < length
            ? new(length, "****"u8[..Math.Min(4, mask.MaxLength)], (byte)' ')
            : new(length, [], (byte)'*');
    }

    private static LengthPreservingRedactor? Json(int length, bool hasVersion)
    {
        ReadOnlySpan<byte> version = hasVersion ? [1] : [];
        return (length - version.Length) switch
        {
            <= 0 => null,
            1 => new(length, [.. version, (byte)'0'], 0),
            _ => new(length, [.. version, (byte)'"'], (byte)'*', ending: (byte)'"'),
        };
    }

    /// <summary>Zero, with as many superfluous groups of digits as it takes behind the point.</summary>
    private static LengthPreservingRedactor? BinaryNumeric(int length)
    {
        var groups = (length - NumericHeaderBytes) / 2;
        if (length < NumericHeaderBytes || length % 2 != 0 || groups > NumericGroupsMax)
            return null;
        Span<byte> header = stackalloc byte[NumericHeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteInt16BigEndian(header, (short)groups);
        return new(length, header, 0);
    }

    private static LengthPreservingRedactor? BinaryBits(in ColumnMask mask, int length)
    {
        if (length < sizeof(int))
            return null;
        Span<byte> header = stackalloc byte[sizeof(int)];
        var bits = 8L * (length - sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(header, (int)Math.Min(bits, mask.MaxLength == 0 ? int.MaxValue : mask.MaxLength));
        return new(length, header, 0);
    }

    /// <summary>One operand of a word as long as it takes; an empty query has no item.</summary>
    private static LengthPreservingRedactor? BinaryQuery(int length) => length switch
    {
        sizeof(int) => new(length, [], 0),
        > 8 => new(length, [0, 0, 0, 1, 1, 0, 0], (byte)'*', ending: 0),
        _ => null,
    };

    /// <summary>As many points as it takes, all of them the origin. A path says first whether it is closed.</summary>
    private static LengthPreservingRedactor? BinaryPoints(MaskType type, int length)
    {
        Span<byte> header = stackalloc byte[1 + sizeof(int)];
        header[0] = 1;
        if (type == MaskType.Polygon)
            header = header[1..];
        var points = length - header.Length;
        if (points < PointBytes || points % PointBytes != 0)
            return null;
        BinaryPrimitives.WriteInt32BigEndian(header[^sizeof(int)..], points / PointBytes);
        return new(length, header, 0);
    }

    /// <summary>Two numbers of up to eight hexadecimal digits.</summary>
    private static LengthPreservingRedactor? LogPosition(int length)
    {
        var left = Math.Min(8, length - 2);
        Span<byte> beginning = stackalloc byte[left + 1];
        beginning.Fill((byte)'0');
        beginning[left] = (byte)'/';
        return length > 17 ? null : new(length, beginning, (byte)'0');
    }

    private static LengthPreservingRedactor? DateOrTime(in ColumnMask mask, int length)
    {
        if (mask.Type is not (MaskType.Time or MaskType.TimeTz))
        {
            // No other value is this short.
            if (length == 8)
                return new(length, "infinity"u8, 0);
            if (length == 9)
                return new(length, "-infinity"u8, 0);
        }
        return Constant(mask, length);
    }

    /// <summary>The type's redaction and blanks.</summary>
    private static LengthPreservingRedactor? Constant(in ColumnMask mask, int length)
    {
        Span<byte> constant = stackalloc byte[Redaction.BytesMax];
        return !Redaction.TryWrite(mask, constant, out var size) || size < 0 || size > length || size > Beginning.Size ? null : new(length, constant[..size], (byte)' ');
    }

    private static LengthPreservingRedactor? TextArray(int length) =>
        length < 2 ? null : new(length, "{"u8, (byte)' ', ending: (byte)'}');

    /// <summary>One element as long as it takes, or as many NULLs as it takes.</summary>
    private static LengthPreservingRedactor? BinaryArray(in ColumnMask mask, int length)
    {
        Span<byte> beginning = stackalloc byte[Beginning.Size];
        beginning.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(beginning[8..], mask.TypeOid);
        if (length == 12)
            return new(length, beginning[..12], 0);
        var rest = length - ArrayHeaderBytes;
        if (rest < ElementLengthBytes)
            return null;
        BinaryPrimitives.WriteInt32BigEndian(beginning, 1); // dimensions
        BinaryPrimitives.WriteInt32BigEndian(beginning[16..], 1); // lower bound

        var element = mask with { IsArray = false };
        var elementLength = rest - ElementLengthBytes;
        var isTooLongName = mask.TypeOid == PostgresTypeOid.Name && elementLength > mask.MaxLength;
        if (IsOfManyLengths(mask) && !isTooLongName && Scalar(element, elementLength) is { } one)
        {
            BinaryPrimitives.WriteInt32BigEndian(beginning[12..], 1); // elements
            BinaryPrimitives.WriteInt32BigEndian(beginning[ArrayHeaderBytes..], elementLength);
            var start = ArrayHeaderBytes + ElementLengthBytes;
            ((ReadOnlySpan<byte>)one._beginning)[..one._beginningLength].CopyTo(beginning[start..]);
            return new(length, beginning[..(start + one._beginningLength)], one._filler, one._ending);
        }

        // Elements of odd sizes make up for what NULLs of four bytes leave over.
        var over = rest % 4;
        var size = mask.Type == MaskType.Numeric ? NumericHeaderBytes + 2 : isTooLongName ? over : Redaction.BinaryLength(mask.Type);
        var shown = over == 0 ? 0 : size == 1 ? over : size % 4 == over ? 1 : -1;
        var nulls = (rest - (shown * (ElementLengthBytes + size))) / 4;
        if (shown < 0 || nulls < 0)
            return null;
        BinaryPrimitives.WriteInt32BigEndian(beginning[4..], nulls > 0 ? 1 : 0);
        BinaryPrimitives.WriteInt32BigEndian(beginning[12..], shown + nulls);
        var end = ArrayHeaderBytes;
        for (var i = 0; i < shown; i++, end += ElementLengthBytes + size)
        {
            BinaryPrimitives.WriteInt32BigEndian(beginning[end..], size);
            Scalar(element, size).GetValueOrDefault().Fill(0, beginning.Slice(end + ElementLengthBytes, size));
        }
        return new(length, beginning[..end], NullFiller);
    }

    /// <summary>Whether one element can be as long as a whole array.</summary>
    private static bool IsOfManyLengths(in ColumnMask mask) => mask.Type switch
    {
        MaskType.Bit => false,
        MaskType.Varbit => mask.MaxLength == 0,
        MaskType.Numeric => true,
        _ => Redaction.BinaryLength(mask.Type) == 0,
    };

    public override string ToString() => $"redaction of {_length} bytes";

    [InlineArray(Size)]
    private struct Beginning
    {
        public const int Size = 64;
        private byte _first;
    }
}
