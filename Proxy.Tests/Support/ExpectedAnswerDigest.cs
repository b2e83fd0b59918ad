using System.Security.Cryptography;

namespace Proxy.Tests.Support;

/// <summary>The digest of an answer as docs/journal-format.md says it, for whoever has the bytes.</summary>
internal static class ExpectedAnswerDigest
{
    private const int PieceBytes = 2048;

    public static byte[] Of(ReadOnlySpan<byte> answer) =>
        answer.Length <= PieceBytes ? SHA256.HashData(answer) : SHA256.HashData([.. answer.ToArray().Chunk(PieceBytes).SelectMany(SHA256.HashData)]);
}
