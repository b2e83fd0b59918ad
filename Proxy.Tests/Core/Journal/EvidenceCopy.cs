namespace Proxy.Tests.Core.Journal;

/// <summary>A copy of all files of a journal, to be tampered with or opened while the original is in use.</summary>
internal sealed class EvidenceCopy : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("phigate-copy-");

    public string Path => _directory.FullName;

    public static EvidenceCopy Of(string directory)
    {
        var copy = new EvidenceCopy();
        foreach (string file in Directory.GetFiles(directory).Where(file => !file.EndsWith("journal.lock", StringComparison.Ordinal)))
            File.Copy(file, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
        return copy;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
