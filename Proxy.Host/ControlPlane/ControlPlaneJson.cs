using System.Text.Json;
using System.Text.Json.Serialization;

namespace Proxy.Host.ControlPlane;

/// <summary>How the HTTP interfaces write JSON: snake_case as OAuth does, words for enumerations, nothing for what is not there.</summary>
internal static class ControlPlaneJson
{
    public static JsonSerializerOptions Format { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true, // A null in place of a text is no text.
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };
}
