using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking;

/// <summary>
/// The text tokens of one column's values in several rows, as fields of a PostgreSQL row. The same tokens as <see cref="Postgres.ValueMasker"/> makes of them one by
/// one, where the time goes by waiting: for AES, and for the place in the token book that its result names. Not for two threads at a time.
/// </summary>
public sealed class TextTokenBatch
{
    /// <summary>A field: int32 length and token.</summary>
    public const int FieldBytes = sizeof(int) + TextToken.Chars;

    /// <summary>From one field to the next.</summary>
    public const int StrideBytes = MaskedRowShape.ChunkBytes;

    /// <summary>How many values at a time.</summary>
    public const int CountMax = CmacBatch.CountMax;

    private readonly CmacBatch _cmac = new();
    private readonly Vector128<byte>[] _checks = new Vector128<byte>[CmacBatch.CountMax];

    /// <summary>Whether all values of the column get tokens of the same length, made of their bytes alone.</summary>
    public static bool Makes(in ColumnMask mask) =>
        mask is { Kind: MaskKind.Pseudonym, Type: MaskType.Text, IsArray: false, Domain: not null } && TextToken.LengthFor(mask.MaxLength) == TextToken.Chars;

    /// <summary>False when the keys are gone: the tokens must not be used.</summary>
    /// <param name="mask">What <see cref="Makes"/> is true of.</param>
    /// <param name="memory">Where the values lie.</param>
    /// <param name="values">Up to <see cref="CmacBatch.CountMax"/>. Of one that is NULL there is no token.</param>
    /// <param name="fields">Gets <see cref="FieldBytes"/> for each value, every <see cref="StrideBytes"/>.</param>
    public bool TryMake(in ColumnMask mask, ReadOnlySpan<byte> memory, ReadOnlySpan<ValueRange> values, Span<byte> fields)
    {
        var domain = mask.Domain!;
        var bodies = _cmac.Of(domain, ValueTag.Text, memory, values);
        var checks = _checks.AsSpan(0, values.Length);
        for (var i = 0; i < bodies.Length; i++)
            checks[i] = bodies[i] = TextToken.Characters(bodies[i]);
        domain.Checks.EncryptEach(checks);
        for (var i = 0; i < bodies.Length; i++)
        {
            var field = fields.Slice(i * StrideBytes, FieldBytes);
            BinaryPrimitives.WriteInt32BigEndian(field, TextToken.Chars);
            TextToken.Prefix.CopyTo(field[sizeof(int)..]);
            bodies[i].CopyTo(field[(sizeof(int) + TextToken.PrefixChars)..]);
            BinaryPrimitives.WriteUInt32LittleEndian(field[^TextToken.CheckChars..], TextToken.Characters(checks[i]).AsUInt32()[0]);
        }
        // Asked after the work: see AesBlock.Dispose.
        if (domain.IsDisposed)
            return false;
        if (mask.Book is { } book)
            for (var i = 0; i < values.Length; i++)
                if (!values[i].IsNull)
                    book.Remember(fields.Slice((i * StrideBytes) + sizeof(int), TextToken.Chars), values[i].Of(memory));
        return true;
    }

    public override string ToString() => nameof(TextTokenBatch);
}
