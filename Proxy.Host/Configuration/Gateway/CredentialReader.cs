namespace Proxy.Host.Configuration.Gateway;

/// <summary>Reads a secret when it is needed, so that a rotated file is used by the next connection.</summary>
public static class CredentialReader
{
    private const int BytesMax = 64 * 1024;

    /// <summary>The secret without the line end that editors leave behind it. Errors name the source, never the content.</summary>
    /// <exception cref="IOException">The file cannot be read, is empty or too large, or the variable is not set.</exception>
    public static async Task<Secret> ReadAsync(CredentialOptions credential, CancellationToken cancellationToken)
    {
        if (credential.EnvironmentVariable is { } variable)
        {
            return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
                ? new Secret(value)
                : throw new IOException($"environment variable {variable} is not set");
        }
        var file = credential.File ?? throw new IOException("no credential is configured");
        if (new FileInfo(file).Length > BytesMax)
            throw new IOException($"{file} is larger than {BytesMax} bytes");
        var text = (await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n');
        return text.Length > 0 ? new Secret(text) : throw new IOException($"{file} is empty");
    }
}
