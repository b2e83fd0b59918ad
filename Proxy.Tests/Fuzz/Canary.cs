using System.Text;

namespace Proxy.Tests.Fuzz;

/// <summary>
/// What the scripted server's rows carry in every value, in the forms of the types: text, a number and its four bytes, a uuid and a bytea in
/// hexadecimal. Nothing of it may ever be put out for a client.
/// </summary>
public static class Canary
{
    private static readonly byte[][] Forms = ["CANARY"u8.ToArray(), "CNRY"u8.ToArray(), "1129206361"u8.ToArray(), "43414e41"u8.ToArray()];

    public static void Remove(Span<byte> bytes)
    {
        foreach (var form in Forms)
            while (bytes.IndexOf(form) is >= 0 and var at)
                bytes.Slice(at, form.Length).Fill((byte)'-');
    }

    /// <summary>The form that was found, or null.</summary>
    public static string? Find(ReadOnlySpan<byte> shown)
    {
        foreach (var form in Forms)
            if (shown.IndexOf(form) is >= 0 and var at)
                return $"\"{Encoding.ASCII.GetString(form)}\" at {at}";
        return null;
    }
}
