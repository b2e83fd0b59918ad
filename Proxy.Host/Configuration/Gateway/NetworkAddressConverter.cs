using System.Text.Json;
using System.Text.Json.Serialization;

namespace Proxy.Host.Configuration.Gateway;

internal sealed class NetworkAddressConverter : JsonConverter<NetworkAddress>
{
    public override NetworkAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        NetworkAddress.TryParse(reader.GetString()!, out var address) ? address! : throw new JsonException("the port must be at most 65535");

    public override void Write(Utf8JsonWriter writer, NetworkAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
