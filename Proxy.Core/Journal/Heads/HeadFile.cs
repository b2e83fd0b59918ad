using System.Globalization;
using System.Text;

namespace Proxy.Core.Journal.Heads;

/// <summary>
/// <c>journal.heads</c>, every head that was ever signed, and <c>journal.tree</c>, the edge of the tree at the last one. The second only saves
/// reading the whole journal again at the next start: it proves nothing, and is made anew when it does not fit.
/// </summary>
internal sealed class HeadFile(string directory)
{
    private const string HeadsName = "journal.heads";
    private const string TreeName = "journal.tree";

    /// <summary>Room for two heads, of less than 700 bytes each.</summary>
    private const int LastBytes = 2048;

    public string Path => System.IO.Path.Combine(directory, HeadsName);

    public bool Exists => File.Exists(Path);

    /// <summary>All whole heads. A head that was torn by a crash is the last and is left out: <paramref name="torn"/> says how long it is.</summary>
    public IReadOnlyList<SignedHead> Read(out int torn) => SignedHead.ParseAll(File.ReadAllBytes(Path), out torn);

    /// <summary>The last whole head, without reading the others; null when there is none.</summary>
    public SignedHead? ReadLast()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] end = new byte[Math.Min(LastBytes, file.Length)];
        file.Position = file.Length - end.Length;
        file.ReadExactly(end);
        string[] heads = Encoding.UTF8.GetString(end).Split("\n\n");
        return heads.Length < 2 ? null : SignedHead.Parse(heads[^2]);
    }

    /// <summary>Cuts off what a crash left of a head, so that the next one begins on a line of its own.</summary>
    public void CutTorn(int bytes)
    {
        using FileStream file = new(Path, FileMode.Open, FileAccess.Write, FileShare.Read);
        file.SetLength(file.Length - bytes);
        file.Flush(flushToDisk: true);
    }

    public void Append(SignedHead head, TreeState state)
    {
        using (FileStream file = Open(Path, FileMode.Append))
        {
            file.Write(Encoding.UTF8.GetBytes(head.ToString()));
            file.Flush(flushToDisk: true);
        }
        string tree = System.IO.Path.Combine(directory, TreeName);
        using (FileStream file = Open(tree + ".new", FileMode.Create))
            file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{state.Size} {Convert.ToBase64String(state.Edge)}\n")));
        File.Move(tree + ".new", tree, overwrite: true);
    }

    /// <summary>A tree with the root of this head, or null when the file does not give one.</summary>
    public bool TryRestore(JournalHead head, EntryChain chain)
    {
        string path = System.IO.Path.Combine(directory, TreeName);
        string[] parts = File.Exists(path) ? File.ReadAllText(path).TrimEnd('\n').Split(' ') : [];
        byte[] edge = new byte[64 * MerkleTree.HashBytes];
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long size) || size != head.Size
            || !Convert.TryFromBase64String(parts[1], edge, out int length) || !chain.Tree.Restore(size, edge.AsSpan(0, length))
            || !chain.Tree.Root().AsSpan().SequenceEqual(head.Root))
        {
            return false;
        }
        chain.Restore(head.Chain);
        return true;
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
