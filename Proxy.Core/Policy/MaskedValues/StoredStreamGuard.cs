using Proxy.Core.Masking;

namespace Proxy.Core.Policy.MaskedValues;

/// <summary>
/// Finds masked values among data that a client sends for COPY, in any format: tokens anywhere, and, where columns that are shown masked are filled,
/// the constant of texts as a field of its own. Immutable; allocates nothing.
/// </summary>
public sealed class StoredStreamGuard
{
    /// <summary>As many bytes have to be looked at again with those that follow.</summary>
    public const int Overlap = 32;

    private readonly MaskingKeys? _keys;
    private readonly bool _storesMasked;

    internal StoredStreamGuard(MaskingKeys? keys, bool storesMasked)
    {
        _keys = keys;
        _storesMasked = storesMasked;
    }

    /// <param name="data">A part of the data.</param>
    /// <param name="begins">Whether nothing stands before it.</param>
    /// <param name="ends">Whether nothing follows.</param>
    public bool Finds(ReadOnlySpan<byte> data, bool begins, bool ends) =>
        _keys?.ContainsToken(data) is true || (_storesMasked && FindsConstant(data, begins, ends));

    private static bool FindsConstant(ReadOnlySpan<byte> data, bool begins, bool ends)
    {
        var constant = "****"u8;
        for (int start = 0, next; (next = data[start..].IndexOf(constant)) >= 0; start++)
        {
            start += next;
            var end = start + constant.Length;
            var isFirst = start == 0 ? begins : Delimits(data[start - 1]);
            var isLast = end == data.Length ? ends : Delimits(data[end]);
            if (isFirst && isLast)
                return true;
        }
        return false;
    }

    /// <summary>Whatever a delimiter, a quote or a binary length can be, and no part of a longer text.</summary>
    private static bool Delimits(byte neighbour) => neighbour != '*' && neighbour != ' ' && !char.IsAsciiLetterOrDigit((char)neighbour) && neighbour is < 0x80 or 0xFF;

    public override string ToString() => nameof(StoredStreamGuard);
}
