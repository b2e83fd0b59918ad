using System.Security.Cryptography;
using System.Text;
using Proxy.Core.Journal.Sealing;

namespace Proxy.Core.Journal.Subjects;

/// <summary>
/// The key of a journal's subject codes, wrapped by the journal's key-encryption key, in <c>journal.subjects</c> beside the segments: two lines, the
/// id of the wrapping key and the wrapped key in base64. It is wrapped as a data key is, for the segment number 0, which no segment has.
/// </summary>
public static class SubjectKeyFile
{
    internal const string Name = "journal.subjects";
    private const int LineCount = 2;

    /// <summary>Opens the journal's coder; makes the key when there is none.</summary>
    /// <exception cref="JournalKeyException">It is wrapped under another key, or damaged.</exception>
    public static async Task<SubjectCoder> OpenOrCreateAsync(string directory, Guid journalId, IKeyEncryptionKey key, CancellationToken cancellation)
    {
        var path = Path.Combine(directory, Name);
        if (!File.Exists(path))
            await CreateAsync(path, journalId, key, cancellation);
        return await OpenAsync(directory, journalId, key, cancellation);
    }

    /// <summary>Opens the coder of a journal that is read.</summary>
    /// <exception cref="JournalKeyException">There is none; or it is wrapped under another key, or damaged.</exception>
    public static async Task<SubjectCoder> OpenAsync(string directory, Guid journalId, IKeyEncryptionKey key, CancellationToken cancellation)
    {
        var path = Path.Combine(directory, Name);
        if (!File.Exists(path))
            throw new JournalKeyException($"There is no {path}: the journal has no subject codes.");
        var lines = await File.ReadAllLinesAsync(path, cancellation);
        var wrapped = new byte[1024];
        if (lines.Length != LineCount || !Convert.TryFromBase64String(lines[1], wrapped, out var length))
            throw new JournalKeyException($"{path} is damaged: codes of the past need the key that was in it, so put back a copy.");
        var plain = await key.UnwrapAsync(lines[0], wrapped.AsMemory(0, length), new SegmentIdentity(journalId, 0), cancellation);
        try
        {
            return new SubjectCoder(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static async Task CreateAsync(string path, Guid journalId, IKeyEncryptionKey key, CancellationToken cancellation)
    {
        var made = await key.GenerateAsync(new SegmentIdentity(journalId, 0), cancellation);
        CryptographicOperations.ZeroMemory(made.Plain);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var half = path + ".preparing";
        File.Delete(half);
        await using (var file = new FileStream(half, options))
        {
            await file.WriteAsync(Encoding.ASCII.GetBytes($"{key.Id}\n{Convert.ToBase64String(made.Wrapped)}\n"), cancellation);
            file.Flush(flushToDisk: true);
        }
        // A half-written key would be found damaged for ever; a name that appears is whole.
        File.Move(half, path);
    }
}
