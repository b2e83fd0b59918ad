namespace Proxy.Host.Configuration.Yaml;

/// <summary>Where in a file something begins; both count from 1.</summary>
public readonly record struct TextPosition(int Line, int Column)
{
    public static TextPosition Start { get; } = new(1, 1);
}
