using System.Security.Cryptography;
using System.Text;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>
/// Values of constants as the tree keeps them. A long one is not held a second time: in its place is a digest, so that equal values stay equal. Spaces
/// behind it do not count, as they do not where the server compares texts. What looks masked is kept whatever its length: the guard of masked values
/// reads it.
/// </summary>
internal static class ConstantValues
{
    /// <summary>Longer values than any that a mask makes, a setting has, or names a person.</summary>
    public const int KeptBytesMax = 1024;

    /// <param name="value">Without quotes and escapes, in UTF-8.</param>
    public static string Of(ReadOnlySpan<byte> value)
    {
        if (value.Length <= KeptBytesMax) return Encoding.UTF8.GetString(value);
        ReadOnlySpan<byte> told = value.TrimEnd((byte)' ');
        if (told.Length <= KeptBytesMax || LooksMasked(value)) return Encoding.UTF8.GetString(told);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(told, digest);
        return $"sha256:{Convert.ToHexString(digest)}";
    }

    /// <summary>Tokens, and what stands in the place of texts.</summary>
    public static bool LooksMasked(ReadOnlySpan<byte> value) =>
        value.IndexOf("pt_"u8) >= 0 || value.IndexOf("****"u8) >= 0 || value.IndexOf("<masked"u8) >= 0;
}
