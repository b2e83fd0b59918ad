using System.Text.Json.Nodes;

namespace Proxy.Host.Configuration.Yaml;

/// <summary>A configuration file as a JSON tree, with the position of every key and value by JSON pointer.</summary>
public sealed class YamlDocument(string file, JsonNode? root, IReadOnlyDictionary<string, YamlPosition> positions)
{
    /// <summary>The file's name as errors show it.</summary>
    public string File { get; } = file;

    public JsonNode? Root { get; } = root;

    /// <summary>An error at the value that the path names; at its nearest ancestor when there is none.</summary>
    public ConfigurationError ErrorAt(string path, string message) => Error(Find(path).Value, message);

    /// <summary>An error at the key that the path names.</summary>
    public ConfigurationError ErrorAtKey(string path, string message) => Error(Find(path).Key, message);

    public static string PathOf(params ReadOnlySpan<string> segments)
    {
        var path = "";
        foreach (var segment in segments)
            path += "/" + Escape(segment);
        return path;
    }

    internal static string Escape(string segment) => segment.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private ConfigurationError Error(TextPosition position, string message) => new(File, position.Line, position.Column, message);

    private YamlPosition Find(string path)
    {
        while (true)
        {
            if (positions.TryGetValue(path, out var position))
                return position;
            if (path.Length == 0)
                return new YamlPosition(TextPosition.Start, TextPosition.Start);
            path = path[..path.LastIndexOf('/')];
        }
    }
}
