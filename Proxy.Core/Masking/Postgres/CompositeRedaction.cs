using System.Buffers;

namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// A composite whose every field is redacted by its own type. Text: <c>(a,"b c",,)</c> (record_out in src/backend/utils/adt/rowtypes.c); binary:
/// int32 number of fields, per field int32 type, int32 length (-1 for NULL) and bytes (record_send).
/// </summary>
internal static class CompositeRedaction
{
    // What record_out puts into quotes; an empty field too, because nothing at all is NULL.
    private static readonly SearchValues<byte> NeedsQuotes = SearchValues.Create("\"\\(), \t\n\v\f\r"u8);

    public static bool TryWrite(in ColumnMask mask, Span<byte> destination, out int length)
    {
        var fields = mask.Constant!.Fields;
        length = 0;
        var writer = new BoundedWriter(destination);
        if (mask.IsBinary)
            writer.WriteInt32(fields.Length);
        else
            writer.WriteByte((byte)'(');
        // Rented, because composites nest. As long as what it goes into, so that it is too small only where that is.
        var value = ArrayPool<byte>.Shared.Rent(Math.Max(destination.Length, Redaction.BytesMax));
        for (var i = 0; i < fields.Length; i++)
        {
            var field = fields[i].Mask with { IsBinary = mask.IsBinary, DateStyle = mask.DateStyle };
            if (!Redaction.TryWrite(field, value, out var size))
                writer.Overflow();
            else if (mask.IsBinary)
                WriteBinary(ref writer, fields[i].TypeOid, value, size);
            else
                WriteText(ref writer, isFirst: i == 0, value, size);
        }
        ArrayPool<byte>.Shared.Return(value);
        if (!mask.IsBinary)
            writer.WriteByte((byte)')');
        length = writer.Length;
        return !writer.HasOverflowed;
    }

    private static void WriteBinary(ref BoundedWriter writer, uint typeOid, ReadOnlySpan<byte> value, int size)
    {
        writer.WriteInt32((int)typeOid);
        writer.WriteInt32(size);
        if (size > 0)
            writer.Write(value[..size]);
    }

    private static void WriteText(ref BoundedWriter writer, bool isFirst, ReadOnlySpan<byte> value, int size)
    {
        if (!isFirst)
            writer.WriteByte((byte)',');
        if (size == ValueMasker.Null)
            return;
        if (size == 0 || value[..size].ContainsAny(NeedsQuotes))
            writer.WriteQuoted(value[..size], doubled: true);
        else
            writer.Write(value[..size]);
    }
}
