namespace Proxy.Host.Configuration.Gateway;

/// <summary>A secret that cannot be printed by accident; <see cref="Reveal"/> is the only way to it.</summary>
public sealed class Secret(string value)
{
    public string Reveal() => value;

    public override string ToString() => "(secret)";
}
