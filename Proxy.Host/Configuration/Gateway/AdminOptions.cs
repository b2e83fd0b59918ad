namespace Proxy.Host.Configuration.Gateway;

/// <summary>Health and metrics over HTTP.</summary>
public sealed record AdminOptions
{
    public NetworkAddress Address { get; init; } = new("127.0.0.1", 9464);
}
