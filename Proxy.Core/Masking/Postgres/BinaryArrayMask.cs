using System.Buffers.Binary;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// Masks the elements of a binary array: int32 dimensions, int32 flag (has NULLs), int32 element type, per dimension int32 length and int32 lower
/// bound, per element int32 length (-1 for NULL) and bytes (array_send in src/backend/utils/adt/arrayfuncs.c).
/// </summary>
internal static class BinaryArrayMask
{
    public const int DimensionsMax = 6; // MAXDIM
    private const int HeaderBytes = 12;
    private const int DimensionBytes = 8;

    public static MaskResult Write(in ColumnMask mask, ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        length = 0;
        if (!TryReadHeader(mask, value, out var headerLength, out var count))
            return MaskResult.Invalid;
        if (!value[..headerLength].TryCopyTo(destination))
            return MaskResult.TooSmall;
        var element = mask with { IsArray = false };
        var written = headerLength;
        value = value[headerLength..];
        for (; count > 0; count--)
        {
            if (!BinaryPrimitives.TryReadInt32BigEndian(value, out var size) || size < ValueMasker.Null || size > value.Length - sizeof(int))
                return MaskResult.Invalid;
            if (destination.Length - written < sizeof(int))
                return MaskResult.TooSmall;
            value = value[sizeof(int)..];
            var masked = ValueMasker.Null;
            if (size != ValueMasker.Null)
            {
                if (!ValueMasker.TryMask(element, value[..size], destination[(written + sizeof(int))..], out masked))
                    return MaskResult.TooSmall;
                value = value[size..];
            }
            BinaryPrimitives.WriteInt32BigEndian(destination[written..], masked);
            written += sizeof(int) + Math.Max(0, masked);
        }
        length = written;
        return value.IsEmpty ? MaskResult.Written : MaskResult.Invalid;
    }

    private static bool TryReadHeader(in ColumnMask mask, ReadOnlySpan<byte> value, out int length, out long count)
    {
        length = 0;
        count = 0;
        if (value.Length < HeaderBytes)
            return false;
        var dimensions = BinaryPrimitives.ReadInt32BigEndian(value);
        var hasNulls = BinaryPrimitives.ReadInt32BigEndian(value[4..]);
        var elementType = BinaryPrimitives.ReadUInt32BigEndian(value[8..]);
        if (dimensions is < 0 or > DimensionsMax || hasNulls is not (0 or 1) || elementType != mask.TypeOid)
            return false;
        length = HeaderBytes + (dimensions * DimensionBytes);
        if (value.Length < length)
            return false;
        count = dimensions == 0 ? 0 : 1;
        for (var i = 0; i < dimensions; i++)
        {
            count *= BinaryPrimitives.ReadInt32BigEndian(value[(HeaderBytes + (i * DimensionBytes))..]);
            // An element has at least its length, so a larger count is a lie.
            if (count < 0 || count > value.Length / sizeof(int))
                return false;
        }
        return true;
    }
}
