using System.Text.Json;
using System.Text.Json.Serialization;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.Identity.Credentials;

/// <summary>A secret in UTF-8 as a text of JSON, without a text of .NET in between, which nobody could clear. Whoever reads one clears it.</summary>
internal sealed class SecretBytesConverter : JsonConverter<byte[]>
{
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.String)
            throw new JsonException();
        var bytes = SecretBytes.New(reader.ValueSpan.Length);
        try
        {
            var length = reader.CopyString(bytes);
            if (length == bytes.Length)
                return bytes;
            var shorter = SecretBytes.CopyOf(bytes.AsSpan(0, length)); // Something was escaped.
            SecretBytes.Clear(bytes);
            return shorter;
        }
        catch (InvalidOperationException)
        {
            SecretBytes.Clear(bytes);
            throw new JsonException(); // Without the cause: it quotes the text.
        }
    }

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) => writer.WriteStringValue(value.AsSpan());
}
