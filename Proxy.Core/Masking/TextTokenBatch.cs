using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking;

/// <summary>
/// The text tokens of one column's values in several rows, as fields of a PostgreSQL row. The same tokens as <see cref="Postgres.ValueMasker"/> makes of them one by
/// one, where the time goes by waiting: for AES, and for the place in the token book that its result names. Not for two threads at a time.
/// </summary>
public sealed class TextTokenBatch
{
    /// <summary>From one field to the next.</summary>
    public const int StrideBytes = MaskedRowShape.ChunkBytes;

    /// <summary>How many values at a time.</summary>
    public const int CountMax = CmacBatch.CountMax;

    private readonly CmacBatch _cmac = new();
    private readonly Vector128<byte>[] _checks = new Vector128<byte>[CmacBatch.CountMax];

    /// <summary>Whether all values of the column get tokens of the same length, made of their bytes alone.</summary>
    public static bool Makes(in ColumnMask mask) => mask is { Kind: MaskKind.Pseudonym, Type: MaskType.Text, IsArray: false, Domain: not null };

    /// <summary>A field: int32 length, whose last byte alone would do, and token.</summary>
    public static int FieldBytes(in ColumnMask mask) => sizeof(int) + TextToken.LengthFor(mask.MaxLength);

    /// <summary>False when the keys are gone: the tokens must not be used.</summary>
    /// <param name="mask">What <see cref="Makes"/> is true of.</param>
    /// <param name="memory">Where the values lie.</param>
    /// <param name="values">Up to <see cref="CmacBatch.CountMax"/>. Of one that is NULL there is no token.</param>
    /// <param name="fields">Gets <see cref="FieldBytes"/> for each value, every <see cref="StrideBytes"/>; what lies between has no meaning.</param>
    public bool TryMake(in ColumnMask mask, ReadOnlySpan<byte> memory, ReadOnlySpan<ValueRange> values, Span<byte> fields)
    {
        var domain = mask.Domain!;
        var bodies = _cmac.Of(domain, ValueTag.Text, memory, values);
        var length = TextToken.LengthFor(mask.MaxLength);
        if (length < TextToken.CheckedCharsMin)
            WriteNarrow(bodies, length, memory, values, fields);
        else
            WriteChecked(domain.Checks, bodies, length, fields);
        // Asked after the work: see AesBlock.Dispose.
        if (domain.IsDisposed)
            return false;
        if (mask.Book is { } book && length >= TextToken.CheckedCharsMin)
            for (var i = 0; i < values.Length; i++)
                if (!values[i].IsNull)
                    book.Remember(fields.Slice((i * StrideBytes) + sizeof(int), length), values[i].Of(memory));
        return true;
    }

    public override string ToString() => nameof(TextTokenBatch);

    private void WriteChecked(AesBlock cipher, Span<Vector128<byte>> bodies, int length, Span<byte> fields)
    {
        var checks = _checks.AsSpan(0, bodies.Length);
        var bodyChars = length - TextToken.PrefixChars - TextToken.CheckChars;
        for (var i = 0; i < bodies.Length; i++)
            checks[i] = bodies[i] = TextToken.Body(bodies[i], bodyChars);
        cipher.EncryptEach(checks);
        for (var i = 0; i < bodies.Length; i++)
        {
            var field = fields.Slice(i * StrideBytes, StrideBytes);
            BinaryPrimitives.WriteInt32BigEndian(field, length);
            TextToken.Prefix.CopyTo(field[sizeof(int)..]);
            bodies[i].CopyTo(field[(sizeof(int) + TextToken.PrefixChars)..]);
            BinaryPrimitives.WriteUInt32LittleEndian(field[(sizeof(int) + TextToken.PrefixChars + bodyChars)..], TextToken.Characters(checks[i]).AsUInt32()[0]);
        }
    }

    private static void WriteNarrow(Span<Vector128<byte>> bodies, int length, ReadOnlySpan<byte> memory, ReadOnlySpan<ValueRange> values, Span<byte> fields)
    {
        for (var i = 0; i < bodies.Length; i++)
        {
            var field = fields.Slice(i * StrideBytes, StrideBytes);
            BinaryPrimitives.WriteInt32BigEndian(field, length);
            TextToken.Characters(bodies[i]).CopyTo(field[sizeof(int)..]);
            TextToken.Differ(field.Slice(sizeof(int), length), values[i].Of(memory));
        }
    }
}
