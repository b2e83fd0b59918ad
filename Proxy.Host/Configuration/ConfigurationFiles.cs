using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Proxy.Host.Configuration;

/// <summary>The bytes of the three files, read together.</summary>
internal sealed class ConfigurationFiles
{
    public const string Gateway = "gateway.yaml";
    public const string Classification = "classification.yaml";
    public const string Rules = "rules.yaml";

    public static ImmutableArray<string> Names { get; } = [Gateway, Classification, Rules];

    private const int BytesMax = 8 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, byte[]> _contents = [];

    private ConfigurationFiles(string version) => Version = version;

    public string Version { get; private set; }

    /// <summary>Reads them; a file that cannot be read is an error and has no content.</summary>
    public static async Task<ConfigurationFiles> ReadAsync(
        string directory, ICollection<ConfigurationError> errors, CancellationToken cancellationToken)
    {
        var files = new ConfigurationFiles("");
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Names)
        {
            var content = await ReadFileAsync(directory, name, errors, cancellationToken);
            if (content is not null)
                files._contents[name] = content;
            // The length goes in too, so that bytes moved from the end of one file to the start of the next make another digest.
            digest.AppendData(Encoding.UTF8.GetBytes($"{name}\0{content?.Length ?? -1}\0"));
            digest.AppendData(content ?? []);
        }
        files.Version = Convert.ToHexStringLower(digest.GetHashAndReset());
        return files;
    }

    /// <summary>The text; null, with an error, when it is not UTF-8; null without one when the file could not be read.</summary>
    public string? Text(string name, ICollection<ConfigurationError> errors)
    {
        if (!_contents.TryGetValue(name, out var content))
            return null;
        try
        {
            return StrictUtf8.GetString(content.AsSpan().StartsWith("\uFEFF"u8) ? content.AsSpan(3) : content);
        }
        catch (DecoderFallbackException)
        {
            errors.Add(new ConfigurationError(name, 1, 1, "the file is not valid UTF-8"));
            return null;
        }
    }

    public string VersionOf(string name) => Convert.ToHexStringLower(SHA256.HashData(_contents.GetValueOrDefault(name, [])));

    private static async Task<byte[]?> ReadFileAsync(
        string directory, string name, ICollection<ConfigurationError> errors, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(Path.Combine(directory, name));
            if (!file.Exists)
                errors.Add(new ConfigurationError(name, 1, 1, $"there is no file {file.FullName}"));
            else if (file.Length > BytesMax)
                errors.Add(new ConfigurationError(name, 1, 1, $"the file is larger than {BytesMax} bytes"));
            else
                return await File.ReadAllBytesAsync(file.FullName, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add(new ConfigurationError(name, 1, 1, exception.Message));
        }
        return null;
    }
}
