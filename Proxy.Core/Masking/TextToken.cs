using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking;

/// <summary>
/// The token of a text: <c>pt_</c>, 16 characters of 5 pseudo-random bits, 4 check characters that only the key can make. A narrower column
/// gets fewer body characters; one too narrow for <see cref="CheckedCharsMin"/> gets body characters alone, which nothing can recognise.
/// The alphabet has no i, l, o, u, so that a token is never read as NULL in an array.
/// </summary>
internal static class TextToken
{
    public const int PrefixChars = 3;

    public const int Chars = PrefixChars + BodyChars + CheckChars;

    /// <summary>The shortest token with prefix and check: a body of 8 characters, 40 bits.</summary>
    public const int CheckedCharsMin = PrefixChars + 8 + CheckChars;

    public const int BodyChars = 16;
    public const int CheckChars = 4;

    public static ReadOnlySpan<byte> Prefix => "pt_"u8;

    private static readonly SearchValues<byte> AlphabetSet = SearchValues.Create(Alphabet);

    private static ReadOnlySpan<byte> Alphabet => "0123456789abcdefghjkmnpqrstvwxyz"u8;

    /// <summary>How long the token is in a column of at most <paramref name="maxLength"/> characters (0: no limit).</summary>
    public static int LengthFor(int maxLength) =>
        maxLength == 0 || maxLength >= Chars ? Chars
        : maxLength >= CheckedCharsMin ? maxLength
        : Math.Min(maxLength, BodyChars);

    /// <summary>Writes a token as long as <paramref name="destination"/>, which is what <see cref="LengthFor"/> said.</summary>
    public static void Write(AesBlock checks, Vector128<byte> random, Span<byte> destination)
    {
        var body = Characters(random);
        if (destination.Length != Chars)
        {
            WriteNarrow(checks, body, destination);
            return;
        }
        Prefix.CopyTo(destination);
        body.CopyTo(destination[Prefix.Length..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[(Chars - CheckChars)..], Check(checks, body));
    }

    private static void WriteNarrow(AesBlock checks, Vector128<byte> body, Span<byte> destination)
    {
        Span<byte> shortened = stackalloc byte[BodyChars];
        body.CopyTo(shortened);
        if (destination.Length < CheckedCharsMin)
        {
            shortened[..destination.Length].CopyTo(destination);
            return;
        }
        var length = destination.Length - Prefix.Length - CheckChars;
        shortened[length..].Clear();
        Prefix.CopyTo(destination);
        shortened[..length].CopyTo(destination[Prefix.Length..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[(Prefix.Length + length)..], Check(checks, Vector128.Create<byte>(shortened)));
    }

    /// <summary>The first place that looks like a token; whether it is one only the key tells.</summary>
    public static bool TryFindCandidate(ReadOnlySpan<byte> bytes, out int start, out int length)
    {
        start = length = 0;
        for (int next; (next = bytes[start..].IndexOf(Prefix)) >= 0; start++)
        {
            start += next;
            var body = bytes[(start + Prefix.Length)..];
            var end = body.IndexOfAnyExcept(AlphabetSet);
            length = Math.Min(Chars, Prefix.Length + (end < 0 ? body.Length : end));
            if (length >= CheckedCharsMin)
                return true;
        }
        return false;
    }

    public static bool IsToken(AesBlock checks, ReadOnlySpan<byte> text)
    {
        if (text.Length is < CheckedCharsMin or > Chars || !text.StartsWith(Prefix))
            return false;
        var body = text[Prefix.Length..^CheckChars];
        if (body.ContainsAnyExcept(AlphabetSet))
            return false;
        Span<byte> block = stackalloc byte[BodyChars];
        body.CopyTo(block);
        var check = BinaryPrimitives.ReadUInt32LittleEndian(text[^CheckChars..]);
        return Check(checks, Vector128.Create<byte>(block)) == check;
    }

    /// <summary>Few characters can be those of the value by chance; a token with prefix and check cannot.</summary>
    public static void Differ(Span<byte> token, ReadOnlySpan<byte> value)
    {
        if (token.SequenceEqual(value))
            token[^1] = Alphabet[(Alphabet.IndexOf(token[^1]) + 1) % Alphabet.Length];
    }

    /// <summary>So many characters, and zeros: what the check is made of.</summary>
    public static Vector128<byte> Body(Vector128<byte> random, int chars) =>
        Characters(random) & Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)chars));

    /// <summary>Four characters, as they lie in memory on a little-endian machine.</summary>
    private static uint Check(AesBlock checks, Vector128<byte> body) => Characters(checks.Encrypt(body)).AsUInt32()[0];

    /// <summary>Five bits of each byte as a character.</summary>
    internal static Vector128<byte> Characters(Vector128<byte> random)
    {
        // Out of range indices give zero, so each half of the alphabet adds only its own.
        var index = random & Vector128.Create((byte)(Alphabet.Length - 1));
        return Vector128.Shuffle(Vector128.Create(Alphabet), index)
            | Vector128.Shuffle(Vector128.Create(Alphabet[16..]), index - Vector128.Create((byte)16));
    }
}
