using System.Security.Cryptography;
using System.Text;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>Reads a secret when it is needed, so that a rotated file is used by the next connection.</summary>
public static class CredentialReader
{
    private const int BytesMax = 64 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: true);

    /// <summary>The secret without the line end that editors leave behind it. Errors name the source, never the content.</summary>
    /// <exception cref="IOException">The file cannot be read, is empty or too large, or the variable is not set.</exception>
    public static async Task<Secret> ReadAsync(CredentialOptions credential, CancellationToken cancellationToken)
    {
        var bytes = await ReadBytesAsync(credential, cancellationToken);
        try
        {
            return new Secret(Encoding.UTF8.GetString(bytes));
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
                ? Encoding.UTF8.GetBytes(value)
                : throw new IOException($"environment variable {variable} is not set");
        }
        var file = credential.File ?? throw new IOException("no credential is configured");
        if (new FileInfo(file).Length > BytesMax)
            throw new IOException($"{file} is larger than {BytesMax} bytes");
        var content = await File.ReadAllBytesAsync(file, cancellationToken);
        try
        {
            var start = content.AsSpan().StartsWith(Utf8.Preamble) ? Utf8.Preamble.Length : 0;
            var secret = content.AsSpan(start).TrimEnd("\r\n"u8);
            return secret.Length > 0 ? secret.ToArray() : throw new IOException($"{file} is empty");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }
}
