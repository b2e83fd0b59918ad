namespace Proxy.Core.Masking.MySql;

/// <summary>
/// A redaction of exactly the length of the value it stands for, for rows too long to be buffered: their lengths have been sent before their values
/// are here. It is a beginning, one byte repeated, and perhaps an ending, so any part of it can be written without the rest. It shows the length.
/// </summary>
public readonly struct MySqlLengthPreservingRedactor
{
    private readonly byte[] _beginning;
    private readonly int _length;
    private readonly byte _filler;
    private readonly byte? _ending;

    private MySqlLengthPreservingRedactor(int length, byte[] beginning, byte filler, byte? ending = null)
    {
        _beginning = beginning;
        _length = length;
        _filler = filler;
        _ending = ending;
    }

    /// <summary>False when the type has no value of this length: the caller must end the row otherwise.</summary>
    /// <param name="mask">Whose type and protocol; its kind does not matter.</param>
    /// <param name="length">Of the value, in bytes, without what stands before it. NULL stays NULL and does not come here.</param>
    /// <param name="redactor">Writes it.</param>
    public static bool TryCreate(in MySqlColumnMask mask, int length, out MySqlLengthPreservingRedactor redactor)
    {
        MySqlLengthPreservingRedactor? made = mask.Type switch
        {
            _ when length < 0 => null,
            MySqlMaskType.Text => new(length, [], (byte)'*'),
            MySqlMaskType.Bytes or MySqlMaskType.FixedBytes or MySqlMaskType.Bit => new(length, [], 0),
            MySqlMaskType.Json => length switch
            {
                0 => null,
                1 => new(length, [], (byte)'0'),
                _ => new(length, "\""u8.ToArray(), (byte)'*', (byte)'"'),
            },
            MySqlMaskType.Integer or MySqlMaskType.Decimal or MySqlMaskType.Year or MySqlMaskType.Float or MySqlMaskType.Double
                when !mask.IsBinary || mask.Type is MySqlMaskType.Decimal => length == 0 ? null : new(length, [], (byte)'0'),
            MySqlMaskType.DateTime or MySqlMaskType.Timestamp when mask.IsBinary && length is 4 or 7 or 11 => Constant(mask, length, filler: 0),
            MySqlMaskType.Time when mask.IsBinary && length is 8 or 12 => new(length, [], 0),
            _ => Constant(mask, length, filler: null),
        };
        redactor = made.GetValueOrDefault();
        return made is not null;
    }

    /// <summary>Writes the bytes from <paramref name="offset"/> on.</summary>
    public void Fill(int offset, Span<byte> part)
    {
        part.Fill(_filler);
        if (offset < _beginning.Length)
        {
            var beginning = _beginning.AsSpan(offset);
            beginning[..Math.Min(beginning.Length, part.Length)].CopyTo(part);
        }
        if (_ending is { } ending && (uint)(_length - 1 - offset) < (uint)part.Length)
            part[_length - 1 - offset] = ending;
    }

    /// <summary>The constant itself, if it is as long, or may be filled up.</summary>
    private static MySqlLengthPreservingRedactor? Constant(in MySqlColumnMask mask, int length, byte? filler)
    {
        var constant = new byte[Math.Max(MySqlValueMasker.BytesMax, mask.Constant?.Length ?? 0)];
        if (!MySqlRedaction.TryWrite(mask, constant, out var written) || written == MySqlValueMasker.Null)
            return null;
        if (written == length)
            return new(length, constant[..written], 0);
        return filler is { } fill && written < length ? new(length, constant[..written], fill) : null;
    }
}
