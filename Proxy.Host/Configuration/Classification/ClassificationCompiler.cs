using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Proxy.Core.Catalogue;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Yaml;

namespace Proxy.Host.Configuration.Classification;

/// <summary>Turns classification.yaml into ordered matchers per target, exact names first, then patterns in the file's order, and declared functions.</summary>
internal sealed class ClassificationCompiler(YamlDocument document, ICollection<ConfigurationError> errors)
{
    /// <param name="targets">The names in gateway.yaml; null when that file could not be read.</param>
    public FrozenDictionary<string, ColumnClassification> Compile(ClassificationFile file, IReadOnlyCollection<string>? targets)
    {
        var compiled = new Dictionary<string, ColumnClassification>();
        foreach (var name in file.Targets.Keys)
        {
            if (targets is not null && !targets.Contains(name))
                errors.Add(document.ErrorAtKey(YamlDocument.PathOf("targets", name), $"target '{name}' is not in gateway.yaml"));
            compiled[name] = new ColumnClassification(
                [.. Tables(name, file.Targets[name]), .. Patterns(name, file.Targets[name])], [.. Functions(name, file.Targets[name])],
                [.. Subjects(name, file.Targets[name])]);
        }
        foreach (var name in targets ?? [])
            compiled.TryAdd(name, ColumnClassification.Nothing);
        return compiled.ToFrozenDictionary();
    }

    private IEnumerable<ColumnMatcher> Tables(string target, ClassifiedTarget written)
    {
        var seen = new HashSet<(string, string)>();
        foreach (var (table, columns) in InFileOrder(written.Tables, "targets", target, "tables"))
        {
            var pointer = YamlDocument.PathOf("targets", target, "tables", table);
            if (DottedName.Parse(table) is not { Length: 2 } name)
            {
                errors.Add(document.ErrorAtKey(pointer, $"'{table}' is not a table name: schema.table is expected"));
                continue;
            }
            if (name.Any(part => !part.IsQuoted && !part.AsPattern.IsExact))
            {
                errors.Add(document.ErrorAtKey(pointer, $"'{table}' holds a wildcard: write it under patterns, or in double quotes if it is part of the name"));
                continue;
            }
            if (!seen.Add((name[0].Text, name[1].Text)))
                errors.Add(document.ErrorAtKey(pointer, $"table {table} is named twice"));
            foreach (var (column, className) in InFileOrder(columns, "targets", target, "tables", table))
                yield return new ColumnMatcher
                {
                    Schema = TextPattern.Exactly(name[0].Text),
                    Relation = TextPattern.Exactly(name[1].Text),
                    Column = TextPattern.Exactly(column),
                    Class = Parse(className),
                    Origin = OriginOfKey(pointer + YamlDocument.PathOf(column)),
                };
        }
    }

    private IEnumerable<ColumnMatcher> Patterns(string target, ClassifiedTarget written)
    {
        for (var i = 0; i < written.Patterns.Length; i++)
        {
            var pattern = written.Patterns[i];
            var pointer = YamlDocument.PathOf("targets", target, "patterns", $"{i}");
            ImmutableArray<DottedNamePart> parts = [];
            if (pattern.Columns is not null)
            {
                if (DottedName.Parse(pattern.Columns) is not { Length: 3 } parsed)
                {
                    errors.Add(document.ErrorAt(pointer + "/columns", $"'{pattern.Columns}' is not a column pattern: schema.table.column is expected"));
                    continue;
                }
                parts = parsed;
            }
            var matcher = new ColumnMatcher
            {
                Schema = parts.IsEmpty ? null : parts[0].AsPattern,
                Relation = parts.IsEmpty ? null : parts[1].AsPattern,
                Column = parts.IsEmpty ? null : parts[2].AsPattern,
                Type = pattern.Type is null ? null : new TextPattern(pattern.Type),
                Class = Parse(pattern.Class),
                Origin = Origin(pointer),
            };
            if (matcher.Class is IdentifierClass.NotPhi && IsEverything(matcher))
                errors.Add(document.ErrorAt(pointer, "this would call every column reviewed and not PHI: name a schema, a table or a column"));
            yield return matcher;
        }
    }

    private IEnumerable<FunctionDeclaration> Functions(string target, ClassifiedTarget written)
    {
        var seen = new HashSet<(string, string, string)>();
        for (var i = 0; i < written.Functions.Length; i++)
        {
            var function = written.Functions[i];
            var pointer = YamlDocument.PathOf("targets", target, "functions", $"{i}");
            if (DottedName.Parse(function.Name) is not { Length: 2 } name)
                errors.Add(document.ErrorAt(pointer + "/name", $"'{function.Name}' is not a function name: schema.name is expected, without arguments"));
            else if (!seen.Add((name[0].Text, name[1].Text, function.Sha256)))
                errors.Add(document.ErrorAt(pointer, $"function {function.Name} is declared twice with this body"));
            else
                yield return new FunctionDeclaration
                {
                    Schema = name[0].Text,
                    Name = name[1].Text,
                    BodyHash = function.Sha256,
                    Review = function.Shows switch
                    {
                        "clean" => FunctionReview.Shown,
                        "arguments" => FunctionReview.Clean,
                        _ => FunctionReview.Masked,
                    },
                    Origin = Origin(pointer),
                };
        }
    }

    private IEnumerable<SubjectKey> Subjects(string target, ClassifiedTarget written)
    {
        var seen = new HashSet<(string, string, string)>();
        foreach (var (kind, columns) in InFileOrder(written.Subjects, "targets", target, "subjects"))
        {
            for (var i = 0; i < columns.Length; i++)
            {
                var pointer = YamlDocument.PathOf("targets", target, "subjects", kind, $"{i}");
                if (DottedName.Parse(columns[i]) is not { Length: 3 } name || name.Any(part => !part.IsQuoted && !part.AsPattern.IsExact))
                    errors.Add(document.ErrorAt(pointer, $"'{columns[i]}' is not a column: schema.table.column is expected, without wildcards"));
                else if (!seen.Add((name[0].Text, name[1].Text, name[2].Text)))
                    errors.Add(document.ErrorAt(pointer, $"column {columns[i]} is named twice: it can be the key of one kind of individuals"));
                else
                    yield return new SubjectKey(kind, name[0].Text, name[1].Text, name[2].Text, Origin(pointer));
            }
        }
    }

    /// <summary>Whether it covers all columns whatever their names: a new column of any table would be shown as it is the moment it appears.</summary>
    private static bool IsEverything(ColumnMatcher matcher) =>
        IsAny(matcher.Schema) && IsAny(matcher.Relation) && IsAny(matcher.Column);

    private static bool IsAny(TextPattern? pattern) => pattern is null || pattern.Text.All(character => character == '*');

    private static IdentifierClass Parse(string name) =>
        IdentifierClassNames.TryParse(name, out var identifierClass) ? identifierClass : IdentifierClass.Unreviewed;

    // Immutable dictionaries do not keep the file's order, in which errors and listings should come.
    private IEnumerable<KeyValuePair<string, T>> InFileOrder<T>(ImmutableDictionary<string, T> map, params string[] path)
    {
        JsonNode? node = document.Root;
        foreach (var segment in path)
            node = node?[segment];
        return node is JsonObject keys ? keys.Select(key => KeyValuePair.Create(key.Key, map[key.Key])) : map;
    }

    private string Origin(string pointer) => At(document.ErrorAt(pointer, ""));

    private string OriginOfKey(string pointer) => At(document.ErrorAtKey(pointer, ""));

    private static string At(ConfigurationError place) => $"{place.File}:{place.Line}:{place.Column}";
}
