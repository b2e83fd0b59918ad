using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Proxy.Core.Catalogue;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Classification;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Configuration.Rules;
using Proxy.Host.Configuration.Yaml;

namespace Proxy.Host.Configuration;

/// <summary>
/// Reads a configuration directory: YAML, then the published schema, then records, then what only the three files together can show.
/// Each stage runs for every file that came through the stage before, so that all errors are reported at once.
/// </summary>
public static class ConfigurationLoader
{
    private static readonly JsonSerializerOptions Binding = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>The snapshot.</summary>
    /// <exception cref="ConfigurationException">With every error.</exception>
    public static async Task<ConfigurationSnapshot> LoadAsync(string directory, CancellationToken cancellationToken)
    {
        var reading = await ReadAsync(directory, cancellationToken);
        return reading.Snapshot ?? throw new ConfigurationException(reading.Errors);
    }

    /// <summary>Never throws for what is wrong with the files.</summary>
    public static async Task<ConfigurationReading> ReadAsync(string directory, CancellationToken cancellationToken)
    {
        directory = Path.GetFullPath(directory);
        var errors = new List<ConfigurationError>();
        var files = await ConfigurationFiles.ReadAsync(directory, errors, cancellationToken);

        var (gatewayDocument, gateway) = Bind<GatewayOptions>(files, ConfigurationFiles.Gateway, ConfigurationSchema.Gateway, errors);
        if (gateway is not null)
        {
            gateway = GatewayPaths.Rooted(gateway, directory);
            new GatewayValidator(gatewayDocument!, gateway, errors).Validate();
        }
        var classification = ReadClassification(files, gateway, errors);
        var (author, rules) = ReadRules(files, gateway, errors);

        var snapshot = errors.Count > 0 || gateway is null
            ? null
            : new ConfigurationSnapshot
            {
                Directory = directory,
                Version = files.Version,
                Author = author,
                GatewayVersion = files.VersionOf(ConfigurationFiles.Gateway),
                Gateway = gateway,
                Targets = gateway.Targets.ToFrozenDictionary(),
                Policy = new AccessPolicy(rules, files.Version),
                Classification = classification,
            };
        return new ConfigurationReading
        {
            Snapshot = snapshot,
            Errors = [.. errors.Distinct().OrderBy(FileOrder).ThenBy(error => error.Line).ThenBy(error => error.Column)],
            Version = files.Version,
            GatewayDocument = gatewayDocument,
        };
    }

    private static FrozenDictionary<string, ColumnClassification> ReadClassification(
        ConfigurationFiles files, GatewayOptions? gateway, List<ConfigurationError> errors)
    {
        var (document, file) = Bind<ClassificationFile>(files, ConfigurationFiles.Classification, ConfigurationSchema.Classification, errors);
        return file is null
            ? FrozenDictionary<string, ColumnClassification>.Empty
            : new ClassificationCompiler(document!, errors).Compile(file, gateway?.Targets.Keys.ToHashSet());
    }

    private static (string? Author, ImmutableArray<AccessRule> Rules) ReadRules(ConfigurationFiles files, GatewayOptions? gateway, List<ConfigurationError> errors)
    {
        var (document, file) = Bind<RulesFile>(files, ConfigurationFiles.Rules, ConfigurationSchema.Rules, errors);
        return file is null ? (null, []) : (file.Author, new RuleCompiler(document!, gateway, errors).Compile(file));
    }

    private static (YamlDocument? Document, T? Value) Bind<T>(
        ConfigurationFiles files, string name, ConfigurationSchema schema, List<ConfigurationError> errors)
        where T : class
    {
        if (files.Text(name, errors) is not { } text || YamlDocumentReader.Read(name, text, errors) is not { } document)
            return (null, null);
        var invalid = schema.Validate(document);
        errors.AddRange(invalid);
        if (invalid.Length > 0)
            return (document, null);
        try
        {
            return (document, document.Root.Deserialize<T>(Binding));
        }
        catch (JsonException exception)
        {
            // What a schema cannot say and a converter can, for example a port over 65535.
            errors.Add(document.ErrorAt(Pointer(exception.Path), exception.Message.Split(" Path:", 2)[0]));
            return (document, null);
        }
    }

    /// <summary><c>$.listeners[0].address</c> → <c>/listeners/0/address</c>. Names with other characters come as <c>['a.b']</c>.</summary>
    private static string Pointer(string? jsonPath)
    {
        var segments = (jsonPath ?? "$").Replace("['", ".", StringComparison.Ordinal).Replace("']", "", StringComparison.Ordinal)
            .Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal)
            .Split('.', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1);
        return string.Concat(segments.Select(segment => "/" + segment));
    }

    private static int FileOrder(ConfigurationError error) => ConfigurationFiles.Names.IndexOf(error.File);
}
