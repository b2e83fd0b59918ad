using System.Text;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>A secret that cannot be printed by accident, and that memory holds sealed.</summary>
public sealed class Secret
{
    private readonly SealedBytes _sealed;

    /// <param name="value">In UTF-8; the caller's to clear.</param>
    public Secret(ReadOnlySpan<byte> value) => _sealed = new SealedBytes(value);

    /// <param name="value">A text stays in memory: the caller's to clear.</param>
    public Secret(string value)
    {
        var bytes = SecretBytes.Of(value);
        _sealed = new SealedBytes(bytes);
        SecretBytes.Clear(bytes);
    }

    /// <summary>In UTF-8; the caller clears it.</summary>
    public byte[] RevealBytes() => _sealed.Open();

    /// <summary>As a text, which stays in memory until its place is used again: for secrets that libraries want so.</summary>
    public string Reveal()
    {
        var bytes = RevealBytes();
        try
        {
            return Encoding.UTF8.GetString(bytes);
        }
        finally
        {
            SecretBytes.Clear(bytes);
        }
    }

    public override string ToString() => "(secret)";
}
