using System.IO.MemoryMappedFiles;
using Proxy.Core.Journal.Segments;

namespace Proxy.Tests.Core.Journal;

/// <summary>
/// A disk that keeps what was synced and forgets everything else: beside the journal it keeps the files as a power failure would leave them. A file has
/// a name after its directory was synced only, and of its content what was stored before the last sync began.
/// </summary>
internal sealed class ForgetfulDisk(string kept) : IDiskSync
{
    private readonly Lock _gate = new();
    private bool _hasFailed;

    /// <summary>How often content was synced.</summary>
    public int Syncs { get; private set; }

    public void Flush(string path, MemoryMappedViewAccessor mapping)
    {
        var content = Read(path);
        mapping.Flush();
        using var scope = _gate.EnterScope();
        var copy = Path.Combine(kept, Path.GetFileName(path));
        if (_hasFailed || !File.Exists(copy)) return;
        File.WriteAllBytes(copy, content);
        Syncs++;
    }

    public void FlushNames(string directory)
    {
        using var scope = _gate.EnterScope();
        if (_hasFailed) return;
        foreach (var path in Directory.GetFiles(directory, "segment-*.journal"))
            if (Path.Combine(kept, Path.GetFileName(path)) is var copy && !File.Exists(copy))
                File.WriteAllBytes(copy, Read(path));
    }

    public void LetGo(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
    }

    /// <summary>The power fails: from now on nothing is kept any more. Heads are synced as they are written.</summary>
    public void Fail(string directory)
    {
        using var scope = _gate.EnterScope();
        _hasFailed = true;
        foreach (var name in new[] { "journal.heads", "journal.tree" })
            if (File.Exists(Path.Combine(directory, name)))
                File.Copy(Path.Combine(directory, name), Path.Combine(kept, name));
    }

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
