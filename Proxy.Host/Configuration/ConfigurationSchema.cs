using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Proxy.Host.Configuration.Yaml;

namespace Proxy.Host.Configuration;

/// <summary>A published JSON Schema, embedded in the program, and its findings told in words with the place in the file.</summary>
internal sealed class ConfigurationSchema
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List };

    private readonly JsonSchema _schema;
    private readonly JsonNode _source;

    private ConfigurationSchema(string text)
    {
        _schema = JsonSchema.FromText(text);
        _source = JsonNode.Parse(text)!;
    }

    public static ConfigurationSchema Gateway { get; } = Embedded("gateway.schema.json");

    public static ConfigurationSchema Classification { get; } = Embedded("classification.schema.json");

    public static ConfigurationSchema Rules { get; } = Embedded("rules.schema.json");

    public ImmutableArray<ConfigurationError> Validate(YamlDocument document)
    {
        var results = _schema.Evaluate(JsonSerializer.SerializeToElement(document.Root), Options);
        if (results.IsValid)
            return [];
        var errors = ImmutableArray.CreateBuilder<ConfigurationError>();
        foreach (var result in (results.Details ?? []).Prepend(results))
            foreach (var (keyword, message) in result.Errors ?? [])
                errors.Add(Explain(document, result, keyword, message));
        // Where a value is wrong in itself, the library can report it through a reference and at its place: the same words once.
        return [.. errors.Distinct()];
    }

    private ConfigurationError Explain(YamlDocument document, EvaluationResults result, string keyword, string message)
    {
        var pointer = result.InstanceLocation.ToString();
        var evaluation = result.EvaluationPath.ToString();
        if (keyword.Length == 0)
            return document.ErrorAtKey(pointer, UnknownKey(pointer, evaluation));

        var isKey = evaluation.Contains("/propertyNames", StringComparison.Ordinal);
        var schema = SubSchema(evaluation);
        var description = schema?["description"]?.GetValue<string>();
        var text = keyword switch
        {
            "pattern" or "const" when description is not null => $"must be {description}",
            "minProperties" or "maxProperties" when description is not null => $"must have {description}",
            "enum" when schema?["enum"] is JsonArray allowed => $"must be one of {Allowed(allowed, document.Root, pointer)}",
            _ => LowerFirst(message),
        };
        var name = pointer.Length == 0 ? "the file" : $"'{Unescape(pointer[(pointer.LastIndexOf('/') + 1)..])}'";
        return isKey ? document.ErrorAtKey(pointer, $"key {name}: {text}") : document.ErrorAt(pointer, $"{name}: {text}");
    }

    private string UnknownKey(string pointer, string evaluation)
    {
        var key = Unescape(pointer[(pointer.LastIndexOf('/') + 1)..]);
        var parent = SubSchema(evaluation[..Math.Max(0, evaluation.LastIndexOf('/'))]);
        var known = (parent?["properties"] as JsonObject)?.Select(property => property.Key) ?? [];
        var nearest = known.Select(candidate => (Name: candidate, Distance: EditDistance.Between(key, candidate)))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault();
        return nearest.Name is not null && nearest.Distance <= Math.Max(2, key.Length / 3)
            ? $"unknown key '{key}'; did you mean '{nearest.Name}'?"
            : $"unknown key '{key}'";
    }

    /// <summary>Texts that look like numbers are shown in quotes where a number was written: without them YAML reads a number.</summary>
    private static string Allowed(JsonArray allowed, JsonNode? root, string pointer)
    {
        var isNumber = Resolve(root, pointer)?.GetValueKind() is JsonValueKind.Number;
        var list = string.Join(", ", allowed.Select(value => isNumber ? value?.ToJsonString() : value?.ToString()));
        return isNumber ? $"{list} (in quotes)" : list;
    }

    /// <summary>
    /// The part of the schema that an evaluation path ends in. The library's path names the keyword <c>items</c> twice, and its schema
    /// location adds parts of the instance; so the path is walked here, through references, and what is not there is passed over.
    /// </summary>
    private JsonObject? SubSchema(string evaluation)
    {
        JsonNode? node = _source;
        foreach (var segment in evaluation.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (node is not JsonObject map || map[Unescape(segment)] is not { } next)
                continue;
            node = segment is "$ref" ? Resolve(_source, next.GetValue<string>().TrimStart('#')) : next;
        }
        return node as JsonObject;
    }

    private static JsonNode? Resolve(JsonNode? root, string pointer)
    {
        var node = root;
        foreach (var segment in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
            node = node switch
            {
                JsonObject map => map[Unescape(segment)],
                JsonArray list when int.TryParse(segment, out var index) && index < list.Count => list[index],
                _ => null,
            };
        return node;
    }

    private static string Unescape(string segment) => segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static string LowerFirst(string message) => message.Length == 0 ? message : char.ToLowerInvariant(message[0]) + message[1..];

    private static ConfigurationSchema Embedded(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in the program");
        using var reader = new StreamReader(stream);
        return new ConfigurationSchema(reader.ReadToEnd());
    }
}
