namespace Proxy.Host.Configuration.Yaml;

/// <summary>Where a node's key begins, and where its value does. An item of a list has no key of its own: both are the same.</summary>
public readonly record struct YamlPosition(TextPosition Key, TextPosition Value);
