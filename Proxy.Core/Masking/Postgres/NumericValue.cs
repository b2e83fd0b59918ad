using System.Buffers.Binary;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// A numeric of either format, seen as PostgreSQL stores it: groups of four decimal digits, group 0 just before the point. Groups that are zero
/// at either end do not belong to the value, so 1.0, 1.00 and 01 are the same. Reads the bytes it was made from; copies nothing.
/// </summary>
internal readonly ref struct NumericValue
{
    private const int HeaderBytes = 8;
    private const ushort SignNegative = 0x4000;
    private const ushort SignNaN = 0xC000;
    private const ushort SignPositiveInfinity = 0xD000;
    private const ushort SignNegativeInfinity = 0xF000;

    private readonly ReadOnlySpan<byte> _digits;
    private readonly bool _isBinary;
    private readonly int _pointAt; // text: index of the point, or of the end; binary: weight of the first group

    private NumericValue(ReadOnlySpan<byte> digits, bool isBinary, int pointAt, ushort sign)
    {
        _digits = digits;
        _isBinary = isBinary;
        _pointAt = pointAt;
        Sign = sign;
        Highest = -1;
        Lowest = 0;
    }

    /// <summary>As the binary format says it: positive (and zero) 0, negative, NaN, infinite.</summary>
    public ushort Sign { get; private init; }

    /// <summary>The first group that is not zero.</summary>
    public int Highest { get; private init; }

    /// <summary>The last group that is not zero; above <see cref="Highest"/> when there is none.</summary>
    public int Lowest { get; private init; }

    public short this[int group] => _isBinary ? BinaryGroup(group) : TextGroup(group);

    public static bool TryRead(ReadOnlySpan<byte> value, bool isBinary, out NumericValue number) =>
        isBinary ? TryReadBinary(value, out number) : TryReadText(value, out number);

    public bool Equals(in NumericValue other)
    {
        if (Sign != other.Sign || Highest != other.Highest || Lowest != other.Lowest)
            return false;
        for (var group = Highest; group >= Lowest; group--)
            if (this[group] != other[group])
                return false;
        return true;
    }

    /// <summary>Writes the binary format; returns its length.</summary>
    public int WriteBinary(Span<byte> destination, int displayScale)
    {
        var count = Math.Max(0, Highest - Lowest + 1);
        BinaryPrimitives.WriteInt16BigEndian(destination, (short)count);
        BinaryPrimitives.WriteInt16BigEndian(destination[2..], (short)(count == 0 ? 0 : Highest));
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], Sign);
        BinaryPrimitives.WriteInt16BigEndian(destination[6..], (short)displayScale);
        for (var i = 0; i < count; i++)
            BinaryPrimitives.WriteInt16BigEndian(destination[(HeaderBytes + (2 * i))..], this[Highest - i]);
        return HeaderBytes + (2 * count);
    }

    private static bool TryReadBinary(ReadOnlySpan<byte> value, out NumericValue number)
    {
        number = default;
        if (value.Length < HeaderBytes)
            return false;
        var count = BinaryPrimitives.ReadUInt16BigEndian(value);
        int weight = BinaryPrimitives.ReadInt16BigEndian(value[2..]);
        var sign = BinaryPrimitives.ReadUInt16BigEndian(value[4..]);
        var digits = value[HeaderBytes..];
        if (digits.Length != 2 * count)
            return false;
        if (sign is SignNaN or SignPositiveInfinity or SignNegativeInfinity)
        {
            number = new NumericValue([], isBinary: true, 0, sign);
            return true;
        }
        if (sign is not (0 or SignNegative))
            return false;
        var first = 0;
        while (first < count && BinaryPrimitives.ReadInt16BigEndian(digits[(2 * first)..]) == 0)
            first++;
        var last = count - 1;
        while (last > first && BinaryPrimitives.ReadInt16BigEndian(digits[(2 * last)..]) == 0)
            last--;
        number = first == count
            ? new NumericValue([], isBinary: true, 0, 0)
            : new NumericValue(digits, isBinary: true, weight, sign) { Highest = weight - first, Lowest = weight - last };
        return true;
    }

    private static bool TryReadText(ReadOnlySpan<byte> value, out NumericValue number)
    {
        ushort sign = 0;
        if (value.SequenceEqual("NaN"u8))
            sign = SignNaN;
        else if (value.SequenceEqual("Infinity"u8))
            sign = SignPositiveInfinity;
        else if (value.SequenceEqual("-Infinity"u8))
            sign = SignNegativeInfinity;
        if (sign != 0)
        {
            number = new NumericValue([], isBinary: false, 0, sign);
            return true;
        }

        number = default;
        if (value is [(byte)'-', ..])
        {
            sign = SignNegative;
            value = value[1..];
        }
        var point = value.IndexOf((byte)'.');
        if (point < 0)
            point = value.Length;
        if (point == 0 || value[..point].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || (point < value.Length && value[(point + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9')))
            return false;
        var first = value.IndexOfAnyInRange((byte)'1', (byte)'9');
        if (first < 0)
        {
            number = new NumericValue([], isBinary: false, 0, 0);
            return true;
        }
        var last = value.LastIndexOfAnyInRange((byte)'1', (byte)'9');
        number = new NumericValue(value, isBinary: false, point, sign)
        {
            Highest = PowerOf(first, point) >> 2,
            Lowest = PowerOf(last, point) >> 2,
        };
        return true;
    }

    /// <summary>The power of ten of the digit at an index.</summary>
    private static int PowerOf(int index, int point) => index < point ? point - 1 - index : point - index;

    private short BinaryGroup(int group) => BinaryPrimitives.ReadInt16BigEndian(_digits[(2 * (_pointAt - group))..]);

    private short TextGroup(int group)
    {
        var result = 0;
        for (var power = (4 * group) + 3; power >= 4 * group; power--)
        {
            var index = power >= 0 ? _pointAt - 1 - power : _pointAt - power;
            result = (result * 10) + ((uint)index < (uint)_digits.Length ? _digits[index] - '0' : 0);
        }
        return (short)result;
    }
}
