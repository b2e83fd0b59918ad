using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Proxy.Host.Configuration.Yaml;

/// <summary>
/// Reads the plain part of YAML 1.2 (core schema): maps, lists, scalars. Anchors, aliases, tags and further documents are errors: they make a
/// policy mean what its reader does not see. Duplicate keys are errors, all of them reported.
/// </summary>
internal sealed partial class YamlDocumentReader
{
    private const int DepthMax = 32;
    private const int CharsMax = 8 * 1024 * 1024;

    private readonly string _file;
    private readonly ICollection<ConfigurationError> _errors;
    private readonly Dictionary<string, YamlPosition> _positions = [];
    private readonly Parser _parser;

    private YamlDocumentReader(string file, string text, ICollection<ConfigurationError> errors)
    {
        _file = file;
        _errors = errors;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>Null when the text cannot be read at all; the errors say why. Duplicate keys and their like are reported, and the rest is still read.</summary>
    public static YamlDocument? Read(string file, string text, ICollection<ConfigurationError> errors)
    {
        if (text.Length > CharsMax)
        {
            errors.Add(new ConfigurationError(file, 1, 1, $"the file has more than {CharsMax} characters"));
            return null;
        }
        var reader = new YamlDocumentReader(file, text, errors);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException exception)
        {
            errors.Add(reader.Error(exception.Start, $"not valid YAML: {exception.Message}"));
            return null;
        }
    }

    private YamlDocument? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            _errors.Add(new ConfigurationError(_file, 1, 1, "the file is empty"));
            return null;
        }
        _parser.Consume<DocumentStart>();
        var start = Position(_parser.Current!.Start);
        var root = ReadNode("", start, depth: 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            _errors.Add(Error(second.Start, "a second document in the file"));
            return null;
        }
        return new YamlDocument(_file, root, _positions);
    }

    private JsonNode? ReadNode(string pointer, TextPosition key, int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            _errors.Add(Error(alias.Start, "aliases are not allowed"));
            return null;
        }
        if (!_parser.Accept<NodeEvent>(out var node))
            throw new YamlException("a value is expected");
        _positions[pointer] = new YamlPosition(key, Position(node.Start));
        if (depth > DepthMax)
            throw new YamlException(node.Start, node.End, $"nested deeper than {DepthMax} levels");
        if (!node.Anchor.IsEmpty)
            _errors.Add(Error(node.Start, "anchors are not allowed"));
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
            _errors.Add(Error(node.Start, "tags are not allowed"));

        if (_parser.TryConsume<MappingStart>(out _))
            return ReadMap(pointer, depth);
        if (_parser.TryConsume<SequenceStart>(out _))
            return ReadList(pointer, depth);
        return Scalar(_parser.Consume<Scalar>());
    }

    private JsonObject ReadMap(string pointer, int depth)
    {
        var map = new JsonObject();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key))
                throw new YamlException(_parser.Current!.Start, _parser.Current.End, "a key must be a plain text");
            var child = pointer + "/" + YamlDocument.Escape(key.Value);
            if (_positions.TryGetValue(child, out var first) && map.ContainsKey(key.Value))
            {
                _errors.Add(Error(key.Start, $"duplicate key '{key.Value}', first at line {first.Key.Line}"));
                _parser.SkipThisAndNestedEvents();
                continue;
            }
            map[key.Value] = ReadNode(child, Position(key.Start), depth + 1);
        }
        return map;
    }

    private JsonArray ReadList(string pointer, int depth)
    {
        var list = new JsonArray();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            var position = _parser.Accept<NodeEvent>(out var item) ? Position(item.Start) : TextPosition.Start;
            list.Add(ReadNode(string.Create(CultureInfo.InvariantCulture, $"{pointer}/{list.Count}"), position, depth + 1));
        }
        return list;
    }

    /// <summary>The core schema of YAML 1.2, without octal, hexadecimal, infinities and numbers with leading zeros, which stay texts.</summary>
    private static JsonValue? Scalar(Scalar scalar)
    {
        if (scalar.Style is not ScalarStyle.Plain)
            return JsonValue.Create(scalar.Value);
        return scalar.Value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            var text when Integer().IsMatch(text) && long.TryParse(text, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            var text when Fraction().IsMatch(text) && decimal.TryParse(text, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            var text => JsonValue.Create(text),
        };
    }

    private static TextPosition Position(Mark mark) => new((int)mark.Line, (int)mark.Column);

    private ConfigurationError Error(Mark mark, string message) => new(_file, (int)mark.Line, (int)mark.Column, message);

    [GeneratedRegex("^-?(0|[1-9][0-9]*)$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)\.[0-9]+$")]
    private static partial Regex Fraction();
}
