using System.Security.Cryptography;
using System.Text;

namespace Proxy.Protocols.Secrets;

/// <summary>
/// Arrays for secrets that somebody clears. They are pinned: the garbage collector moves other arrays, and what it leaves in the old place is nobody's to
/// clear, but is in a core dump.
/// </summary>
public static class SecretBytes
{
    public static byte[] New(int length) => length == 0 ? [] : GC.AllocateUninitializedArray<byte>(length, pinned: true);

    public static byte[] CopyOf(ReadOnlySpan<byte> secret)
    {
        var copy = New(secret.Length);
        secret.CopyTo(copy);
        return copy;
    }

    /// <summary>A text in UTF-8.</summary>
    public static byte[] Of(string text)
    {
        var bytes = New(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    public static void Clear(byte[]? secret) => CryptographicOperations.ZeroMemory(secret);
}
