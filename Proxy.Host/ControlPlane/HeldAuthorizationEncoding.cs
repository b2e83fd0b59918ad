using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Proxy.Host.ControlPlane;

/// <summary>
/// What Kestrel makes texts of the header Authorization with. It makes none: the bytes are put into <see cref="HeldAuthorization"/>, and the text says only that
/// there were some. A text with a token in it could be moved by the garbage collector before anybody had a chance to clear it.
/// </summary>
internal sealed class HeldAuthorizationEncoding : Encoding
{
    private const string InItsPlace = "(held)";

    private static readonly HeldAuthorizationEncoding Instance = new();

    private HeldAuthorizationEncoding()
    {
    }

    /// <summary>For Kestrel: null is its own way, which is UTF-8.</summary>
    public static Encoding? For(string header) => header.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? Instance : null;

    /// <summary>The array is a copy that the base class has made for this call alone.</summary>
    public override int GetCharCount(byte[] bytes, int index, int count)
    {
        CryptographicOperations.ZeroMemory(bytes.AsSpan(index, count));
        return InItsPlace.Length;
    }

    /// <summary>The same.</summary>
    /// <exception cref="DecoderFallbackException">No UTF-8, which Kestrel answers as it does for every other header.</exception>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var value = bytes.AsSpan(byteIndex, byteCount);
        try
        {
            if (!Utf8.IsValid(value) || HeldAuthorization.Current is not { } held)
                throw new DecoderFallbackException("not UTF-8");
            held.Hold(value);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(value);
        }
        InItsPlace.CopyTo(0, chars, charIndex, InItsPlace.Length);
        return InItsPlace.Length;
    }

    public override int GetByteCount(char[] chars, int index, int count) => throw new NotSupportedException();

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => throw new NotSupportedException();

    public override int GetMaxByteCount(int charCount) => throw new NotSupportedException();

    public override int GetMaxCharCount(int byteCount) => InItsPlace.Length;
}
