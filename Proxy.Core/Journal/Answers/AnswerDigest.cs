using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Proxy.Core.Journal.Heads;

namespace Proxy.Core.Journal.Answers;

/// <summary>
/// What stands for an answer in the record: the SHA-256 of an answer of up to 2,048 bytes; of a longer one, the SHA-256 of the digests of its pieces
/// (<see cref="PieceDigests"/>). How long the answer was stands in the record, too, so one digest cannot be both. SHA-256 of the whole was a fifth of what a long
/// result cost. Begins anew with each <see cref="Finish"/>. Not for two threads at a time.
/// </summary>
public sealed class AnswerDigest : IDisposable
{
    private readonly StreamedSha256 _hash = new(); // Of the first piece, and when there are more, of all pieces' digests.
    private int _first; // Bytes of the first piece.
    private byte[]? _group; // Behind the first piece: what is less than a group.
    private int _grouped;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_group is null)
        {
            var count = Math.Min(bytes.Length, PieceDigests.PieceBytes - _first);
            _hash.Append(bytes[..count]);
            _first += count;
            bytes = bytes[count..];
            if (bytes.IsEmpty)
                return;
            BeginPieces();
        }
        if (_grouped > 0)
        {
            var count = Math.Min(bytes.Length, PieceDigests.GroupBytes - _grouped);
            bytes[..count].CopyTo(_group.AsSpan(_grouped));
            _grouped += count;
            bytes = bytes[count..];
            if (_grouped < PieceDigests.GroupBytes)
                return;
            HashPieces(_group.AsSpan(0, PieceDigests.GroupBytes));
            _grouped = 0;
        }
        for (; bytes.Length >= PieceDigests.GroupBytes; bytes = bytes[PieceDigests.GroupBytes..])
            HashPieces(bytes[..PieceDigests.GroupBytes]);
        bytes.CopyTo(_group);
        _grouped = bytes.Length;
    }

    /// <param name="destination">Gets 32 bytes.</param>
    public void Finish(Span<byte> destination)
    {
        if (_group is not null)
        {
            HashPieces(_group.AsSpan(0, _grouped));
            ReturnGroup();
        }
        _hash.Finish(destination);
        _first = 0;
    }

    public void Dispose()
    {
        ReturnGroup();
        _hash.Dispose();
        _first = 0;
    }

    public override string ToString() => nameof(AnswerDigest);

    private void BeginPieces()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.Finish(digest);
        _hash.Append(digest);
        _group = ArrayPool<byte>.Shared.Rent(PieceDigests.GroupBytes);
    }

    [SkipLocalsInit]
    private void HashPieces(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digests = stackalloc byte[PieceDigests.DigestBytes];
        _hash.Append(digests[..PieceDigests.Write(bytes, digests)]);
    }

    /// <summary>It held what was answered.</summary>
    private void ReturnGroup()
    {
        if (_group is not { } group)
            return;
        _group = null;
        _grouped = 0;
        group.AsSpan(0, PieceDigests.GroupBytes).Clear();
        ArrayPool<byte>.Shared.Return(group);
    }
}
