using System.Security.Cryptography;
using System.Text;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>Reads a secret when it is needed, so that a rotated file is used by the next connection.</summary>
public static class CredentialReader
{
    private const int BytesMax = 64 * 1024;

    /// <summary>Nearly all secrets fit. Each login reads one, and the collector cannot move what it is read into.</summary>
    private const int UsualBytesMax = 2 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: true);

    /// <summary>The secret without the line end that editors leave behind it. Errors name the source, never the content.</summary>
    /// <exception cref="IOException">The file cannot be read, is empty or too large, or the variable is not set.</exception>
    public static async Task<Secret> ReadAsync(CredentialOptions credential, CancellationToken cancellationToken)
    {
        var bytes = await ReadBytesAsync(credential, cancellationToken);
        try
        {
            return new Secret(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The same in UTF-8, for whoever clears it.</summary>
    public static async Task<byte[]> ReadBytesAsync(CredentialOptions credential, CancellationToken cancellationToken)
    {
        if (credential.EnvironmentVariable is { } variable)
        {
            return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
                ? SecretBytes.Of(value)
                : throw new IOException($"environment variable {variable} is not set");
        }
        var file = credential.File ?? throw new IOException("no credential is configured");
        using var handle = File.OpenHandle(file, options: FileOptions.Asynchronous);
        var buffer = SecretBytes.New(UsualBytesMax);
        try
        {
            var length = 0;
            while (await RandomAccess.ReadAsync(handle, buffer.AsMemory(length), length, cancellationToken) is > 0 and var read)
            {
                length += read;
                if (length > BytesMax)
                    throw new IOException($"{file} is larger than {BytesMax} bytes");
                if (length == buffer.Length)
                    buffer = Grow(buffer);
            }
            return SecretOf(buffer.AsSpan(0, length)) ?? throw new IOException($"{file} is empty");
        }
        finally
        {
            SecretBytes.Clear(buffer);
        }
    }

    private static byte[] Grow(byte[] full)
    {
        var bigger = SecretBytes.New(BytesMax + 1);
        full.CopyTo(bigger, 0);
        SecretBytes.Clear(full);
        return bigger;
    }

    private static byte[]? SecretOf(ReadOnlySpan<byte> content)
    {
        var start = content.StartsWith(Utf8.Preamble) ? Utf8.Preamble.Length : 0;
        var secret = content[start..].TrimEnd("\r\n"u8);
        return secret.Length > 0 ? SecretBytes.CopyOf(secret) : null;
    }
}
