namespace Proxy.Protocols.Postgres;

/// <summary>ClientKey and ServerKey of RFC 5802: as good as the password for one server. Do not print.</summary>
public sealed record ScramKeys(byte[] ClientKey, byte[] ServerKey)
{
    public override string ToString() => nameof(ScramKeys);
}
