using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Proxy.Host.Identity;

/// <summary>
/// Overwrites secrets that libraries want as text. A string is garbage when nobody holds it, but its characters stay in memory, and in a core dump, until
/// its place is used again.
/// </summary>
internal static class SecretText
{
    /// <param name="text">One that we have made ourselves and that nobody holds any more who would look at it.</param>
    public static void Clear(string text)
    {
        if (text.Length > 1) // Shorter ones may be the runtime's own.
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(MemoryMarshal.AsMemory(text.AsMemory()).Span));
    }
}
