namespace Proxy.Host.Identity;

/// <summary>A key set in a file; read again whenever keys would be fetched, so that a replaced file is noticed.</summary>
internal sealed class KeySetFile(string path) : IKeySetSource
{
    private const int BytesMax = 1024 * 1024;

    public async Task<string> FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new FileInfo(path).Length <= BytesMax
                ? await File.ReadAllTextAsync(path, cancellationToken)
                : throw new KeySetException($"{path} is larger than {BytesMax} bytes");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KeySetException($"{path} cannot be read", exception);
        }
    }

    public void Dispose()
    {
        // Nothing is kept open.
    }
}
