using System.Collections.Immutable;
using System.Text.Json;

namespace Proxy.Host.Identity;

/// <summary>Finds a claim by its name, or by a JSON pointer (RFC 6901) such as <c>/act/sub</c>.</summary>
internal static class ClaimPath
{
    public static JsonElement? Resolve(JsonElement payload, string path)
    {
        if (!path.StartsWith('/'))
            return payload.TryGetProperty(path, out var claim) ? claim : null;
        var element = payload;
        foreach (var segment in path[1..].Split('/'))
        {
            var name = segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }
        return element;
    }

    /// <summary>The values of a claim that is a text, a number, a truth value, or a list of these; empty when it is not there. False for anything else.</summary>
    public static bool TryTexts(JsonElement? value, out ImmutableArray<string> texts)
    {
        texts = [];
        if (value is null)
            return true;
        if (value.Value.ValueKind is not JsonValueKind.Array)
        {
            if (Text(value.Value) is not { } single)
                return false;
            texts = [single];
            return true;
        }
        var all = ImmutableArray.CreateBuilder<string>(value.Value.GetArrayLength());
        foreach (var item in value.Value.EnumerateArray())
        {
            if (Text(item) is not { } text)
                return false;
            all.Add(text);
        }
        texts = all.ToImmutable();
        return true;
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
