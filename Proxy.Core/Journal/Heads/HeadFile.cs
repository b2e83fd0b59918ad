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

    /// <summary>Room for the last head and what a crash left of another: each has less than 700 bytes.</summary>
    public const int LastBytes = 4096;

    public string Path => System.IO.Path.Combine(directory, HeadsName);

    public bool Exists => File.Exists(Path);

    /// <inheritdoc cref="ReadLast(out long)"/>
    public SignedHead? ReadLast() => ReadLast(out _);

    /// <summary>
    /// The last whole head, without reading the others; null when there is none among the last <see cref="LastBytes"/>. What a crash left of one more is behind
    /// it: <paramref name="torn"/> bytes; all of the file when there is no head.
    /// </summary>
    public SignedHead? ReadLast(out long torn)
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] end = new byte[Math.Min(LastBytes, file.Length)];
        file.Position = file.Length - end.Length;
        file.ReadExactly(end);
        ReadOnlySpan<byte> rest = end;
        while (rest.LastIndexOf("\n\n"u8) is var last and >= 0)
        {
            int before = rest[..last].LastIndexOf("\n\n"u8);
            if (SignedHead.ParseWhole(rest[(before < 0 ? 0 : before + 2)..(last + 2)]) is { } head)
            {
                torn = end.Length - (last + 2);
                return head;
            }
            rest = rest[..(before < 0 ? 0 : before + 2)];
        }
        torn = file.Length;
        return null;
    }

    /// <summary>Cuts off what a crash left of a head, so that the next one begins on a line of its own.</summary>
    public void CutTorn(long bytes)
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
