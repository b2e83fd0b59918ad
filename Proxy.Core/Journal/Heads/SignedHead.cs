using System.Security.Cryptography;
using System.Text;

namespace Proxy.Core.Journal.Heads;

/// <summary>A head and its signature: ECDSA P-256 over SHA-256 of the head's text, r and s in 32 bytes each.</summary>
/// <param name="Head">What is signed.</param>
/// <param name="KeyId">Names the key: see <see cref="HeadVerificationKey"/>.</param>
/// <param name="Signature">Of <see cref="JournalHead.SignedBytes"/>.</param>
public sealed record SignedHead(JournalHead Head, string KeyId, byte[] Signature)
{
    /// <summary>What the next head names this one by.</summary>
    public byte[] Digest => SHA256.HashData(Encoding.UTF8.GetBytes(ToString()));

    private const string SignaturePrefix = "signature ";

    /// <summary>The head's lines, then key and signature, then an empty line.</summary>
    public override string ToString() => $"{Head.Text}{SignaturePrefix}{KeyId} {Convert.ToBase64String(Signature)}\n\n";

    /// <summary>Reads heads as they follow each other in a text.</summary>
    /// <param name="text">As many as there are.</param>
    /// <param name="rest">How many bytes of the text, at its end, are no whole head: 0 in a file that was written to its end.</param>
    public static IReadOnlyList<SignedHead> ParseAll(ReadOnlySpan<byte> text, out int rest)
    {
        var heads = new List<SignedHead>();
        rest = text.Length;
        while (text.IndexOf("\n\n"u8) is var end and >= 0 && ParseWhole(text[..(end + 2)]) is { } head)
        {
            heads.Add(head);
            text = text[(end + 2)..];
            rest = text.Length;
        }
        return heads;
    }

    /// <summary>Null when this is not a head exactly as it is written, with its empty line.</summary>
    public static SignedHead? ParseWhole(ReadOnlySpan<byte> text) => Parse(Encoding.UTF8.GetString(text)) is { } head && IsCanonical(head, text) ? head : null;

    public static SignedHead? Parse(string text)
    {
        string[] lines = text.TrimEnd('\n').Split('\n');
        if (lines.Length != JournalHead.LineCount + 1 || JournalHead.Parse(lines.AsSpan(0, JournalHead.LineCount)) is not { } head)
            return null;
        string[] signature = lines[^1].Split(' ');
        byte[] bytes = new byte[HeadVerificationKey.SignatureBytes];
        if (signature.Length != 3 || signature[0] + " " != SignaturePrefix
            || !Convert.TryFromBase64String(signature[2], bytes, out int length) || length != bytes.Length)
        {
            return null;
        }
        return new SignedHead(head, signature[1], bytes);
    }

    /// <summary>What is read must be what would be written: a changed character that means the same is a change all the same.</summary>
    private static bool IsCanonical(SignedHead head, ReadOnlySpan<byte> text) => text.SequenceEqual(Encoding.UTF8.GetBytes(head.ToString()));
}
