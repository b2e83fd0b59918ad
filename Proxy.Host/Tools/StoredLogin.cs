using System.Text.Json;

namespace Proxy.Host.Tools;

/// <summary>What <c>phigate login</c> keeps, in a file that only its owner can read. Holds tokens: do not print.</summary>
internal sealed record StoredLogin
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public required string Issuer { get; init; }
    public required string ClientId { get; init; }
    public required string TokenEndpoint { get; init; }
    public required string AccessToken { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public string? RefreshToken { get; init; }
    public string? AuthorityFile { get; init; }

    /// <summary>In the user's configuration directory (XDG Base Directory Specification).</summary>
    public static string DefaultPath => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } configuration
            ? configuration
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
        "phigate", "login.json");

    /// <summary>Null when nobody has logged in.</summary>
    /// <exception cref="ToolException">Others can read the file, or it is damaged.</exception>
    public static async Task<StoredLogin?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return null;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            throw new ToolException($"{path} can be read by others than its owner: change its mode to 0600, or log in again");
        try
        {
            await using var stream = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<StoredLogin>(stream, cancellationToken: cancellationToken);
        }
        catch (JsonException)
        {
            throw new ToolException($"{path} is damaged: log in again"); // The exception's text can quote the file.
        }
    }

    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = path + ".new";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        await using (var stream = new FileStream(beside, options))
            await JsonSerializer.SerializeAsync(stream, this, cancellationToken: cancellationToken);
        File.Move(beside, path, overwrite: true);
    }

    public override string ToString() => $"{nameof(StoredLogin)} {Issuer}";
}
