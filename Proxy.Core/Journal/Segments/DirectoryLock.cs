namespace Proxy.Core.Journal.Segments;

/// <summary>
/// Ownership of a journal directory: an exclusive flock on <c>journal.lock</c>, which dies with the process, however it dies. The file stays:
/// deleting it would let two owners lock two different files of one name.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    /// <summary>errno of a full and of a read-only file system, on Linux and macOS alike: these are nobody's lock.</summary>
    private const int NoSpaceLeft = 28;
    private const int ReadOnlyFileSystem = 30;

    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <exception cref="JournalInUseException">Somebody else owns it, or the file system does not lock.</exception>
    public static DirectoryLock Acquire(string directory)
    {
        string path = Path.Combine(directory, "journal.lock");
        FileStream file;
        try
        {
            file = Open(path);
        }
        catch (IOException inUse) when (inUse is not DirectoryNotFoundException && inUse.HResult is not (NoSpaceLeft or ReadOnlyFileSystem))
        {
            throw new JournalInUseException($"The journal in {directory} is in use: another process holds {path}.", inUse);
        }
        if (CanBeOpenedAgain(path))
        {
            file.Dispose();
            throw new JournalInUseException($"File locks have no effect on {path}, so nothing would keep two processes from writing one journal.");
        }
        return new DirectoryLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>.NET ignores a file system that cannot lock, and a setting that turns locking off.</summary>
    private static bool CanBeOpenedAgain(string path)
    {
        try
        {
            Open(path).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
