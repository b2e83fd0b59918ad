using System.Globalization;
using System.Text.Json;
using Proxy.Host.Configuration.Gateway;
using Proxy.Protocols;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.ServerCredentials;

/// <summary>
/// A credential as JSON: <c>password</c>, and optionally <c>user</c> (or <c>username</c>, as AWS writes it) and <c>expires_at</c> (RFC 3339). Other
/// members are not looked at. Nothing of the text gets into an error.
/// </summary>
internal static class CredentialDocument
{
    private const int UserCharsMax = 128;

    /// <summary>A new one is fetched when four fifths of the lifetime are over.</summary>
    private const double FreshPart = 0.8;

    /// <exception cref="ServerCredentialException">It is no such document.</exception>
    public static FetchedCredential Read(ReadOnlySpan<byte> json, string source, DateTimeOffset now, TimeSpan keptFor)
    {
        string? user = null;
        Secret? password = null;
        DateTimeOffset? expires = null;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
                throw Unreadable(source);
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                if (name is "user" or "username")
                    user = TextOf(ref reader) is { Length: > 0 and <= UserCharsMax } said && !said.Any(char.IsControl) ? said : throw Unreadable(source);
                else if (name is "password")
                    password = SecretOf(ref reader) ?? throw Unreadable(source);
                else if (name is "expires_at")
                    expires = DateTimeOffset.TryParse(TextOf(ref reader), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when)
                        ? when : throw Unreadable(source);
                else
                    reader.Skip();
            }
            if (reader.TokenType is not JsonTokenType.EndObject || reader.Read())
                throw Unreadable(source);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            throw Unreadable(source); // Without the cause: it quotes the text.
        }
        if (password is null)
            throw new ServerCredentialException($"{source}: the answer has no password");
        return new FetchedCredential(user, password, expires, expires is { } end ? now + ((end - now) * FreshPart) : now + keptFor);
    }

    /// <summary>Such a document, or the password alone.</summary>
    public static FetchedCredential ReadValue(string value, string source, DateTimeOffset now, TimeSpan keptFor)
    {
        if (value.Length == 0)
            throw new ServerCredentialException($"{source}: it is empty");
        return value.AsSpan().TrimStart().StartsWith("{")
            ? ReadText(value, source, now, keptFor)
            : new FetchedCredential(null, new Secret(value), null, now + keptFor);
    }

    private static FetchedCredential ReadText(string json, string source, DateTimeOffset now, TimeSpan keptFor)
    {
        var bytes = SecretBytes.Of(json);
        try
        {
            return Read(bytes, source, now, keptFor);
        }
        finally
        {
            SecretBytes.Clear(bytes);
        }
    }

    /// <summary>Without a text in between, which nobody could clear. Null when it is no text, empty, or has a zero in it.</summary>
    private static Secret? SecretOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.String)
            return null;
        var bytes = SecretBytes.New(reader.ValueSpan.Length);
        try
        {
            var secret = bytes.AsSpan(0, reader.CopyString(bytes));
            return secret.IsEmpty || secret.Contains((byte)0) ? null : new Secret(secret);
        }
        finally
        {
            SecretBytes.Clear(bytes);
        }
    }

    private static string? TextOf(ref Utf8JsonReader reader) => reader.TokenType is JsonTokenType.String ? reader.GetString() : null;

    private static ServerCredentialException Unreadable(string source) => new($"{source}: the answer is not a credential in JSON");
}
