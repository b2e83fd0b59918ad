using System.Text;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.ControlPlane;

/// <summary>
/// The value of the header Authorization of one connection's request under way, kept from becoming a text: <see cref="HeldAuthorizationEncoding"/> puts it here while
/// Kestrel parses, and whoever answers the request takes it out.
/// </summary>
internal sealed class HeldAuthorization
{
    private static readonly AsyncLocal<HeldAuthorization?> OfConnection = new();

    private static ReadOnlySpan<byte> Scheme => "Bearer "u8;

    private byte[]? _value;

    /// <summary>That of the connection whose request is being parsed: Kestrel parses in the flow of the connection's middleware.</summary>
    public static HeldAuthorization? Current
    {
        get => OfConnection.Value;
        set => OfConnection.Value = value;
    }

    /// <summary>
    /// The last one counts. A trailer of the request before, which Kestrel reads when that has been answered, leaves its value here, too: so whoever takes it says
    /// how many headers this request has.
    /// </summary>
    public void Hold(ReadOnlySpan<byte> value)
    {
        SecretBytes.Clear(_value);
        _value = SecretBytes.CopyOf(value);
    }

    /// <param name="headers">How many headers Authorization the request under way has.</param>
    /// <returns>The token behind "Bearer", in an array that the caller clears; null when there is no such header, another scheme, or more than one header.</returns>
    public byte[]? TakeBearer(int headers)
    {
        if (headers != 1)
            Clear();
        var value = _value.AsSpan();
        byte[]? token = null;
        if (value.Length >= Scheme.Length && Ascii.EqualsIgnoreCase(value[..Scheme.Length], Scheme))
            token = SecretBytes.CopyOf(value[Scheme.Length..].Trim((byte)' '));
        Clear();
        return token;
    }

    /// <summary>Behind each request, and when the connection ends.</summary>
    public void Clear()
    {
        SecretBytes.Clear(_value);
        _value = null;
    }

    public override string ToString() => nameof(HeldAuthorization);
}
