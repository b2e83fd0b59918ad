using System.Security.Cryptography;

namespace Proxy.Core.Journal.Heads;

/// <summary>
/// The SHA-256 of each piece of 2,048 bytes of something long, of which the last may be shorter: what is hashed in its place. Pieces are there for the sake of speed alone:
/// sixteen of them are hashed at once where the processor can (<see cref="Sha256Lanes"/>).
/// </summary>
internal static class PieceDigests
{
    public const int PieceBytes = Sha256Lanes.TextBytes;

    /// <summary>What is hashed at once.</summary>
    public const int GroupBytes = Sha256Lanes.Lanes * PieceBytes;

    /// <summary>Room for the digests of a group.</summary>
    public const int DigestBytes = Sha256Lanes.Lanes * SHA256.HashSizeInBytes;

    /// <param name="bytes">A group, or what is left at the end.</param>
    /// <param name="digests">Has room for <see cref="DigestBytes"/>.</param>
    /// <returns>How many bytes of digests there are.</returns>
    public static int Write(ReadOnlySpan<byte> bytes, Span<byte> digests)
    {
        if (bytes.Length == GroupBytes && Sha256Lanes.IsUsed)
        {
            Sha256Lanes.Hash(bytes, digests);
            return DigestBytes;
        }
        int length = 0;
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(bytes.Length, PieceBytes)..])
        {
            NativeSha256.Hash(bytes[..Math.Min(bytes.Length, PieceBytes)], default, digests[length..]);
            length += SHA256.HashSizeInBytes;
        }
        return length;
    }
}
