using System.Buffers.Binary;
using System.Text;

namespace Proxy.Tests.Support;

/// <summary>Looks for many secrets at once in much memory: as texts in UTF-8 and UTF-16, and as bytes.</summary>
public sealed class SecretSearch
{
    private const int HeadBytes = sizeof(ulong);
    private const int ChunkBytes = 4 << 20;

    private readonly Dictionary<ulong, List<(string Name, byte[] Bytes)>> _byHead = [];
    private readonly bool[] _begins = new bool[1 << 16];
    private int _longest = HeadBytes;

    public SecretSearch Text(string name, string text) => Bytes($"{name} (UTF-8)", Encoding.UTF8.GetBytes(text)).Bytes($"{name} (UTF-16)", Encoding.Unicode.GetBytes(text));

    /// <summary>The parts of a compact JWS that only its holder has: the text of the whole, of the signature, and the signature itself.</summary>
    public SecretSearch Token(string name, string token)
    {
        var parts = token.Split('.');
        return Text($"{name}, payload", parts[1]).Text($"{name}, signature", parts[2]).Bytes($"{name}, signature decoded", System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]));
    }

    public SecretSearch Bytes(string name, byte[] bytes)
    {
        var head = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (!_byHead.TryGetValue(head, out var patterns))
            _byHead[head] = patterns = [];
        patterns.Add((name, bytes));
        _begins[(ushort)head] = true;
        _longest = Math.Max(_longest, bytes.Length);
        return this;
    }

    /// <summary>What is in the file, with the place and the printable neighbourhood of each.</summary>
    public async Task<List<string>> FindAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        return await FindAsync(stream);
    }

    public async Task<List<string>> FindAsync(Stream stream)
    {
        var found = new List<string>();
        var buffer = new byte[ChunkBytes];
        var (kept, position) = (0, 0L);
        while (await stream.ReadAsync(buffer.AsMemory(kept)) is > 0 and var read)
        {
            var length = kept + read;
            // A secret that begins in the last bytes is found with the next chunk.
            var end = Math.Max(0, length - _longest);
            Find(buffer.AsSpan(0, length), end, position, found);
            kept = length - end;
            buffer.AsSpan(end, kept).CopyTo(buffer);
            position += end;
        }
        Array.Clear(buffer, kept, buffer.Length - kept);
        Find(buffer.AsSpan(0, Math.Min(buffer.Length, kept + _longest)), kept, position, found);
        return found;
    }

    private void Find(ReadOnlySpan<byte> memory, int end, long position, List<string> found)
    {
        if (!memory.ContainsAnyExcept((byte)0))
            return; // What is reserved of a file and not written.
        for (var at = 0; at < end && at + HeadBytes <= memory.Length; at++)
        {
            if (!_begins[BinaryPrimitives.ReadUInt16LittleEndian(memory[at..])]
                || !_byHead.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(memory[at..]), out var patterns))
                continue;
            foreach (var (name, bytes) in patterns)
                if (memory[at..].StartsWith(bytes))
                    found.Add($"{name} at 0x{position + at:x}: {Printable(memory[Math.Max(0, at - 64)..at])}[…]{Printable(memory[(at + bytes.Length)..Math.Min(memory.Length, at + bytes.Length + 32)])}");
        }
    }

    private static string Printable(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, static (text, from) =>
    {
        for (var i = 0; i < from.Length; i++)
            text[i] = from[i] is > 0x20 and < 0x7F ? (char)from[i] : '·';
    });
}
