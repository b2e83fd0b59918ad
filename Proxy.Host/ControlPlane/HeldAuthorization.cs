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
    private bool _isAmbiguous;

    /// <summary>That of the connection whose request is being parsed: Kestrel parses in the flow of the connection's middleware.</summary>
    public static HeldAuthorization? Current
    {
        get => OfConnection.Value;
        set => OfConnection.Value = value;
    }

    public void Hold(ReadOnlySpan<byte> value)
    {
        _isAmbiguous |= _value is not null;
        SecretBytes.Clear(_value);
        _value = _isAmbiguous ? null : SecretBytes.CopyOf(value);
    }

    /// <summary>The token behind "Bearer", in an array that the caller clears; null when there is no such header, another scheme, or more than one header.</summary>
    public byte[]? TakeBearer()
    {
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
        (_value, _isAmbiguous) = (null, false);
    }

    public override string ToString() => nameof(HeldAuthorization);
}
