using System.Text;

namespace Proxy.Core.Journal.Heads;

/// <summary>
/// Appends heads to a file that another machine or another owner keeps: a mounted share, a file that is append-only (<c>chattr +a</c>), a tape. Only
/// as good as what it is mounted from.
/// </summary>
public sealed class FileHeadAnchor(string path) : IHeadAnchor
{
    public string Name => $"file {path}";

    public Task KeepAsync(SignedHead head, CancellationToken cancellation)
    {
        try
        {
            using FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            file.Write(Encoding.UTF8.GetBytes(head.ToString()));
            file.Flush(flushToDisk: true);
            return Task.CompletedTask;
        }
        catch (UnauthorizedAccessException refused)
        {
            return Task.FromException(new IOException(refused.Message, refused));
        }
        catch (IOException failure)
        {
            return Task.FromException(failure);
        }
    }
}
