using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.Identity;

/// <summary>
/// Header and payload of a compact JWS, read strictly before anything is believed: three segments of base64url without padding or blanks, JSON
/// objects without duplicate names (two readers could take different ones), limited depth. No text is made of it that could not be cleared.
/// </summary>
internal sealed class TokenContent : IDisposable
{
    private static readonly SearchValues<byte> Base64UrlCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly JsonDocument _header;
    private readonly JsonDocument _payload;

    private readonly byte[] _text;
    private readonly byte[] _signature;
    private readonly int _signatureLength;

    /// <param name="header">Parsed of the first part of the text.</param>
    /// <param name="payload">Parsed of the second part.</param>
    /// <param name="text">Both, decoded.</param>
    /// <param name="signature">Begins with the decoded signature.</param>
    /// <param name="signatureLength">So long is that.</param>
    private TokenContent(JsonDocument header, JsonDocument payload, byte[] text, byte[] signature, int signatureLength)
    {
        _header = header;
        _payload = payload;
        _text = text;
        _signature = signature;
        _signatureLength = signatureLength;
    }

    public JsonElement Header => _header.RootElement;

    public JsonElement Payload => _payload.RootElement;

    /// <summary>Whether a key has signed the token that this is the content of. Never throws for what is wrong with it.</summary>
    /// <param name="token">The text that was read.</param>
    /// <param name="key">One of the issuer's.</param>
    /// <param name="algorithm">One of those that are accepted.</param>
    public bool IsSignedBy(ReadOnlySpan<byte> token, JsonWebKey key, string algorithm)
    {
        var signed = SecretBytes.CopyOf(token[..token.LastIndexOf((byte)'.')]);
        var factory = key.CryptoProviderFactory ?? CryptoProviderFactory.Default;
        SignatureProvider? provider = null;
        try
        {
            // Kept by the library for the next token of this key.
            provider = factory.CreateForVerifying(key, algorithm);
            return provider.Verify(signed, 0, signed.Length, _signature, 0, _signatureLength);
        }
        catch (Exception unusable) when (unusable is NotSupportedException or ArgumentException or InvalidOperationException or CryptographicException or SecurityTokenException)
        {
            return false; // A key of another kind, too short, or a signature of another length.
        }
        finally
        {
            if (provider is not null) factory.ReleaseSignatureProvider(provider);
            SecretBytes.Clear(signed);
        }
    }

    /// <summary>Null when it is not such a token; the problem says why, without any of the token's text.</summary>
    public static TokenContent? Read(ReadOnlySpan<byte> token, out string problem)
    {
        var first = token.IndexOf((byte)'.');
        var second = token.LastIndexOf((byte)'.');
        if (second <= first || token.Count((byte)'.') != 2)
        {
            problem = "not three segments";
            return null;
        }
        if (second == token.Length - 1)
        {
            problem = "no signature";
            return null;
        }
        // One array for each, never moved, which Dispose clears: whoever has header, payload and signature has the token.
        var text = SecretBytes.New(token.Length);
        var signature = SecretBytes.New(Base64Url.GetMaxDecodedLength(token.Length - second - 1));
        JsonDocument? header = null;
        JsonDocument? payload = null;
        if (!TryDecode(token[(second + 1)..], signature, out var signatureLength))
            problem = "the signature is not base64url";
        else if ((header = ReadSegment(token[..first], "header", text, out problem)) is not null)
            payload = ReadSegment(token[(first + 1)..second], "payload", text.AsMemory(first), out problem);
        if (payload is not null)
            return new TokenContent(header!, payload, text, signature, signatureLength);
        header?.Dispose();
        SecretBytes.Clear(text);
        SecretBytes.Clear(signature);
        return null;
    }

    /// <summary>The text of a member; null when it is not there or is no text.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    public void Dispose()
    {
        _header.Dispose();
        _payload.Dispose();
        SecretBytes.Clear(_text);
        SecretBytes.Clear(_signature);
    }

    private static JsonDocument? ReadSegment(ReadOnlySpan<byte> segment, string name, Memory<byte> decoded, out string problem)
    {
        problem = "";
        if (segment.IsEmpty || !TryDecode(segment, decoded.Span, out var length))
        {
            problem = $"the {name} is not base64url";
            return null;
        }
        try
        {
            var document = JsonDocument.Parse(decoded[..length], Strict);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
                problem = $"the {name} is not a JSON object";
            else if (!IsText(document.RootElement))
                problem = $"the {name} holds what is not text";
            else
                return document;
            document.Dispose();
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

    private static bool TryDecode(ReadOnlySpan<byte> segment, Span<byte> decoded, out int length)
    {
        length = 0;
        return !segment.ContainsAnyExcept(Base64UrlCharacters)
            && Base64Url.DecodeFromUtf8(segment, decoded, out _, out length) is OperationStatus.Done;
    }
}
