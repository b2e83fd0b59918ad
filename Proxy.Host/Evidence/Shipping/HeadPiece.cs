namespace Proxy.Host.Evidence.Shipping;

/// <summary>The heads that were filed since a place in <c>journal.heads</c>, in a file of their own.</summary>
internal static class HeadPiece
{
    /// <summary>The last head of a piece is whole: what is behind it may be on its way to the disk, or be cut off.</summary>
    private const int TailBytes = 4096;

    /// <param name="headsPath">All heads.</param>
    /// <param name="from">Where the piece begins.</param>
    /// <param name="piecePath">What is written.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether there is any.</returns>
    /// <exception cref="IOException">The file has less than what was shipped of it, or the piece cannot be written.</exception>
    public static async Task<bool> WriteAsync(string headsPath, long from, string piecePath, CancellationToken cancellationToken)
    {
        await using var heads = new FileStream(headsPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (heads.Length < from) throw new IOException($"{headsPath} has {heads.Length} bytes, and {from} of it were shipped: this journal is not what it was.");
        heads.Position = from;
        await using var piece = new FileStream(piecePath, FileMode.Create, FileAccess.ReadWrite);
        await heads.CopyToAsync(piece, cancellationToken);
        var tail = new byte[Math.Min(TailBytes, piece.Length)];
        piece.Position = piece.Length - tail.Length;
        await piece.ReadExactlyAsync(tail, cancellationToken);
        var end = tail.AsSpan().LastIndexOf("\n\n"u8);
        piece.SetLength(end < 0 ? 0 : piece.Length - tail.Length + end + 2);
        return piece.Length > 0;
    }
}
