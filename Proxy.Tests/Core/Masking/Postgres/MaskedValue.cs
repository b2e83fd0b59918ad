using System.Text;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Tests.Core.Masking.Postgres;

/// <summary>Masks into new memory, for tests that want a value.</summary>
internal static class MaskedValue
{
    /// <summary>The masked bytes, or null for NULL.</summary>
    public static byte[]? Of(in ColumnMask mask, ReadOnlySpan<byte> value)
    {
        var destination = new byte[16];
        int length;
        while (!ValueMasker.TryMask(mask, value, destination, out length))
            destination = new byte[2 * destination.Length];
        return length == ValueMasker.Null ? null : destination[..length];
    }

    public static string? Of(in ColumnMask mask, string value) =>
        Of(mask, Encoding.UTF8.GetBytes(value)) is { } masked ? Encoding.UTF8.GetString(masked) : null;
}
