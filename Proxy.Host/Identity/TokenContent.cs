using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Proxy.Host.Identity;

/// <summary>
/// Header and payload of a compact JWS, read strictly before anything is believed: three segments of base64url without padding or blanks, JSON
/// objects without duplicate names (two readers could take different ones), limited depth. The signature is not checked here.
/// </summary>
internal sealed class TokenContent : IDisposable
{
    private static readonly SearchValues<char> Base64UrlCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly JsonDocument _header;
    private readonly JsonDocument _payload;

    private TokenContent(JsonDocument header, JsonDocument payload)
    {
        _header = header;
        _payload = payload;
    }

    public JsonElement Header => _header.RootElement;

    public JsonElement Payload => _payload.RootElement;

    /// <summary>Null when it is not such a token; the problem says why, without any of the token's text.</summary>
    public static TokenContent? Read(string token, out string problem)
    {
        var first = token.IndexOf('.', StringComparison.Ordinal);
        var second = first < 0 ? -1 : token.IndexOf('.', first + 1);
        if (second < 0 || token.IndexOf('.', second + 1) >= 0)
        {
            problem = "not three segments";
            return null;
        }
        if (second == token.Length - 1)
        {
            problem = "no signature";
            return null;
        }
        if (!IsBase64Url(token.AsSpan(second + 1)))
        {
            problem = "the signature is not base64url";
            return null;
        }
        if (ReadSegment(token.AsSpan(0, first), "header", out problem) is not { } header)
            return null;
        if (ReadSegment(token.AsSpan(first + 1, second - first - 1), "payload", out problem) is { } payload)
            return new TokenContent(header, payload);
        header.Dispose();
        return null;
    }

    /// <summary>The text of a member; null when it is not there or is no text.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    public void Dispose()
    {
        _header.Dispose();
        _payload.Dispose();
    }

    private static JsonDocument? ReadSegment(ReadOnlySpan<char> segment, string name, out string problem)
    {
        problem = "";
        if (segment.IsEmpty || !IsBase64Url(segment))
        {
            problem = $"the {name} is not base64url";
            return null;
        }
        try
        {
            var document = JsonDocument.Parse(Base64Url.DecodeFromChars(segment), Strict);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
                problem = $"the {name} is not a JSON object";
            else if (!IsText(document.RootElement))
                problem = $"the {name} holds what is not text";
            else
                return document;
            document.Dispose();
        }
        catch (FormatException)
        {
            problem = $"the {name} is not base64url";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The exception's text can quote the token.
            problem = $"the {name} is not JSON without duplicate names";
        }
        return null;
    }

    /// <summary>Whether every name and text can be read: the parser lets invalid UTF-8 and half surrogates pass, and throws when they are asked for.</summary>
    private static bool IsText(JsonElement element)
    {
        try
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    element.GetString();
                    return true;
                case JsonValueKind.Array:
                    return element.EnumerateArray().All(IsText);
                case JsonValueKind.Object:
                    return element.EnumerateObject().All(property => property.Name is not null && IsText(property.Value));
                default:
                    return true;
            }
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsBase64Url(ReadOnlySpan<char> segment) => !segment.ContainsAnyExcept(Base64UrlCharacters);
}
